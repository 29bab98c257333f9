"""What is refused, in a log that no stranger can fill."""

import logging
import threading
from collections import Counter
from contextvars import copy_context
from typing import Final

import structlog

SECONDS: Final = 10.0

log = structlog.get_logger()


class Refusals:
    """Counts by reason, told in one line in ``SECONDS`` at most; the first is told at once.

    A reason is one of our own words, never a sender's.
    """

    def __init__(self, level: int, event: str, seconds: float = SECONDS) -> None:
        self._level = level
        self._event = event
        self._seconds = seconds
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._silent = False

    def note(self, reason: str) -> None:
        with self._lock:
            self._counts[str(reason)] += 1
            if not self._silent:
                self._tell()

    def _tell(self) -> None:
        log.log(self._level, self._event, reasons=dict(self._counts))
        self._counts.clear()
        self._silent = True
        timer = threading.Timer(self._seconds, copy_context().run, (self._go_on,))
        timer.daemon = True
        timer.start()

    def _go_on(self) -> None:
        with self._lock:
            self._silent = False
            if self._counts:
                self._tell()


REFUSED: Final = Refusals(logging.WARNING, "chat.refused")
UNAVAILABLE: Final = Refusals(logging.ERROR, "chat.unavailable")
