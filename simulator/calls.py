"""The log of API calls, for tests and for the curious."""

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from simulator.clock import now

KEPT = 20_000


@dataclass(frozen=True)
class CallRecord:
    seq: int
    at: str
    method: str
    status: int
    """0 for a call whose connection was dropped instead of an answer."""
    subject: str | None
    resource: str | None
    """The id or name of what was made or meant."""
    batch: bool
    ms: float


class Calls:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seq = 0
        self._records: deque[CallRecord] = deque(maxlen=KEPT)

    def record(
        self,
        method: str,
        status: int,
        *,
        subject: str | None,
        resource: str | None,
        batch: bool,
        ms: float,
    ) -> None:
        with self._lock:
            self._seq += 1
            self._records.append(
                CallRecord(self._seq, now(), method, status, subject, resource, batch, round(ms, 3))
            )

    def clear(self) -> None:
        with self._lock:
            self._records.clear()

    def to_json(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(record) for record in self._records]
