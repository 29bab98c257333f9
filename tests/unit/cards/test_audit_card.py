"""The audit on cards: a word for everything, and all of it within what Chat shows."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.audit_card import LATEST, NONE, WORDS, Entry, Past, list_card, record_card
from cards.widgets import CARD_BYTES, CARD_WIDGETS, Action, Card, escape
from kakari.demo.person import buttons_of, text_of
from ledger.audit import What

URL = "https://kakari.example.com/chat"
TURN = Action(URL, "audit", {"job": "j1"}, opens_dialog=True)
PAST = Past(
    job="j1",
    title="Project: P-2026-0001 Suzuki",
    state="done",
    asker="Alice",
    approved_by=("Bob", "Charlie"),
    outcomes={"effect.done": 14, "effect.failed": 1},
    link="https://drive.example.com/r",
)
EVIL = '<a href="https://evil.example">Open</a> & <users/all>'
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=500)
ENTRIES = st.builds(
    Entry,
    at=st.just("2026-11-22 18:30"),
    what=st.sampled_from(What),
    who=NAMES | st.none(),
    plan=st.just("3fa9c1d2" * 8) | st.none(),
    effect=st.text("a&あ", min_size=1, max_size=800) | st.none(),
    why=NAMES | st.none(),
    link=st.just("https://drive.example.com/d?a=1&b=2") | st.none(),
)


def size(card: Card) -> int:
    return len(json.dumps(card, ensure_ascii=False).encode())


def test_people_have_a_word_for_everything_that_is_noted() -> None:
    assert WORDS.keys() == {what.value for what in What}


def test_the_list_tells_who_asked_who_approved_and_how_many_effects_came_to_what() -> None:
    card = list_card("Kakari", [PAST], "en", URL, more=False)
    told = text_of(card)
    for said in (PAST.title, "asked by Alice", "applied by Bob", "applied by Charlie", "Done"):
        assert said in told
    assert "Carried out: 14 · Not carried out: 1" in told
    assert buttons_of(card) == ["Show the record", "Open"]


def test_an_empty_list_and_a_cut_one_say_so() -> None:
    assert NONE.ja in text_of(list_card("Kakari", [], "ja", URL, more=False))
    cut = text_of(list_card("Kakari", [PAST] * 10, "ja", URL, more=True))
    assert LATEST.say("ja", n=10) in cut


def test_a_list_of_the_longest_names_holds_as_many_jobs_as_there_is_room_for() -> None:
    name = "&" * 500
    past = replace(PAST, title="&" * 200, asker=name, approved_by=[name] * 2)
    card = list_card("Kakari", [past] * 10, "ja", URL, more=False)
    assert size(card) < CARD_BYTES
    shown = len(card["sections"]) - 1
    assert 0 < shown < 10
    assert LATEST.say("ja", n=shown) in text_of(card)


def test_a_note_is_one_line_with_all_there_is_to_say() -> None:
    entry = Entry(
        at="2026-11-22 18:30",
        what="effect.failed",
        effect="📁 図面",
        why="空きがありません。",
        link="https://drive.example.com/d",
    )
    approved = Entry("2026-11-22 18:29", "approved", who="Bob", plan="3fa9c1d2" * 8)
    told = text_of(record_card("案件", [approved, entry], 0, "ja", TURN))
    link = '<a href="https://drive.example.com/d">開く</a>'
    assert "2026-11-22 18:29 承認 · Bobさん · 内容 3fa9c1d2\n" in told
    assert f"\n2026-11-22 18:30 実行できず · 📁 図面 · 空きがありません。 · {link}\n" in told


@settings(deadline=None)
@given(st.lists(ENTRIES, min_size=1, max_size=150))
def test_every_note_is_on_one_page_that_chat_shows(record: list[Entry]) -> None:
    told, page = 0, 0
    while True:
        card = record_card("Project", record, page, "en", TURN)
        assert size(card) <= CARD_BYTES
        assert sum(len(section["widgets"]) for section in card["sections"]) <= CARD_WIDGETS
        told += card["sections"][0]["widgets"][0]["textParagraph"]["text"].count("2026-11-22 18:30")
        page += 1
        if "Next page" not in buttons_of(card):
            break
    assert told == len(record)


@pytest.mark.parametrize("where", ["who", "effect", "why", "link"])
def test_what_people_wrote_does_not_act_on_the_record(where: str) -> None:
    entry = replace(Entry("2026-11-22 18:30", "effect.done"), **{where: EVIL})
    card = record_card("Project", [entry], 0, "en", TURN)
    text = card["sections"][0]["widgets"][0]["textParagraph"]["text"]
    assert escape(EVIL) in text
    assert "<" not in text


def test_a_link_cannot_end_its_own_address() -> None:
    entry = Entry("2026-11-22 18:30", "effect.done", link='https://x/"><a href="https://evil')
    text = text_of(record_card("Project", [entry], 0, "en", TURN))
    assert text.count("<a ") == 1
    assert 'href="https://x/&quot;&gt;&lt;a href=&quot;https://evil"' in text


def test_what_people_wrote_does_not_act_on_the_list() -> None:
    past = replace(PAST, title=EVIL, asker=EVIL, approved_by=(EVIL,))
    (section,) = list_card("Kakari", [past], "en", URL, more=False)["sections"]
    title, people, _ = section["widgets"]
    assert escape(EVIL) in title["decoratedText"]["text"]
    assert people["textParagraph"]["text"].count(escape(EVIL)) == 2
    assert "<" not in json.dumps(section).replace("<br>", "")
