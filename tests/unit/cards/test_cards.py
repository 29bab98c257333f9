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
    english = replace(VIEW, state=state, failure="It failed." if state == "failed" else None)
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
