"""Undo takes back what a job made, leaves what people have made of it since, and says so."""

from collections.abc import Callable

import pytest

from bot.decisions import ASKED_BEFORE, STAYS
from cards.job_card import AGAIN, LEFT, OPEN, PARTLY_UNDONE, SHOW_ALL, TAKEN_BACK, UNDO
from cards.job_result import PARTLY_UNDONE as TOLD_PARTLY
from cards.job_result import UNDONE as TOLD
from errors.asking import BeingUndone, NothingToUndo
from errors.work import ChangedSince, HoldsMore, RenamedSince
from kakari.demo.person import Json, buttons_of, text_of
from kakari.demo.proof import prove
from ledger.models import JobState
from tests.scenario.room import (
    DONE,
    UNDONE,
    WAITING,
    Room,
    job_of,
    lines_of,
    links_of,
    register,
    steps_of,
)
from tests.scenario.shelf import Shelf

FILES = {"図面/01.md": "01", "図面/02.md": "02", "見積/明細.md": "¥", "記録/a.md": "a"}
EFFECTS = 8


@pytest.fixture
def shelf(room: Room) -> Shelf:
    return Shelf(room.stack)


@pytest.fixture
def template(passing_template: Callable[..., str]) -> str:
    return passing_template(FILES)


def made(room: Room, template: str) -> Json:
    """Have Bob ask for a project and apply it; return its card when it is there."""
    card = room.plan(room.bob, template)
    room.apply(room.bob, card)
    room.result(card)
    return room.card("Suzuki", DONE)


def test_a_project_is_taken_back_whole_and_its_number_stays_in_the_register_as_void(
    room: Room, template: str, shelf: Shelf
) -> None:
    card = made(room, template)
    number = room.number(card)
    everything = shelf.project(number)
    assert len(everything) == EFFECTS
    assert register(room, card).void_at is None

    dialog, another = (each.tap(card, UNDO.en)["dialog"] for each in (room.alice, room.bob))
    assert lines_of(dialog) == everything
    assert STAYS.ja in text_of(dialog)
    assert shelf.project(number) == everything, "to look at it takes nothing back"
    room.alice.send(dialog, {})
    undone = room.card("Suzuki", "taken back by")
    assert shelf.project(number) == []
    assert TAKEN_BACK.say("en", undone=EFFECTS) in text_of(undone)
    assert "Alice 佐藤" in text_of(undone)
    told = TOLD.say("en", subject=f"{number} Suzuki", undone=EFFECTS)
    assert told in text_of(room.result(card, end=2))
    assert register(room, card).void_at is not None
    assert OPEN.en not in buttons_of(undone), "there is nothing to open"

    late = room.heard(room.bob, room.bob.send(another, {}))
    assert NothingToUndo().say("en") in late
    assert room.job(card).state == JobState.UNDONE


def test_what_was_taken_back_can_be_asked_for_again_and_is_a_new_project(
    room: Room, template: str, shelf: Shelf
) -> None:
    first = made(room, template)
    room.confirm(room.bob, first, UNDO.en)
    undone = room.card("Suzuki", "taken back by")
    room.alice.tap(undone, AGAIN.en)
    said = room.heard(room.bob, room.bob.tap(undone, AGAIN.en))
    assert ASKED_BEFORE.say("en") in said
    second = room.card("Suzuki", WAITING)
    room.apply(room.alice, second)
    room.result(second)
    room.card("Suzuki", DONE)
    assert register(room, second).number > register(room, first).number
    ids = [{step.effect.data["id"] for step in steps_of(room, card)} for card in (first, second)]
    assert not ids[0] & ids[1]
    assert [f.text for f in prove(room.stack.settings, job_of(second)) if not f.true] == []


def test_what_people_have_changed_or_added_since_stays_and_the_card_says_why(
    room: Room, template: str, shelf: Shelf
) -> None:
    card = room.plan(room.alice, template)
    room.apply(room.alice, card)
    room.result(card)
    card = room.card("Suzuki", DONE)
    number = room.number(card)
    ids = {step.effect.data["name"]: step.effect.data["id"] for step in steps_of(room, card)}
    shelf.rename(ids["01.md"], "01 改.md")
    shelf.edit(ids["明細.md"])
    shelf.add(ids["記録"], "議事録.txt")

    room.confirm(room.bob, card, UNDO.ja)
    undone = room.card("Suzuki", UNDONE)
    top = f"{number} Suzuki"
    stays = [top, "01 改.md", "図面", "明細.md", "見積", "記録", "議事録.txt"]
    assert shelf.project(number) == sorted(stays)
    text = text_of(undone)
    assert PARTLY_UNDONE.ja in text
    assert LEFT.ja in text
    reasons = [
        RenamedSince(name="01.md", now="01 改.md"),
        ChangedSince(name="明細.md"),
        *(HoldsMore(name=name) for name in ("図面", "見積", "記録", top)),
    ]
    assert [reason.say("ja") for reason in reasons if reason.say("ja") not in text] == []
    told = TOLD_PARTLY.say("ja", subject=top, undone=2, left=6)
    assert told in text_of(room.result(card, end=2))
    assert links_of(undone) == links_of(card), "what is still there can be opened"

    everything = text_of(room.bob.tap(undone, SHOW_ALL.say("ja", n=EFFECTS))["dialog"])
    assert reasons[0].say("en") in everything, "each in the language of who looks"
    assert everything.count("↩") == 2


def test_of_two_who_say_yes_to_an_undo_one_hears_that_it_is_on_its_way(
    room: Room, template: str
) -> None:
    card = made(room, template)
    dialogs = [person.tap(card, UNDO.en)["dialog"] for person in (room.alice, room.bob)]
    room.stack.processes.stop("valkey")
    try:
        room.alice.send(dialogs[0], {})
        late = room.heard(room.bob, room.bob.send(dialogs[1], {}))
    finally:
        room.stack.start_valkey()
    assert BeingUndone().say("en") in late
    assert "Alice 佐藤" in text_of(room.card("Suzuki", "taken back by"))
