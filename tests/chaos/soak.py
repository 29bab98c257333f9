"""Many jobs while processes are killed and stopped and Google stumbles; then everything is counted.

A job may be struck more often in a row than any real one, so that attempts are not limited: that
a job which is tried in vain fails and says so is tested elsewhere.
"""

import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from kakari.demo.person import NothingToTapError
from ledger.models import WORKABLE, EffectRow, EffectState, Job, JobState, OwedMessage
from ledger.owed import CARD
from tests.chaos.house import House
from tests.chaos.picture import difference, pictures
from tests.chaos.schedule import FAULT, KILL, Disturbance, disturbances
from tests.scenario.room import Room

WORKERS = 4
TARGETS = (*(f"worker-{number}" for number in range(1, WORKERS + 1)), "clock", "valkey")
SETTLING = 240.0
"""Seconds for all that is open, once nothing disturbs any more."""
TICK = 0.05
DECISIONS_EVERY = 0.25
UNDONE_EVERY = 4
"""Of so many jobs people have one taken back."""


@dataclass
class Report:
    """What came of it."""

    seed: int
    asked: int = 0
    befell: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    """Processes that ended although nobody killed them, and were started again."""
    attempts: int = 0
    applied: int = 0
    undone: int = 0
    duplicates: int = 0
    lost: int = 0
    owed: int = 0
    undeliverable: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.wrong or self.duplicates or self.lost or self.owed or self.undeliverable)

    def __str__(self) -> str:
        lines = [
            ("jobs asked", self.asked),
            *sorted(self.befell.items()),
            ("ended by themselves", self.restarts),
            ("attempts", self.attempts),
            ("effects applied", self.applied),
            ("effects taken back", self.undone),
            ("duplicates", self.duplicates),
            ("lost", self.lost),
            ("messages owed", self.owed),
            ("undeliverable", self.undeliverable),
        ]
        table = "\n".join(f"  {name:<24}{number:>6}" for name, number in lines)
        return "\n".join([f"seed {self.seed}", table, *self.wrong])


def house_for_soak(folder: Path, **settings: str) -> House:
    return House(folder, workers=WORKERS, **settings)


