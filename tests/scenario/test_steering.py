"""What people can do with a job that is on its way: stop it, and go on where it stopped."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.decisions import GOING_ON, QUEUE_AWAY, TAKING_BACK
from cards.job_card import (
    AGAIN,
    CANCEL,
    DISCARD,
    HEADLINES,
    OPEN,
    RETRY,
    STOPPED_AFTER,
    STOPPED_BEFORE,
    UNDO,
)
from cards.job_result import EXPIRED as NOBODY_DECIDED
from cards.job_result import GO_ON, STILL_WAITS, STOPPED
from errors.asking import AlreadyEnded, NothingToRetry
from errors.google import DriveRefused
from kakari.demo.person import Json, buttons_of, text_of
from kakari.demo.proof import prove
from ledger.models import Job, JobState
from tests.scenario.room import (
    DONE,
    EXPIRED,
    FAILED,
    UNDONE,
    WAITING,
    Room,
    job_of,
    lines_of,
    opened,
)
from tests.scenario.shelf import Shelf

DEEP = {"図面/部品/金型/01.md": "01", "図面/部品/02.md": "02", "図面/03.md": "03", "見積.md": "¥"}
"""Each folder waits for the one above, so such a project takes a while where Google is slow."""
EFFECTS = 8
STOP = HEADLINES["cancelled"].ja


@pytest.fixture
def shelf(room: Room) -> Shelf:
    shelf = Shelf(room.stack)
    shelf.forget()
    return shelf


@pytest.fixture
def deep(room: Room, passing_template: Callable[..., str]) -> Json:
    """Return the card of a plan for a project that is made step by step."""
    return room.plan(room.alice, passing_template(DEEP))


def stopped(room: Room, card: Json) -> Json:
    """Let Bob stop the work in its midst; return the card that says so."""
    with room.half_done(card):
        outcome = room.bob.tap(room.card("Suzuki", CANCEL.ja), CANCEL.ja)
        assert outcome["error"] is None, outcome
    return room.card("Suzuki", STOP)


def test_a_stop_says_how_far_it_came_and_what_was_made_can_be_taken_back(
    room: Room, deep: Json, shelf: Shelf
) -> None:
    card = stopped(room, deep)
    number = room.number(deep)
    made = shelf.project(number)
    assert 0 < len(made) < EFFECTS
    said = {"who": "Bob Yamada", "done": len(made), "total": EFFECTS}
    assert STOPPED_AFTER.say("ja", **said) in text_of(card)
    result = text_of(room.result(deep))
    assert STOPPED.say("ja", subject=f"{number} Suzuki", **said) in result
    assert buttons_of(card)[:3] == [OPEN.ja, RETRY.ja, UNDO.ja]

    dialog, outcome = room.confirm(room.alice, card, UNDO.ja)
    assert lines_of(dialog) == made
    assert outcome["notice"] == TAKING_BACK.ja
    room.card("Suzuki", UNDONE)
    assert shelf.project(number) == []
    assert shelf.created() == {200: len(made)}, "nothing was made after the stop"


def test_after_a_stop_somebody_can_have_the_rest_made(room: Room, deep: Json, shelf: Shelf) -> None:
    card = stopped(room, deep)
    made = shelf.project(room.number(deep))
    dialog, outcome = room.confirm(room.alice, card, RETRY.ja)
    assert outcome["notice"] == GOING_ON.ja
    assert "Suzuki" in text_of(room.result(deep, end=2))
    room.card("Suzuki", DONE)
    everything = shelf.project(room.number(deep))
    assert sorted(made + lines_of(dialog)) == everything
    assert shelf.created() == {200: EFFECTS}, "each was made once"
    assert [f.text for f in prove(room.stack.settings, job_of(deep)) if not f.true] == []


def test_work_is_stopped_before_a_worker_has_it(room: Room, deep: Json, shelf: Shelf) -> None:
    room.stack.processes.stop("valkey")
    try:
        (queued,) = room.apply(room.alice, deep)["messages"]
        assert QUEUE_AWAY.ja in text_of(queued)
        (card,) = room.alice.tap(queued, CANCEL.ja)["messages"]
        assert STOPPED_BEFORE.say("ja", who="Alice 佐藤") in text_of(card)
        assert QUEUE_AWAY.ja not in text_of(card), "nothing starts by itself any more"
        late = room.heard(room.alice, room.alice.tap(queued, CANCEL.ja))
        assert AlreadyEnded.ja in late
    finally:
        room.stack.start_valkey()
    assert buttons_of(card)[0] == RETRY.ja
    dialog, _ = room.confirm(room.alice, card, RETRY.ja)
    assert len(lines_of(dialog)) == EFFECTS
    room.result(deep)
    room.card("Suzuki", DONE)
    assert shelf.created() == {200: EFFECTS}


def test_a_reminder_that_was_stopped_does_not_come_and_can_be_asked_for_again(room: Room) -> None:
    room.alice.say("/remind 1h お茶")
    card = room.card("お茶", "schedule")
    room.alice.tap(card, CANCEL.ja)
    card = room.card("お茶", STOP)
    assert STOPPED_BEFORE.say("ja", who="Alice 佐藤") in text_of(card)
    assert buttons_of(card) == [AGAIN.ja]
    assert (room.job(card).state, room.job(card).not_before) == (JobState.CANCELLED, None)
    for _ in range(2):
        room.alice.tap(card, AGAIN.ja)
    room.card("お茶", "schedule")
    assert [job.state for job in room.jobs()] == [JobState.CANCELLED, JobState.QUEUED]


def test_what_google_refuses_half_way_is_told_and_goes_on_when_that_is_mended(
    room: Room, deep: Json, shelf: Shelf
) -> None:
    with room.half_done(deep):
        shelf.refuse()
    try:
        card = room.card("Suzuki", FAILED)
        number = room.number(deep)
        made = shelf.project(number)
        assert 0 < len(made) < EFFECTS
        reason = "The user does not have sufficient permissions for this file."
        told = text_of(room.result(deep))
        for text in (text_of(card), told):
            assert DriveRefused(reason=reason).say("ja") in text
            assert f"{EFFECTS} 件中 {len(made)} 件" in text
        assert GO_ON.ja in told
    finally:
        shelf.allow()
    dialog, _ = room.confirm(room.bob, room.card("Suzuki", FAILED), RETRY.ja)
    done = room.result(deep, end=2)
    assert done["thread"]["name"] == card["thread"]["name"]
    room.card("Suzuki", DONE)
    assert sorted(made + lines_of(dialog)) == shelf.project(number)
    assert shelf.created()[200] == EFFECTS, "each was made once"
    assert [f.text for f in prove(room.stack.settings, job_of(deep)) if not f.true] == []
    late = room.heard(room.bob, room.bob.tap(card, RETRY.ja))
    assert NothingToRetry().say("en") in late


def test_a_plan_that_nobody_decides_on_is_reminded_of_once_and_then_expires(room: Room) -> None:
    card = room.memo(room.alice, "Suzuki")
    passes(room, card, timedelta(days=2))
    still_waits = STILL_WAITS.say("ja", subject="Suzuki")
    reminder = room.bob.await_message(lambda message: still_waits in text_of(message))
    assert "承認期限" in text_of(reminder)
    assert reminder["thread"]["name"] == card["thread"]["name"]
    passes(room, card, timedelta(days=6))
    assert NOBODY_DECIDED.say("ja", subject="Suzuki") in text_of(room.result(card))
    expired = room.card("Suzuki", EXPIRED)
    assert len(room.messages()) == 3, "the card, one reminder, the end"
    assert AlreadyEnded.ja in room.heard(room.alice, room.apply(room.alice, card))

    assert buttons_of(expired) == [AGAIN.ja, *buttons_of(expired)[1:]]
    room.bob.tap(expired, AGAIN.ja)
    again = room.card("Suzuki", WAITING)
    assert "Bob Yamada" in text_of(again)
    room.apply(room.bob, again)
    room.result(again)


def passes(room: Room, card: Json, time: timedelta) -> None:
    """Let time pass for a plan that waits; the clock looks about once a second."""
    with opened(room.stack) as ledger, ledger.write() as tx:
        waited = Job.id == job_of(card)
        tx.execute(update(Job).where(waited).values(since=room.job(card).since - time))


def test_a_tap_on_a_plan_that_was_edited_meanwhile_changes_nothing(room: Room) -> None:
    first = room.memo(room.alice, "Suzuki")
    dialog = room.alice.tap(first, "修正する")["dialog"]
    room.alice.send(dialog, {"name": "Tanaka"})
    second = room.card("Tanaka", WAITING)
    for label in ("実行する", "修正する", DISCARD.ja):
        heard = room.heard(room.bob, room.bob.tap(first, label))
        assert re.search("This plan has changed", heard), (label, heard)
    (job,) = room.jobs()
    assert (job.state, job.subject) == (JobState.WAITING, "Tanaka")
    room.apply(room.bob, second)
    room.result(second)
