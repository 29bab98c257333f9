"""A whole Kakari to measure: its processes, its people, and what its ledger says afterwards."""

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import redis
from sqlalchemy import func, select

from cards.job_card import ICONS
from kakari.demo.person import Person
from kakari.demo.stack import Stack
from ledger.database import Ledger
from ledger.models import WORKABLE, EffectRow, Job, JobState
from simulator.office import ALICE, PROJECTS_SPACE
from workspace.quota import KEY_PREFIX

PATIENCE = 120.0
BURST = 120
"""How many writes the simulated Drive takes at once before 3 a second hold, as Kakari's default."""
POLL = 0.02


class Office:
    """A stack with workers of the bench, and Alice in it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        given: dict[str, Any] = {"log_format": "json", "open_requests": "100000", **settings}
        self.stack = Stack(folder, workers=0, **given)
        self.alice = Person(self.stack.page, ALICE.name, PROJECTS_SPACE.name)
        self._started = 0

    @contextlib.contextmanager
    def open(self) -> Iterator["Office"]:
        try:
            self.stack.furnish()
            self.stack.start_simulator()
            self.stack.start_valkey()
            self.stack.migrate()
            self.stack.start_bot()
            self.stack.kakari("clock", "clock")
            self.ledger = Ledger(self.stack.settings.database_url)
            with closing(self.ledger):
                yield self
        finally:
            self.stack.stop()

    @contextlib.contextmanager
    def workers(self, number: int, **settings: str) -> Iterator[None]:
        """Have so many workers, with these settings or ``bench_threads``, for a while."""
        names = []
        for _ in range(number):
            self._started += 1
            name = f"worker-{self._started}"
            own = {_variable(key): value for key, value in settings.items()}
            command = [sys.executable, "-m", "tests.bench.worker"]
            self.stack.processes.start(name, command, self.stack.environment | own)
            names.append(name)
        try:
            self.stack.await_workers(number)
            yield
        finally:
            self.stack.processes.stop(*names)

    def ask(self, *pages: dict[str, str]) -> tuple[str, dict[str, Any]]:
        """Fill in a project's dialog; return the job and its card, which waits for the tap."""
        known = {message["name"] for message in self.alice.messages()}
        outcome = self.alice.say("/project")
        for page in pages:
            outcome = self.alice.send(outcome["dialog"], page)
        card = self.alice.await_message(
            lambda message: message["name"] not in known and ICONS["waiting"] in str(message)
        )
        return str(card["clientAssignedMessageId"]).removeprefix("client-"), card

    def await_ends(self, *jobs: str) -> None:
        """Wait until these jobs have ended, and see that they are done."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with self.ledger.read() as tx:
                states = tx.scalars(select(Job.state).where(Job.id.in_(jobs))).all()
            if not set(states) & set(WORKABLE):
                assert set(states) == {JobState.DONE}, states
                return
            assert time.monotonic() < deadline, states
            time.sleep(POLL)

    def last_outcome(self, *jobs: str) -> float:
        """Return when the last effect of these jobs was settled, as seconds of the epoch."""
        with self.ledger.read() as tx:
            last = tx.scalar(
                select(func.max(EffectRow.settled_at)).where(EffectRow.job_id.in_(jobs))
            )
        assert last is not None
        return last.timestamp()

    def refill(self) -> None:
        """Fill the quota buckets again, Kakari's and the simulator's."""
        with closing(redis.Redis.from_url(self.stack.redis_url)) as connection:
            for key in connection.scan_iter(f"{KEY_PREFIX}*"):
                connection.delete(key)
        self.stack.control("quota", {"drive_writes_per_second": 3, "burst": BURST})

    def logged(self, event: str) -> list[dict[str, Any]]:
        """Return what the workers logged under this name."""
        files = sorted((self.stack.folder / "logs").glob("worker-*.log"))
        lines = [line for file in files for line in file.read_text().splitlines()]
        return [found for line in lines if (found := json.loads(line))["event"] == event]


def _variable(name: str) -> str:
    return name.upper() if name.startswith("bench") else f"KAKARI_{name.upper()}"
