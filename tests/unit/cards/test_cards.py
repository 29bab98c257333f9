"""Cards stay within what Chat shows, in one language, and never act on what people typed."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.job_card import HEADLINES, JobView, card_message
from cards.job_result import result_message
from cards.lists import page_card, pages
from cards.sentences import Noun
from cards.widgets import CARD_BYTES, CARD_WIDGETS, Action, Card, escape, escape_markup

URL = "https://kakari.example.com/chat"
JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
TURN = Action(URL, "show", {"job": "j1"})
VIEW = JobView(
    job="j1",
    task="project",
    title="Project",
    subject="Suzuki",
    state="waiting",
    locale="en",
    asker="Bob",
    plan_hash="p1",
    summary="2 folders",
    lines=("📁 P-####-#### Suzuki", "\u3000📁 Drawings"),
    done=1,
    total=2,
    link="https://drive.example.com/x",
    decided_by="Alice",
    approvers=("Alice",),
)
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=120)


def size(card: Card) -> int:
    return len(json.dumps(card, ensure_ascii=False).encode())


def widgets(card: Card) -> int:
    return sum(len(section["widgets"]) for section in card["sections"])


@pytest.mark.parametrize("state", HEADLINES)
def test_a_card_speaks_one_language_in_every_state(state: str) -> None:
    english = replace(
        VIEW,
        state=state,
        failure="It failed." if state == "failed" else None,
        cancelled_by="Charlie" if state == "cancelled" else None,
    )
    assert not JAPANESE.search(json.dumps(card_message(english, URL), ensure_ascii=False))
    japanese = card_message(replace(english, locale="ja"), URL)
    assert HEADLINES[state].ja in json.dumps(japanese, ensure_ascii=False)
    assert HEADLINES[state].en not in json.dumps(japanese, ensure_ascii=False)


@pytest.mark.parametrize("state", HEADLINES)
def test_a_card_of_the_largest_plan_is_small(state: str) -> None:
    lines = tuple(f"📄 {'&' * 120}{number}" for number in range(10_000))
    message = card_message(replace(VIEW, state=state, lines=lines), URL)
    (card,) = message["cardsV2"]
    assert size(card) < CARD_BYTES / 2
    assert widgets(card["card"]) < CARD_WIDGETS


def test_a_card_that_shows_the_whole_plan_offers_no_list_of_it() -> None:
    few, many = (replace(VIEW, lines=("📁 a",) * n) for n in (8, 9))
    assert "Show all" not in str(card_message(few, URL))
    assert "Show all (9)" in str(card_message(many, URL))
    assert "Show all (8)" in str(card_message(replace(few, state="done"), URL))


@pytest.mark.parametrize(
    ("state", "done", "said"),
    [
        ("cancelled", 1, "stopped by Charlie after 1 of 2. On the card, “Go on” does the rest"),
        ("cancelled", 0, "stopped by Charlie before anything was made."),
        ("undone", 0, "taken back (2)."),
    ],
)
def test_a_result_says_what_is_there_and_what_can_be_done(state: str, done: int, said: str) -> None:
    view = replace(VIEW, state=state, done=done, undone=2, cancelled_by="Charlie", begun=True)
    assert f"Suzuki: {said}" in str(result_message(view))


def test_what_failed_before_anything_was_approved_is_tried_again_and_does_not_go_on() -> None:
    view = replace(VIEW, state="failed", failure="It failed.", done=0, can_retry=True)
    for begun, label in ((False, "Try again"), (True, "Go on")):
        shown = replace(view, begun=begun)
        assert f"{label}…" in str(card_message(shown, URL))
        assert f"“{label}” on the card" in str(result_message(shown))


@given(st.lists(NAMES, min_size=1, max_size=200))
def test_every_line_of_a_list_is_on_one_page_that_chat_shows(lines: list[str]) -> None:
    assert [line for page in pages(lines) for line in page] == lines
    for number, page in enumerate(pages(lines)):
        card = page_card("Project: Suzuki", lines, number, "en", TURN)
        assert size(card) <= CARD_BYTES
        shown = card["sections"][0]["widgets"][0]["textParagraph"]["text"]
        assert shown == "<br>".join(escape(line) for line in page)


@pytest.mark.parametrize("page", [-1, 0, 1, 2, 99_999])
def test_a_page_that_is_not_there_is_the_nearest_one(page: int) -> None:
    lines = [str(number) for number in range(100)]
    card = page_card("Project", lines, page, "en", TURN)
    first = "1–60 of 100" if page < 1 else "61–100 of 100"
    assert card["sections"][0]["header"] == first


def test_what_people_typed_does_not_act_on_the_card() -> None:
    evil = '<a href="https://evil.example">Apply</a> & <users/all>'
    view = replace(VIEW, subject=evil, failure=evil, lines=(evil,), state="failed")
    (card,) = card_message(view, URL)["cardsV2"]
    shown = json.dumps(card["card"]["sections"], ensure_ascii=False)
    assert "<a" not in shown
    assert "<users" not in shown
    (told,) = result_message(view)["cardsV2"]
    text = told["card"]["sections"][0]["widgets"][0]["decoratedText"]["text"]
    assert escape(evil) in text
    assert "<" not in text
    assert "<" not in escape_markup(evil)


def test_nouns_are_counted_as_each_language_does() -> None:
    folders = Noun("{n} folder", "{n} folders", "フォルダ{n}件")
    counted = [folders.count(n, locale) for n in (1, 2) for locale in ("en-GB", "ja-JP")]
    assert counted == ["1 folder", "フォルダ1件", "2 folders", "フォルダ2件"]


def test_a_person_who_has_to_look_is_told_why_and_nothing_that_is_not_known() -> None:
    view = replace(VIEW, state="unsure", failure="Please look.", done=0, can_retry=True)
    assert "Suzuki: Please look." in str(result_message(view))
    card = str(card_message(view, URL))
    assert "Please look." in card
    assert "Go on…" in str(card_message(replace(view, begun=True), URL))
    assert "Nothing was made" not in card


def test_a_card_says_where_nobody_has_asked() -> None:
    header = card_message(replace(VIEW, asker=""), URL)["cardsV2"][0]["card"]["header"]
    assert header["subtitle"] == "by itself"