class Soak:
    """One soak of an open house: ``jobs`` are asked within ``seconds`` of disturbances."""

    def __init__(self, house: House, seed: int, jobs: int, seconds: float) -> None:
        self.house = house
        self.seed = seed
        self.jobs = jobs
        self.seconds = seconds
        self.report = Report(seed)
        self.rooms: dict[str, Room] = {}
        self.unwanted: set[str] = set()
        """The jobs that are taken back once they are done."""
        self._over = threading.Event()

    def run(self) -> Report:
        kept, taken_back = self._undisturbed(), self._undisturbed()
        self._take_back(taken_back)
        self.house.await_end(taken_back)
        with ThreadPoolExecutor(2) as people:
            asking, deciding = people.submit(self._ask), people.submit(self._decide)
            try:
                self._disturb()
                asking.result()
                self._settle()
            except TimeoutError as error:
                self.report.wrong.append(str(error))
            finally:
                self._over.set()
            deciding.result()
        self._count(kept, taken_back)
        return self.report

    def _undisturbed(self) -> str:
        room = self.house.room()
        job = self.house.ask(room)
        self.rooms[job] = room
        self.house.await_plan(job)
        self.house.apply(room, job)
        self.house.await_end(job)
        return job

    # What people do

    def _ask(self) -> None:
        """Ask for one job after the other, spread over the time."""
        began = time.monotonic()
        for number in range(self.jobs):
            due = began + number * self.seconds / self.jobs
            self._over.wait(max(0.0, due - time.monotonic()))
            room = self.house.room()
            with self._once_more():
                job = self.house.ask(room)
                self.rooms[job] = room
                if number % UNDONE_EVERY == 0:
                    self.unwanted.add(job)

    def _decide(self) -> None:
        """Apply each plan that waits, and take back what is not wanted.

        Who got no answer taps again.
        """
        while not self._over.wait(DECISIONS_EVERY):
            with self._once_more():
                for job in self._shown(JobState.WAITING):
                    self.house.apply(self.rooms[job], job)
                for job in self._shown(JobState.DONE):
                    if job in self.unwanted:
                        self._take_back(job)

    def _take_back(self, job: str) -> None:
        self.unwanted.add(job)
        self.house.undo(self.rooms[job], job)

    def _shown(self, state: JobState) -> list[str]:
        """Return the jobs whose cards show this state, with everything told."""
        owed = aliased(OwedMessage)
        untold = exists().where(owed.job_id == Job.id, owed.delivered < owed.wanted)
        query = (
            select(Job.id)
            .join(OwedMessage, OwedMessage.job_id == Job.id)
            .where(
                Job.state == state,
                OwedMessage.role == CARD,
                ~untold,
            )
        )
        with self.house.ledger.read() as tx:
            return [job for job in tx.scalars(query) if job in self.rooms]

    @contextmanager
    def _once_more(self) -> Iterator[None]:
        """Let a person be told of a failure, and do it once more later."""
        try:
            yield
        except (AssertionError, NothingToTapError, requests.RequestException) as error:
            self.report.befell[f"told {type(error).__name__}"] += 1

    # What befalls

    def _disturb(self) -> None:
        until = time.monotonic() + self.seconds
        due = time.monotonic()
        back: list[tuple[float, Disturbance]] = []
        for each in disturbances(self.seed, TARGETS):
            due += each.pause
            if due > until:
                break
            while (left := due - time.monotonic()) > 0:
                back = self._bring_back(back)
                time.sleep(min(TICK, left))
            self._befall(each)
            back.append((time.monotonic() + each.seconds, each))
        self._bring_back([(0.0, each) for _, each in back])
        self.house.control("faults", {"faults": []})

    def _befall(self, each: Disturbance) -> None:
        self.report.befell[each.label] += 1
        if each.what == FAULT:
            fault = {"method": each.target, "kind": each.fault, "times": each.strikes}
            self.house.control("faults", {"faults": [fault]})
            return
        signum = signal.SIGKILL if each.what == KILL else signal.SIGSTOP
        self.house.processes.signal(each.target, signum)
        if each.what == KILL:
            self.house.processes.running[each.target].wait()

    def _bring_back(self, back: list[tuple[float, Disturbance]]) -> list[tuple[float, Disturbance]]:
        """Wake and start again what is due; return what is not."""
        away = set()
        later = []
        for moment, each in back:
            if moment > time.monotonic():
                later.append((moment, each))
                away.add(each.target)
            elif each.what != FAULT:
                self.house.processes.signal(each.target, signal.SIGCONT)
                if self.house.processes.running[each.target].poll() is not None:
                    self._start(each.target)
        for name in TARGETS:  # as compose starts again what has ended
            if name not in away and self.house.processes.running[name].poll() is not None:
                self.report.restarts += 1
                self._start(name)
        return later

    def _start(self, name: str) -> None:
        if name == "valkey":
            self.house.start_valkey()
        elif name == "clock":
            self.house.kakari("clock", "clock")
        else:
            self.house.start_worker(int(name.removeprefix("worker-")))

    # What came of it

    def _settle(self) -> None:
        def quiet() -> bool:
            self._bring_back([])
            with self.house.ledger.read() as tx:
                unfinished = Job.state.in_((*WORKABLE, JobState.WAITING)) | (
                    (Job.state == JobState.DONE) & Job.id.in_(self.unwanted)
                )
                left = tx.scalar(select(func.count()).where(unfinished))
                owed = tx.scalar(select(func.count()).where(_owed()))
            return not left and not owed

        self.house.until(quiet, "the end of all jobs and messages", SETTLING)

    def _count(self, kept: str, taken_back: str) -> None:
        report, house = self.report, self.house
        report.asked = len(self.rooms)
        with house.ledger.read() as tx:
            report.attempts = tx.scalar(select(func.sum(Job.attempt))) or 0
            effects = Counter(tx.scalars(select(EffectRow.state)))
            report.owed = tx.scalar(select(func.count()).where(_owed())) or 0
            given_up = OwedMessage.undeliverable.is_not(None)
            report.undeliverable = tx.scalar(select(func.count()).where(given_up)) or 0
            unknown = set(tx.scalars(select(Job.id))) - set(self.rooms)
        report.undone = effects[EffectState.UNDONE]
        report.applied = effects[EffectState.DONE] + report.undone
        report.wrong += [f"job {job} was made of nothing that was asked" for job in unknown]
        seen = pictures(house, self.rooms, calls=False)
        for job, picture in seen.items():
            found = difference(picture, seen[taken_back if job in self.unwanted else kept])
            report.lost += sum(line.startswith("-") for line in found)
            report.duplicates += sum(line.startswith("+") for line in found)
            report.wrong += [f"job {job}: {line}" for line in found]
        if report.wrong:
            at = f"{house.settings.database_url}, logs in {house.processes.logs}"
            report.wrong.append(f"ledger {at}; SEED={self.seed} draws the same again")


def _owed() -> ColumnElement[bool]:
    return (OwedMessage.delivered < OwedMessage.wanted) & OwedMessage.undeliverable.is_(None)
