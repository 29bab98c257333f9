"""Workers die, Google is slow, the queue is away: what was accepted is done once, and told once."""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import requests
from sqlalchemy import select, update

from bot.forms import UNHEARD
from bot.queries import QUEUE_AWAY
from kakari.demo.conversation import PAGES
from kakari.demo.person import Json, text_of
from kakari.demo.proof import prove
from kakari.demo.stack import Stack
from ledger.database import now
from ledger.models import EffectRow, Job, JobState, Number
from tests.scenario.room import DONE, WAITING, Room, job_of, opened

NAME = PAGES[0]["name"]


@contextmanager
def replaced(stack: Stack, worker: str) -> Iterator[None]:
    """Start another worker in the place of one that ends meanwhile."""
    yield
    stack.processes.stop(worker)
    stack.start_worker(int(worker.removeprefix("worker-")))
    stack.await_workers(2)


def assert_made_once(room: Room, card: Json) -> None:
    """Compare Drive with the plan, to the byte; and count what was told."""
    room.result(card, patience=40)
    room.card(NAME, DONE)
    assert [f.text for f in prove(room.stack.settings, job_of(card)) if not f.true] == []
    assert len(room.messages()) == 2, "one card, one result"


def test_what_a_killed_worker_left_half_done_another_finishes(room: Room) -> None:
    room.ask(room.alice, *PAGES)
    card = room.card(NAME, WAITING)
    with room.half_done(card) as worker:
        room.stack.processes.signal(worker, signal.SIGKILL)
    with replaced(room.stack, worker):
        room.stack.processes.running[worker].wait()
        with opened(room.stack) as ledger, ledger.write() as tx:
            # Its lease would run out by itself; a test need not wait for that.
            past = now() - timedelta(seconds=1)
            tx.execute(update(Job).where(Job.id == job_of(card)).values(lease_until=past))
        assert_made_once(room, card)
    assert attempts(room, card) == 2


def test_a_worker_told_to_stop_hands_over_at_an_effect_boundary(room: Room) -> None:
    room.ask(room.alice, *PAGES)
    card = room.card(NAME, WAITING)
    requests.delete(f"{room.stack.page}/_sim/calls", timeout=10)
    with room.half_done(card) as worker:
        room.stack.processes.signal(worker, signal.SIGTERM)
    with replaced(room.stack, worker):
        assert room.stack.processes.running[worker].wait(timeout=20) == 0
        assert_made_once(room, card)
    assert attempts(room, card) == 2
    calls = requests.get(f"{room.stack.page}/_sim/calls", timeout=10).json()
    created = Counter(c["status"] for c in calls if c["method"] == "drive.files.create")
    assert created == {200: 30}, "nothing was sent a second time"


def test_while_the_queue_is_away_requests_are_accepted_and_start_when_it_is_back(
    room: Room,
) -> None:
    dialog = room.alice.say("/project")["dialog"]
    room.stack.processes.stop("valkey")
    try:
        outcome = room.alice.send(dialog, {"template": "memo", "name": NAME})
        assert outcome["notice"] == UNHEARD.ja
        assert QUEUE_AWAY.ja in room.heard(room.alice, room.alice.say("/status"))
    finally:
        room.stack.start_valkey()
    card = room.card(NAME, WAITING, patience=30)
    room.apply(room.alice, card)
    assert_made_once(room, card)


def test_what_chat_does_not_take_at_once_is_neither_lost_nor_doubled(room: Room) -> None:
    method = "chat.spaces.messages.*"
    faults = [
        {"method": method, "kind": "429", "times": 1},
        {"method": method, "kind": "503", "times": 2},
        {"method": "chat.spaces.messages.create", "kind": "apply-then-drop", "times": 2},
        {"method": "chat.spaces.messages.patch", "kind": "drop-before-apply", "times": 1},
    ]
    room.stack.control("faults", {"faults": faults})
    try:
        room.ask(room.alice, {"template": "memo", "name": NAME})
        card = room.card(NAME, WAITING, patience=30)
        room.apply(room.alice, card)
        assert_made_once(room, card)
        struck = room.stack.control("faults", {"faults": []})
        assert struck == []
    finally:
        room.stack.control("faults", {"faults": []})


def test_after_a_restart_everything_goes_on_where_it_was(room: Room, stack: Stack) -> None:
    first = room.memo(room.alice, "Suzuki")
    room.apply(room.alice, first)
    room.result(first)
    card = room.memo(room.bob, NAME)
    stack.stop()
    stack.start()
    room.apply(room.alice, card)
    assert NAME in text_of(room.result(card))
    with opened(stack) as ledger, ledger.read() as tx:
        numbers = [
            tx.scalars(select(Number.number).where(Number.job_id == job_of(each))).one()
            for each in (first, card)
        ]
    assert numbers[1] == numbers[0] + 1
    assert {job.state for job in room.jobs()} == {JobState.DONE}
    tree = requests.get(f"{stack.page}/_sim/drive/tree", timeout=10).text
    for number in numbers:
        assert tree.count(f"-{number:04} ") == 1


def attempts(room: Room, card: Json) -> int:
    """Return how many workers had a part in what was done."""
    with opened(room.stack) as ledger, ledger.read() as tx:
        rows = tx.scalars(select(EffectRow.attempt).where(EffectRow.job_id == job_of(card)))
        return len(set(rows))
