"""Every process of a run has the same clock; so a run on another day is on that day everywhere."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import redis
from sqlalchemy import select, text

from kakari.demo.stack import Stack
from ledger.database import Ledger, now
from ledger.models import LeaseRow
from worker.clock import POST

TOLERANCE = timedelta(seconds=30)


def test_postgresql_has_the_clock_of_the_tests(postgres_ledger: Ledger) -> None:
    with postgres_ledger.read() as tx:
        said = tx.scalar(text("SELECT clock_timestamp()"))
    assert said is not None
    assert abs(said - now()) < TOLERANCE


def test_valkey_has_the_clock_of_the_tests(valkey_url: str) -> None:
    seconds, _ = redis.Redis.from_url(valkey_url).time()
    assert abs(datetime.fromtimestamp(seconds, UTC) - now()) < TOLERANCE


@pytest.mark.parametrize("process", ["simulator", "bot"])
def test_kakaris_processes_have_the_clock_of_the_tests(stack: Stack, process: str) -> None:
    bot = urlsplit(stack.endpoint)._replace(path="/healthz").geturl()
    urls = {"simulator": f"{stack.page}/_sim/health", "bot": bot}
    with urlopen(urls[process]) as answer:
        said = parsedate_to_datetime(answer.headers["Date"])
    assert abs(said - now()) < TOLERANCE


def test_the_maintenance_process_has_the_clock_of_the_tests(stack: Stack) -> None:
    with closing(Ledger(stack.settings.ledger_url)) as ledger:

        def held_until() -> datetime | None:
            with ledger.read() as tx:
                return tx.scalar(select(LeaseRow.until).where(LeaseRow.post == POST))

        stack.processes.wait_until("clock", lambda: held_until() is not None)
        until = held_until()
    assert until is not None
    assert abs(until - now()) < timedelta(minutes=2), "a lease is shorter"
