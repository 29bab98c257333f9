"""The sign that a process does its work: a file is touched, for whoever looks from outside.

Its time is the monotonic clock's, which all processes of a machine share and nobody sets.

A process that has the file and whose work no longer comes round ends itself, since an engine of
containers starts again what has ended and not what only looks ill. What is away that the work
waits for is no hang, and nothing is won by a new start then.
"""

import faulthandler
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
import structlog
from sqlalchemy.exc import SQLAlchemyError

EVERY = 5.0
"""Seconds between two beats at the least: a beat asks the ledger, and a job may be waiting."""
STALE = 90.0
"""Seconds after which work that has not come round hangs; an idle worker's takes 15."""
LOOK_EVERY = 5.0
ANSWER_SECONDS = 10.0
"""How long what the work needs may take to answer, until it counts as away."""
STALE_EXIT = 70

log = structlog.get_logger()


class Pulse:
    """Beats while the work goes on and has what it needs."""

    def __init__(self, file: Path | None, *needs: Callable[[], object]) -> None:
        """Make a pulse; without a file nobody looks. Each of ``needs`` raises if it is away."""
        self.file = file
        self.needs = needs
        self._beat = -EVERY
        self._came_round = time.monotonic()

    def beat(self) -> None:
        """Touch the file, unless something is away that the work needs."""
        self.come_round()
        if self.file is None or time.monotonic() - self._beat < EVERY:
            return
        try:
            self._ask_needs()
            _touch(self.file)
        except (SQLAlchemyError, redis.RedisError, OSError) as error:
            log.warning("pulse.missed", error=type(error).__name__)
            return
        self._beat = time.monotonic()

    def come_round(self) -> None:
        """Say that the work goes on, whether or not it has what it needs."""
        self._came_round = time.monotonic()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """End this process if its work hangs meanwhile, and somebody looks."""
        if self.file is None:
            yield
            return
        over = threading.Event()
        watching = threading.Thread(target=self._watch, args=(over,), name="pulse", daemon=True)
        self.come_round()
        self._arm()
        watching.start()
        try:
            yield
        finally:
            over.set()
            watching.join()
            faulthandler.cancel_dump_traceback_later()

    def _watch(self, over: threading.Event) -> None:
        looked = time.monotonic()
        while not over.wait(LOOK_EVERY):
            self._arm()
            moment = time.monotonic()
            if moment - looked > 2 * LOOK_EVERY:  # all of the process was stopped, or starved
                self.come_round()
            looked = moment
            if moment - self._came_round <= STALE:
                continue
            if self._has_needs():
                try:
                    log.critical("pulse.stale", seconds=STALE)
                    faulthandler.dump_traceback(all_threads=True)
                finally:
                    os._exit(STALE_EXIT)
            self.come_round()

    @staticmethod
    def _arm() -> None:
        """Have the process ended unless this is called again in time.

        The interpreter has no part in that: a thread that does not let go of it stops all others.
        """
        faulthandler.dump_traceback_later(STALE, exit=True)

    def _has_needs(self) -> bool:
        there = threading.Event()

        def ask() -> None:
            try:
                self._ask_needs()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
                log.warning("pulse.missed", error=type(error).__name__)
            else:
                there.set()

        threading.Thread(target=ask, name="pulse-needs", daemon=True).start()
        return there.wait(ANSWER_SECONDS)

    def _ask_needs(self) -> None:
        for need in self.needs:
            need()


def _touch(file: Path) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        moment = time.monotonic()
        os.utime(descriptor, (moment, moment))
    finally:
        os.close(descriptor)
