"""The sign that a process does its work, for whoever looks from outside: a file is touched."""

import time
from collections.abc import Callable
from pathlib import Path

import redis
import structlog
from sqlalchemy.exc import SQLAlchemyError

EVERY = 5.0
"""Seconds between two beats at the least: a beat asks the ledger, and a job may be waiting."""

log = structlog.get_logger()


class Pulse:
    """Beats while the work goes on and has what it needs."""

    def __init__(self, file: Path | None, *needs: Callable[[], object]) -> None:
        """Make a pulse; without a file nobody looks. Each of ``needs`` raises if it is away."""
        self.file = file
        self.needs = needs
        self._beat = -EVERY

    def beat(self) -> None:
        """Touch the file, unless something is away that the work needs."""
        if self.file is None or time.monotonic() - self._beat < EVERY:
            return
        try:
            for need in self.needs:
                need()
            self.file.touch()
        except (SQLAlchemyError, redis.RedisError, OSError) as error:
            log.warning("pulse.missed", error=type(error).__name__)
            return
        self._beat = time.monotonic()
