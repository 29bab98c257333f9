"""The clock rings for a job that waited for its time, and not before that."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis
from sqlalchemy import update

from ledger import jobs
from ledger.bell import Bell
from ledger.database import Ledger, now
from ledger.models import Job
from ledger.plan import Plan
from tests.unit.ledger.office import ask, claim
from worker.clock import Clock, Patience
from worker.postman import Postman
from workspace.chat import Chat
from workspace.clients import GoogleClients
from workspace.quota import Quota


@pytest.fixture
def clock(ledger: Ledger, clients: GoogleClients, valkey_url: str) -> Iterator[Clock]:
    with redis.Redis.from_url(valkey_url) as connection:
        connection.flushdb()
        postman = Postman(
            ledger,
            lambda caller: Chat(clients, Quota(), caller),
            "http://127.0.0.1:1/chat",
            "clock",
            threading.Event(),
        )
        patience = Patience(timedelta(hours=1), timedelta(hours=2))
        yield Clock(ledger, Bell(connection), postman, "clock", patience)


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
