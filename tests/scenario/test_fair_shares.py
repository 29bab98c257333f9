"""Whatever one person asks for, others are told as soon; and nobody has more open than may be."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.decisions import ASKED_BEFORE
from bot.forms import ACCEPTED, BEFORE
from cards.job_card import AGAIN, DISCARD
from errors.asking import TooManyOpen
from kakari.demo.person import Json, text_of
from kakari.demo.stack import Stack
from simulator.office import ALICE, BOB, CHARLIE
from tests.forked.nursery import Nursery
from tests.scenario.google import Google
from tests.scenario.room import CANCELLED, WAITING, Room

FLOOD = 40
MOST = 3


def new_room(stack: Stack) -> Room:
    space = f"spaces/ROOM{secrets.token_hex(4)}"
    members = [ALICE.name, BOB.name, CHARLIE.name]
    stack.control("spaces", {"name": space, "display_name": "案件", "members": members})
    return Room(stack, space)


def results(room: Room) -> int:
    ids = [message.get("clientAssignedMessageId", "") for message in room.messages()]
    return sum(each.endswith("-result") for each in ids)


def test_a_flood_of_reminders_in_one_space_holds_nobody_up_in_another(room: Room) -> None:
    """Ten of them would take longer to tell than the reminder of somebody else."""
    elsewhere = new_room(room.stack)
    for number in range(FLOOD):
        elsewhere.alice.say(f"/remind 1 {number}")
    room.bob.say("/remind 1 tea")
    room.result(room.card("tea"))
    assert results(elsewhere) < FLOOD / 2


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, templates: Path) -> Iterator[Stack]:
    """An installation in which a person may have three requests open."""
    folder = tmp_path_factory.mktemp("small")
    stack = Stack(folder, templates=str(templates), workers=1, open_requests=str(MOST))
    stack.processes = Nursery(stack.processes.logs)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def full(small: Stack) -> Iterator[tuple[Room, list[Json]]]:
    """A space in which Alice has all open that she may; afterwards nothing is."""
    room = new_room(small)
    cards = [room.memo(room.alice, f"鈴木邸{number}") for number in range(MOST)]
    yield room, cards
    for card in room.messages():
        if DISCARD.ja in text_of(card):
            room.alice.tap(card, DISCARD.ja)


def test_in_a_form_what_was_typed_stays_until_there_is_room(
    full: tuple[Room, list[Json]],
) -> None:
    room, cards = full
    typed = {"template": "memo", "name": "田中邸"}
    refused = room.ask(room.alice, typed)
    assert not refused["closed"]
    shown = text_of(refused["dialog"])
    assert TooManyOpen(n=MOST).say("ja") in shown
    assert "田中邸" in shown
    assert len(room.jobs()) == MOST
    room.alice.tap(cards[0], DISCARD.ja)
    room.card("鈴木邸0", CANCELLED)
    accepted = room.alice.send(refused["dialog"], typed)
    assert accepted["notice"] == ACCEPTED.ja
    room.card("田中邸", WAITING)


def test_a_form_that_is_sent_twice_is_one_request_also_where_there_is_no_more_room(
    full: tuple[Room, list[Json]],
) -> None:
    room, cards = full
    google = Google(room.stack)
    room.alice.tap(cards[0], DISCARD.ja)
    room.card("鈴木邸0", CANCELLED)
    dialog = room.alice.say("/project")["dialog"]
    typed = {"template": "memo", "name": "田中邸"}
    accepted = room.alice.send(dialog, typed)
    assert accepted["notice"] == ACCEPTED.ja
    room.alice.redeliver(accepted["event"])
    said = google.once_more(accepted["event"], "2026-01-01T00:00:00Z")
    assert BEFORE.ja in str(said)
    room.card("田中邸", WAITING)
    assert len(room.jobs()) == MOST + 1


def test_one_line_is_refused_in_one_sentence_to_who_typed_it(
    full: tuple[Room, list[Json]],
) -> None:
    room, _ = full
    told = room.heard(room.alice, room.alice.say("/remind 1 お茶"))
    assert told == TooManyOpen(n=MOST).say("ja")
    assert "Kakari" not in room.heard(room.bob, room.bob.say("/remind 1 tea"))
    room.result(room.card("tea"))
    assert len(room.jobs()) == MOST + 1


def test_what_was_discarded_is_asked_for_again_once_there_is_room(
    full: tuple[Room, list[Json]],
) -> None:
    room, cards = full
    room.alice.tap(cards[0], DISCARD.ja)
    discarded = room.card("鈴木邸0", CANCELLED)
    room.memo(room.alice, "田中邸")
    told = room.heard(room.alice, room.alice.tap(discarded, AGAIN.ja))
    assert TooManyOpen(n=MOST).say("ja") in told
    room.alice.tap(cards[1], DISCARD.ja)
    room.card("鈴木邸1", CANCELLED)
    room.alice.tap(discarded, AGAIN.ja)
    told = room.heard(room.alice, room.alice.tap(discarded, AGAIN.ja))
    assert ASKED_BEFORE.ja in told
    room.card("鈴木邸0", WAITING)
