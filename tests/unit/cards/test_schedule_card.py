"""The schedule and its questions fit on a phone, however many there are."""

import json
from datetime import date, timedelta

import pytest

from cards import questions as q
from cards import widgets as w
from cards.questions import Choice, Question
from cards.schedule_card import ON_PAGE, Agenda, Item, schedule_card
from kakari.demo.person import buttons_of, text_of

TODAY = date(2026, 11, 25)
TURN = w.Action("https://bot.example", "schedule")


def items(count: int, due: date) -> tuple[Item, ...]:
    return tuple(
        Item(f"P-{n}", f"金型<{n}>", "鈴木製作所" * 5, "佐藤", "進行中", due) for n in range(count)
    )


def agenda(late: int, week: int) -> Agenda:
    overdue = items(late, TODAY - timedelta(days=3))
    return Agenda(TODAY, overdue, items(week, TODAY), (("佐藤", late), ("", week)))


def fits(card: w.Card) -> bool:
    widgets = sum(len(section["widgets"]) for section in card["sections"])
    size = len(json.dumps(card, ensure_ascii=False).encode())
    return widgets <= w.CARD_WIDGETS and size <= w.CARD_BYTES


def test_what_is_late_comes_first_and_who_has_it_last() -> None:
    shown = text_of(schedule_card("Kakari", agenda(1, 1), 0, "ja", TURN))
    late, today, people = (shown.index(words) for words in ("3 日遅れ", "本日", "佐藤: 1 件"))
    assert late < today < people
    assert "担当なし: 1 件" in shown
    assert "金型&lt;0&gt;" in shown, "nobody's text is markup"


def test_nothing_due_is_good_news() -> None:
    assert "Nothing is overdue" in text_of(schedule_card("Kakari", agenda(0, 0), 0, "en", TURN))


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_many_are_paged_and_each_is_shown_once(locale: str) -> None:
    whole = agenda(45, 30)
    seen: list[str] = []
    for page in range(4):
        card = schedule_card("Kakari", whole, page, locale, TURN)
        assert fits(card)
        lines = [
            each["decoratedText"]["text"]
            for s in card["sections"]
            for each in s["widgets"]
            if "decoratedText" in each
        ]
        assert len(lines) <= ON_PAGE
        seen += lines
        assert len(buttons_of(card)) == (1 if page in (0, 3) else 2)
    assert len(seen) == 75


def test_a_card_shows_a_few_questions_and_a_dialog_the_rest() -> None:
    yes, no = (Choice(label, "answer", {"answer": label}) for label in ("yes", "no"))
    many = [Question(f"Is <{n}> so?", (yes, no)) for n in range(40)]
    few = q.section(many, "en", "https://bot.example", {"job": "j"})
    assert "36 more questions…" in buttons_of({"sections": [few]})
    seen = ""
    for page in range(3):
        card = q.page_card("Sheet", many, page, "en", "https://bot.example", {"job": "j"})
        assert fits(card)
        seen += text_of(card)
    assert all(f"Is &lt;{n}&gt; so?" in seen for n in range(40))
