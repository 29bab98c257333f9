"""The clock rings what is due, reminds and expires, and there is one of it."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import redis
from sqlalchemy import select, update

from ledger import jobs
from ledger.bell import Bell
from ledger.database import Ledger, now
from ledger.models import Job, JobState, OwedMessage
from ledger.plan import Plan
from tests.unit.ledger.office import ask, claim, show_plan
from worker.clock import Clock, Patience
from worker.postman import Postman
from workspace.chat import Chat
from workspace.clients import GoogleClients
from workspace.quota import Quota

PATIENCE = Patience(reminds=timedelta(hours=1), expires=timedelta(hours=2))
TAKEOVER = 1.5
"""Seconds; the tests need not wait for fifteen."""

Hire = Callable[..., Clock]


@pytest.fixture
def hire(ledger: Ledger, clients: GoogleClients, valkey_url: str) -> Iterator[Hire]:
    """Return a way to get clocks, each with the event that stops it."""
    with redis.Redis.from_url(valkey_url) as connection:
        connection.flushdb()

        def hired(owner: str = "clock", stop: threading.Event | None = None) -> Clock:
            postman = Postman(
                ledger,
                lambda caller: Chat(clients, Quota(), caller),
                "http://127.0.0.1:1/chat",
                owner,
                stop or threading.Event(),
                hold_seconds=30.0,
            )
            return Clock(ledger, Bell(connection), postman, owner, PATIENCE, takeover=TAKEOVER)

        yield hired


@pytest.fixture
def clock(hire: Hire) -> Clock:
    return hire()


def change(ledger: Ledger, **values: object) -> None:
    with ledger.write() as tx:
        tx.execute(update(Job).values(values))


def test_a_job_that_waits_for_its_time_is_rung_for_once_it_has_come(
    ledger: Ledger, clock: Clock
) -> None:
    ask(ledger)
    lease = claim(ledger)
    with ledger.write() as tx:
        plan = Plan(effects=(), not_before=now() + timedelta(hours=1))
        jobs.planned(tx, lease, plan, {}, approval=False)
    change(ledger, since=now() - timedelta(hours=1))
    assert clock.ring_again() == 0
    change(ledger, not_before=now() - timedelta(seconds=0.1))
    assert clock.ring_again() == 1
    assert clock.ring_again() == 0, "it waits in the queue already"


def test_a_second_clock_takes_over_from_one_that_fell_silent(ledger: Ledger, hire: Hire) -> None:
    first, stop = hire("first"), threading.Event()
    assert first._on_duty()
    # The first one was killed: it neither ticks again nor leaves its post.
    silent = time.monotonic()
    second = hire("second", stop)
    ask(ledger)
    change(ledger, since=now() - timedelta(minutes=1))
    running = threading.Thread(target=second.run, args=(stop,))
    running.start()
    while not second.bell.waiting() and time.monotonic() - silent < 10:
        running.join(0.02)
    took = time.monotonic() - silent
    assert second.bell.waiting() == 1, "it rings the bell that was lost"
    assert took < TAKEOVER + 0.5
    assert not first._on_duty(), "the first one, woken, finds its post taken"
    stop.set()
    running.join()


def test_a_plan_that_nobody_decides_on_is_reminded_of_and_then_expires(
    ledger: Ledger, clock: Clock
) -> None:
    job, _ = show_plan(ledger)
    clock.expire()
    assert roles(ledger) == ["card"]
    change(ledger, since=now() - timedelta(hours=1, minutes=1))
    clock.expire()
    clock.expire()
    assert roles(ledger) == ["card", "reminder"]
    change(ledger, since=now() - timedelta(hours=2, minutes=1))
    clock.expire()
    clock.expire()
    assert roles(ledger) == ["card", "reminder", "result"]
    with ledger.read() as tx:
        assert jobs.find(tx, job).state == JobState.EXPIRED


def roles(ledger: Ledger) -> list[str]:
    with ledger.read() as tx:
        return sorted(tx.scalars(select(OwedMessage.role)))
