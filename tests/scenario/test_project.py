"""The main way: asked for in Chat, looked at on a card, approved, made, told."""

from collections.abc import Iterator

import pytest
import requests

from bot.forms import ACCEPTED
from cards.job_card import APPLIED_BY, APPLY, DISCARD, DISCARDED, EDIT, HEADLINES
from kakari.demo.conversation import PAGES
from kakari.demo.person import buttons_of, fields_of, text_of
from kakari.demo.proof import prove
from kakari.demo.stack import Stack
from tests.scenario.room import DONE, JAPANESE, WAITING, Room, job_of, links_of

NAME = PAGES[0]["name"]
ADDON = {"wire": "addon", "audience": None}
CLASSIC = {"wire": "classic", "audience": "project-number"}


@pytest.fixture(params=[ADDON, CLASSIC], ids=["addon", "classic"])
def wire(request: pytest.FixtureRequest, stack: Stack) -> Iterator[None]:
    """Let Chat speak either of its two formats."""
    stack.control("app", request.param)
    yield
    stack.control("app", ADDON)


@pytest.mark.usefixtures("wire")
def test_a_project_is_asked_for_looked_at_approved_made_and_told_in_the_thread(room: Room) -> None:
    first = room.alice.say("/project")
    assert fields_of(first["dialog"]) == ["name", "customer", "template"]
    questions = room.alice.send(first["dialog"], PAGES[0])
    assert "part_name" in fields_of(questions["dialog"])
    assert "hardness" not in fields_of(questions["dialog"])
    only_with_heat_treatment = room.alice.send(questions["dialog"], PAGES[1])
    assert fields_of(only_with_heat_treatment["dialog"]) == ["hardness", "heat_treatment_shop"]
    end = room.alice.send(only_with_heat_treatment["dialog"], PAGES[2])
    assert end["closed"]
    assert end["notice"] == ACCEPTED.ja

    card = room.card(NAME, WAITING)
    plan = text_of(card)
    assert "フォルダ14件、ファイル16件" in plan
    assert "P-####-#### フロントグリル金型" in plan
    assert buttons_of(card)[:3] == [APPLY.ja, EDIT.ja, DISCARD.ja]

    tapped = room.apply(room.alice, card)
    assert [m["name"] for m in tapped["messages"]] == [card["name"]]
    result = room.result(card)
    done = room.card(NAME, DONE)
    assert "フロントグリル金型" in text_of(result)
    assert "フォルダ14件、ファイル16件" in text_of(result)
    (link,) = {*links_of(result), *links_of(done)}
    assert requests.get(link, timeout=10).ok
    assert APPLIED_BY.say("ja", who="Alice 佐藤") in text_of(done)

    command = room.alice.messages()[0]
    threads = {message["thread"]["name"] for message in (command, card, result, done)}
    assert len(threads) == 1
    assert len(room.messages()) == 2, "one card, one result"
    assert [f.text for f in prove(room.stack.settings, job_of(card)) if not f.true] == []


def test_bob_reads_all_of_it_in_english_where_alice_reads_japanese(room: Room) -> None:
    outcome = room.bob.say("/project")
    form = text_of(outcome["dialog"])
    assert "Project name" in form
    assert not JAPANESE.search(form)
    page = room.bob.send(outcome["dialog"], {"template": "web-agency", "name": "Relaunch"})
    assert "Site name" in text_of(page["dialog"])
    outcome = room.bob.send(page["dialog"], {"maintenance": ""})
    assert outcome["notice"] == ACCEPTED.en

    card = room.card("Relaunch", WAITING)
    assert HEADLINES["waiting"].en in text_of(card)
    assert buttons_of(card)[:3] == [APPLY.en, EDIT.en, DISCARD.en]
    # Alice looks at it in her own language: what she opens is for her alone.
    everything = room.alice.tap(card, "Show all")["dialog"]
    assert "件目" in text_of(everything)
    room.bob.tap(card, DISCARD.en)
    discarded = room.card("Relaunch", "cancel")
    assert DISCARDED.en in text_of(discarded)
    said = text_of(discarded).replace("Alice 佐藤", "")
    assert not JAPANESE.search(said), said
