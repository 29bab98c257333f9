"""Who may start, stop, go on with and take back a job, and how many have to agree."""

from collections.abc import Callable

import pytest

from bot.orders import NONE
from cards.job_card import (
    APPLY,
    APPROVALS,
    CANCEL,
    DISCARD,
    EDIT,
    HEADLINES,
    RETRY,
    STOPPED_BEFORE,
    UNDO,
)
from errors.asking import AlreadyApproved, MayNotApprove, OwnRequest
from kakari.demo.person import Json, buttons_of, text_of
from ledger.models import JobState
from simulator.office import ALICE, BOB
from tests.scenario.room import DONE, FAILED, WAITING, Room, lines_of
from tests.scenario.shelf import Shelf

Write = Callable[..., None]
EVERYBODY = [ALICE.email, BOB.email]
MAY_NOT = {person.name: MayNotApprove().say(person.locale) for person in (ALICE, BOB)}


def made(room: Room, name: str = "Suzuki") -> Json:
    card = room.memo(room.alice, name)
    room.apply(room.alice, card)
    room.result(card)
    return room.card(name, DONE)


def test_who_may_not_approve_may_neither_apply_nor_go_on_nor_take_back(
    room: Room, write: Write
) -> None:
    shelf = Shelf(room.stack)
    shelf.refuse()
    try:
        refused = room.memo(room.alice, "Tanaka")
        room.apply(room.alice, refused)
        refused = room.card("Tanaka", FAILED)
    finally:
        shelf.allow()
    done, waiting = made(room), room.memo(room.bob, "Sato")
    write(ask=EVERYBODY, approve=[ALICE.email])
    for card, label in ((waiting, APPLY.en), (refused, RETRY.ja), (done, UNDO.ja)):
        heard = room.heard(room.bob, room.bob.tap(card, label))
        assert MAY_NOT[BOB.name] in heard, label
    states = {job.subject: job.state for job in room.jobs()}
    assert states == {"Tanaka": "failed", "Suzuki": "done", "Sato": "waiting"}


def test_who_may_not_approve_stops_their_own_request_and_no_other(room: Room, write: Write) -> None:
    alices, bobs = room.memo(room.alice, "Suzuki"), room.memo(room.bob, "Tanaka")
    write(ask=EVERYBODY, approve=[ALICE.email])
    assert MAY_NOT[BOB.name] in room.heard(room.bob, room.bob.tap(alices, DISCARD.ja))
    room.bob.tap(bobs, DISCARD.en)
    states = {job.subject: job.state for job in room.jobs()}
    assert states == {"Suzuki": JobState.WAITING, "Tanaka": JobState.CANCELLED}


def test_nobody_approves_their_own_request_where_that_is_barred(room: Room, write: Write) -> None:
    write(ask=EVERYBODY, approve=EVERYBODY, own_request=False)
    card = room.memo(room.bob, "Suzuki")
    heard = room.heard(room.bob, room.bob.tap(card, APPLY.en))
    assert OwnRequest().say("en") in heard
    room.apply(room.alice, card)
    room.result(card)


def test_whoever_edited_a_request_counts_as_its_asker_and_the_card_names_both(
    room: Room, write: Write
) -> None:
    write(ask=EVERYBODY, approve=EVERYBODY, own_request=False)
    card = room.memo(room.alice, "Suzuki")
    dialog = room.bob.tap(card, EDIT.ja)["dialog"]
    assert room.bob.send(dialog, {"name": "Tanaka"})["closed"]
    card = room.card("Tanaka", WAITING)
    assert "変更: Bob Yamadaさん" in text_of(card)
    assert OwnRequest().say("en") in room.heard(room.bob, room.bob.tap(card, APPLY.ja))
    assert OwnRequest().say("ja") in room.heard(room.alice, room.alice.tap(card, APPLY.ja))
    assert "edited by Bob Yamada" in room.heard(room.bob, room.bob.say("/audit"))
    assert [job.state for job in room.jobs()] == [JobState.WAITING]


def test_who_may_only_ask_edits_their_own_request_and_no_other(room: Room, write: Write) -> None:
    alices, bobs = room.memo(room.alice, "Suzuki"), room.memo(room.bob, "Sato")
    open_ = room.bob.tap(alices, EDIT.ja)["dialog"]
    write(ask=EVERYBODY, approve=[ALICE.email])
    late = room.bob.send(open_, {"name": "Tanaka"})
    assert MAY_NOT[BOB.name] in room.heard(room.bob, late)
    assert MAY_NOT[BOB.name] in room.heard(room.bob, room.bob.tap(alices, EDIT.ja))
    dialog = room.bob.tap(bobs, EDIT.en)["dialog"]
    assert room.bob.send(dialog, {"name": "Yamada"})["closed"]
    room.card("Yamada", WAITING)
    assert {job.subject for job in room.jobs()} == {"Suzuki", "Yamada"}


