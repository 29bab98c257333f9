"""A reminder comes once, in its thread and at its time, whatever else happens meanwhile."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.forms import UNHEARD
from cards.job_card import HEADLINES
from errors import KakariError
from errors.asking import NotATime, PastTime, TooFarAhead
from kakari.demo.person import Json, text_of
from kakari.demo.stack import Stack
from ledger.database import now
from ledger.models import Job, JobState
from tests.scenario.room import DONE, WAITING, Room, job_of, opened

SCHEDULED = "schedule"
"""The icon of a card whose job begins later."""


def asked_silently(outcome: Json) -> None:
    """The card is the answer: nothing is said besides."""
    assert (outcome["error"], outcome["messages"], outcome["dialog"]) == (None, [], None)
    assert not outcome["notice"]


def assert_came_once(room: Room, card: Json, text: str, patience: float = 20) -> Json:
    result = room.result(card, patience)
    assert text in text_of(result)
    room.card(text, DONE)
    job = next(job for job in room.jobs() if job.id == job_of(card))
    assert job.not_before is not None
    assert datetime.fromisoformat(result["createTime"]) >= job.not_before
    assert result["thread"]["name"] == card["thread"]["name"]
    told = [m for m in room.messages() if job.id in m.get("clientAssignedMessageId", "")]
    assert len(told) == 2, "one card, one reminder"
    return result


def test_a_reminder_comes_once_when_its_time_has_come(room: Room) -> None:
    before = datetime.now(UTC)
    outcome = room.bob.say("/remind 2 tea")
    asked_silently(outcome)
    card = room.card("tea")
    room.bob.redeliver(outcome["event"])
    result = assert_came_once(room, card, "tea")
    assert datetime.fromisoformat(result["createTime"]) >= before + timedelta(seconds=2)
    assert result["text"] == f"<{room.bob.name}>", "who asked is told, and nobody else"
    assert len(room.jobs()) == 1


def test_a_reminder_asked_for_in_a_thread_comes_there(room: Room) -> None:
    room.alice.say("来週の打ち合わせについて")
    thread = room.alice.messages()[-1]["thread"]["name"]
    asked_silently(room.alice.say("@Kakari リマインド ３ お茶", thread))
    card = room.card("お茶")
    assert card["thread"]["name"] == thread
    assert_came_once(room, card, "お茶")


def test_the_card_says_when_and_others_are_answered_meanwhile(room: Room) -> None:
    room.bob.say("/remind 2h call Sato")
    (job,) = room.jobs()
    card = room.card("call Sato", SCHEDULED)
    at = datetime.fromisoformat(job.request["at"])
    assert f"At {at:%H:%M} on {at:%a, %b} {at.day}" in text_of(card)
    done = room.memo(room.alice, "Suzuki")
    room.apply(room.alice, done)
    room.result(done)
    room.bob.say("/remind 1 tea")
    assert_came_once(room, room.card("tea"), "tea")
    listed = room.heard(room.bob, room.bob.say("/jobs"))
    assert "call Sato" in listed
    assert f"At {at:%H:%M}" in listed
    assert re.search(r"[1-9]\d* for later", room.heard(room.bob, room.bob.say("/status")))
    waits = next(each for each in room.jobs() if each.id == job.id)
    assert (waits.state, waits.attempt) == (JobState.QUEUED, 1), "no worker looked at it again"


def test_a_reminder_due_while_everything_is_stopped_comes_once_after_the_restart(
    room: Room, stack: Stack
) -> None:
    room.bob.say("/remind 1h tea")
    card = room.card("tea", SCHEDULED)
    stack.stop()
    with opened(stack) as ledger, ledger.write() as tx:
        # An hour passes.
        past = now() - timedelta(seconds=1)
        tx.execute(update(Job).where(Job.id == job_of(card)).values(not_before=past))
    stack.start()
    assert_came_once(room, card, "tea")


def test_a_reminder_asked_for_while_the_queue_is_away_comes_when_it_is_back(room: Room) -> None:
    room.stack.processes.stop("valkey")
    try:
        heard = room.heard(room.alice, room.alice.say("/remind 1 お茶"))
        assert UNHEARD.ja in heard
    finally:
        room.stack.start_valkey()
    assert_came_once(room, room.card("お茶", patience=30), "お茶")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("/remind", NotATime),
        ("/remind banana", NotATime),
        ("@Kakari リマインド", NotATime),
        ("@Kakari リマインド バナナ", NotATime),
        ("/remind 2020-01-01 9:00 party", PastTime),
        ("/remind 53w party", TooFarAhead),
    ],
)
def test_what_is_no_time_gets_a_sentence_and_changes_nothing(
    room: Room, text: str, error: type[KakariError]
) -> None:
    assert error().say("ja") in room.heard(room.alice, room.alice.say(text))
    assert error().say("en") in room.heard(room.bob, room.bob.say(text))
    assert room.jobs() == []


def test_a_text_is_shown_as_it_was_typed_and_calls_nobody(room: Room) -> None:
    room.bob.say(f"/remind 1 <users/all> <{room.alice.name}> <b>tea</b>\n@all")
    (job,) = room.jobs()
    result = room.result({"clientAssignedMessageId": f"client-{job.id}"})
    assert result["text"] == f"<{room.bob.name}>"
    shown = f"&lt;users/all&gt; &lt;{room.alice.name}&gt; &lt;b&gt;tea&lt;/b&gt;\n@all"
    assert shown in text_of(result)


def test_a_reminder_without_a_text_is_called_one(room: Room) -> None:
    room.alice.say("/remind 1")
    (job,) = room.jobs()
    result = room.result({"clientAssignedMessageId": f"client-{job.id}"})
    assert "リマインダー" in text_of(result)
    assert HEADLINES["done"].ja not in text_of(result)
    assert room.card(job.subject, DONE)
    assert WAITING not in str(room.messages())
