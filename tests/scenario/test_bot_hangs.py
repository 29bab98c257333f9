"""A bot that answers nobody any more ends itself, so that it is started again."""

import ctypes
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from sqlalchemy import make_url, text

import bot.admission
import bot.app
from kakari.demo.stack import PATH, Stack
from ledger.database import Ledger
from tests.chaos.conftest import new_database
from tests.forked.nursery import Nursery
from worker import pulse

HANGS: dict[str, Callable[[], object]] = {
    "interpreter": lambda: ctypes.PyDLL(None).sleep(600),
    "threads": lambda: time.sleep(600),
}
"""The ways: one request stops all threads, or each stops its own."""
STALE = 3.0
BOUND = 20.0


def prepare(command: str) -> None:
    """Let the bot hang in the way that a file says, once there is one, and have little patience."""
    if command != "bot":
        return
    pulse.STALE, pulse.LOOK_EVERY, pulse.EVERY = STALE, 0.2, 0.5
    bot.admission.Limits = partial(bot.admission.Limits, answer_seconds=1.0)
    way = Path(os.environ["KAKARI_PULSE_FILE"]).with_name("way")
    create = bot.app.create_app

    def with_hangs(*args: Any) -> Any:
        app = create(*args)
        app.before_request(lambda: HANGS[way.read_text()]() if way.exists() else None)
        return app

    bot.app.create_app = with_hangs


@pytest.fixture
def database() -> str | None:
    """The ledger's address, where it is not the demo's file."""
    return None


@pytest.fixture
def stack(tmp_path: Path, database: str | None) -> Iterator[Stack]:
    """A bot with what it needs, and nothing else."""
    given = {"database_url": database} if database else {}
    made = Stack(tmp_path / "stack", pulse_file=str(tmp_path / "pulse"), **given)
    made.processes = Nursery(made.processes.logs, prepare)
    try:
        made.furnish()
        made.migrate()
        made.start_valkey()
        made.start_bot()
        yield made
    finally:
        made.stop()


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.1)
    return condition()


@pytest.mark.parametrize("way", HANGS)
def test_a_bot_that_hangs_ends_with_all_its_processes(
    stack: Stack, tmp_path: Path, way: str
) -> None:
    assert within(BOUND, (tmp_path / "pulse").exists), stack.processes.tail("bot")
    process = stack.processes.running["bot"]
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    (tmp_path / "way.part").write_text(way)
    (tmp_path / "way.part").rename(tmp_path / "way")
    assert within(BOUND, lambda: process.poll() is not None), stack.processes.tail("bot")
    assert process.poll() != 0
    _, alive = psutil.wait_procs(family, timeout=BOUND)
    assert alive == []


class TestLedgerAway:
    """On PostgreSQL: SQLite's file is never away from a process that has opened it."""

    @pytest.fixture
    def database(self, postgres_url: str) -> str:
        return new_database(postgres_url)

    def test_a_bot_whose_ledger_is_away_says_so_and_stays(
        self, stack: Stack, tmp_path: Path, postgres_ledger: Ledger, database: str
    ) -> None:
        file = tmp_path / "pulse"
        assert within(BOUND, file.exists)
        name = make_url(database).database
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        with postgres_ledger.write() as tx:
            tx.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        with postgres_ledger.write() as tx:
            tx.execute(text(end), {"name": name})
        health = stack.endpoint.removesuffix(PATH) + "/healthz"
        assert within(BOUND, lambda: requests.get(health, timeout=5).status_code == 503)
        file.unlink()
        time.sleep(STALE + 2)
        assert stack.processes.running["bot"].poll() is None
        assert not file.exists()