def test_where_two_have_to_approve_the_first_tap_is_shown_and_the_second_person_starts_it(
    room: Room, write: Write
) -> None:
    write(ask=EVERYBODY, approve=EVERYBODY, approvals=2)
    card = room.memo(room.bob, "Suzuki")
    (shown,) = room.apply(room.alice, card)["messages"]
    assert APPROVALS.say("en", who="Alice 佐藤", missing=1) in text_of(shown)
    assert buttons_of(shown)[0] == APPLY.en
    again = room.heard(room.alice, room.alice.tap(shown, APPLY.en))
    assert AlreadyApproved(missing=1).say("ja") in again
    assert [job.state for job in room.jobs()] == [JobState.WAITING]
    room.apply(room.bob, shown)
    room.result(card)
    assert "applied by Alice 佐藤, Bob Yamada" in text_of(room.card("Suzuki", DONE))


def test_where_fewer_have_to_approve_by_now_those_who_did_can_start_it(
    room: Room, write: Write
) -> None:
    write(ask=EVERYBODY, approve=EVERYBODY, approvals=2)
    card = room.memo(room.bob, "Suzuki")
    room.apply(room.alice, card)
    write(ask=EVERYBODY, approve=[ALICE.email])
    room.apply(room.alice, card)
    room.result(card)
    assert "applied by Alice 佐藤" in text_of(room.card("Suzuki", DONE))


ORDERS = [
    ("/approve", "@Kakari 承認"),
    ("/cancel", "@Kakari 中止"),
    ("/retry", "@Kakari 再開"),
    ("/undo", "@Kakari 元に戻す"),
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda each: each[0])
def test_an_order_that_fits_nothing_says_how_to_name_what_is_meant(
    room: Room, order: tuple[str, str]
) -> None:
    name = order[0].removeprefix("/")
    for words in order:
        assert NONE.say("ja", name=name) in room.heard(room.alice, room.alice.say(words))
        assert NONE.say("en", name=name) in room.heard(room.bob, room.bob.say(words))


def test_approve_shows_the_waiting_plans_to_the_asker_alone_with_buttons_that_work(
    room: Room,
) -> None:
    made(room, "Sato")
    room.memo(room.alice, "Suzuki")
    (shown,) = room.bob.say("/approve")["messages"]
    assert "Sato" not in text_of(shown)
    assert HEADLINES["waiting"].en in text_of(shown), "in the language of who asks"
    assert shown not in room.alice.messages()
    (after,) = room.bob.tap(shown, APPLY.en)["messages"]
    assert HEADLINES["queued"].en in text_of(after), "also after the tap"
    assert "Suzuki" in text_of(room.result(room.card("Suzuki", DONE)))
    assert NONE.say("ja", name="approve") in room.heard(room.alice, room.alice.say("/approve"))


def test_undo_finds_a_project_by_its_number_and_by_words_of_its_subject(room: Room) -> None:
    first, _ = made(room, "Suzuki"), made(room, "Tanaka")
    for person, words in (
        (room.alice, "@Kakari 元に戻す Suzuki"),
        (room.alice, f"/undo {room.number(first)}"),
        (room.bob, f"/undo {room.number(first)}"),
    ):
        (shown,) = person.say(words)["messages"]
        assert "Suzuki" in text_of(shown)
        assert "Tanaka" not in text_of(shown)
    dialog, _ = room.confirm(room.bob, shown, UNDO.en)
    assert lines_of(dialog) == sorted([f"{room.number(first)} Suzuki", "メモ.md"])
    room.card("Suzuki", HEADLINES["undone"].ja)


def test_cancel_shows_what_can_be_stopped_and_retry_what_stopped(room: Room) -> None:
    room.alice.say("/remind 1h お茶")
    room.memo(room.bob, "Suzuki")
    (shown,) = room.alice.say("@Kakari 中止")["messages"]
    assert "お茶" in text_of(shown)
    assert "Suzuki" in text_of(shown)
    (reminder,) = room.bob.say("/cancel お茶")["messages"]
    (stopped,) = room.bob.tap(reminder, CANCEL.en)["messages"]
    assert STOPPED_BEFORE.say("en", who="Bob Yamada") in text_of(stopped)
    shelf = Shelf(room.stack)
    shelf.refuse()
    try:
        room.apply(room.bob, room.card("Suzuki", WAITING))
        room.card("Suzuki", FAILED)
    finally:
        shelf.allow()
    (failed,) = room.alice.say("@Kakari 再開")["messages"]
    room.confirm(room.alice, failed, RETRY.ja)
    room.card("Suzuki", DONE)
