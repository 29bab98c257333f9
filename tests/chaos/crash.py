"""Where a victim is struck: the named points on an effect's way, and how they are reached.

The points lie around the functions that production code calls anyway. A victim is struck once, the
first time one of its threads comes to the point with an effect of the kind that is meant.
"""

import ctypes
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from sqlalchemy.orm import Session

from effects.registry import KINDS
from ledger.database import Ledger
from tests.chaos.calls import CALLS
from tests.chaos.custody import Custody
from tests.chaos.spot import APPLY, UNDO, Spot
from worker.applying import Applying
from worker.engine import Engine
from worker.undoing import TakingBack
from workspace.chat import Chat
from workspace.transport import _Once

KILL, STOP, HANG = "kill", "stop", "hang"
CALL_SENT = "call sent"
OF_CALL = ("call leaves", CALL_SENT, "call applied")
OF_JOB = ("before owed message", "before delivery", "after delivery")
"""The points on the way of a whole job, where all of its effects are struck together."""
SIGNALS = {KILL: signal.SIGKILL, STOP: signal.SIGSTOP}
ENGINES: dict[str, type[Engine]] = {APPLY: Applying, UNDO: TakingBack}


class Crash:
    """Strikes this process, once.

    It is stopped only between the transactions of its threads: the lock of SQLite that a stopped
    process holds is no lease, and nobody could go on before it wakes. Nor is it while another
    thread hands a request to the kernel: what is handed over late arrives late, and of a new row
    in a sheet that is not refused (docs/when-things-die.md).
    """

    def __init__(self, deed: str, custody: Custody) -> None:
        self._deed = deed
        self._custody = custody
        self._writing = threading.RLock()
        self._sending = threading.RLock()
        self._struck = False

    def __call__(self) -> None:
        with self._writing, self._sending:
            if self._struck:
                return
            self._struck = True
            assert self._custody.keeper is not None
            self._custody.release(self._custody.keeper)
            if self._deed == HANG:
                hang()
            # To this thread, so that it goes no step further: else it might give the lock back
            # before the signal has arrived.
            signal.pthread_kill(threading.get_ident(), SIGNALS[self._deed])

    def watch_transactions(self) -> None:
        write = Ledger.write

        @contextmanager
        def watched(ledger: Ledger) -> Iterator[Session]:
            with self._writing, write(ledger) as tx:
                yield tx

        Ledger.write = watched  # type: ignore[method-assign]

    def watch_requests(self) -> None:
        send = _Once.send

        @wraps(send)
        def watched(connection: _Once, data: Any) -> None:
            with self._sending:
                send(connection, data)

        _Once.send = watched  # type: ignore[method-assign]


def hang() -> None:
    """Stop this thread and, since it does not let go of the interpreter, all others with it."""
    ctypes.PyDLL(None).sleep(600)


@dataclass(frozen=True)
class Orders:
    """Where a victim is struck, on which way of an effect of which kind, and how."""

    point: str
    kind: str
    way: str
    deed: str

    def arm(self, custody: Custody) -> None:
        crash = Crash(self.deed, custody)
        crash.watch_transactions()
        crash.watch_requests()
        POINTS[self.point](Spot(type(KINDS[self.kind]), self.way, crash))


def _before_intent(spot: Spot) -> None:
    def going_out(engine: Engine, _settled: Any, calls: list[Any]) -> bool:
        sends = any(call.kind == spot.kind.name and not call.probe for call in calls)
        return sends and isinstance(engine, ENGINES[spot.way])

    spot.before(Engine, "_record", going_out)


def _after_intent(spot: Spot) -> None:
    spot.before(spot.kind, spot.way)


def _call_leaves(spot: Spot) -> None:
    CALLS[spot.kind.name, spot.way].leaves(spot)


def _call_sent(spot: Spot) -> None:
    CALLS[spot.kind.name, spot.way].sent(spot)


def _call_applied(spot: Spot) -> None:
    CALLS[spot.kind.name, spot.way].applied(spot)


def _before_outcome(spot: Spot) -> None:
    spot.after(spot.kind, spot.way)


def _before_owed_message(spot: Spot) -> None:
    spot.after(ENGINES[spot.way], "run")


def _before_delivery(spot: Spot) -> None:
    spot.before(Chat, "create", spot.told)


def _after_delivery(spot: Spot) -> None:
    spot.after(Chat, "create", spot.told)


POINTS: dict[str, Callable[[Spot], None]] = {
    "before intent": _before_intent,
    "after intent": _after_intent,
    "call leaves": _call_leaves,
    CALL_SENT: _call_sent,
    "call applied": _call_applied,
    "before outcome": _before_outcome,
    "before owed message": _before_owed_message,
    "before delivery": _before_delivery,
    "after delivery": _after_delivery,
}


def points_of(kind: str, way: str, deed: str, *, of_job: bool) -> list[str]:
    """Return where a kind is struck; with ``of_job`` also where its job is, once all is done."""
    call = CALLS.get((kind, way))
    left_out = set() if of_job else set(OF_JOB)
    if call is None:
        left_out |= set(OF_CALL)
    elif call.in_ledger and deed == STOP:
        left_out.add(CALL_SENT)
    return [point for point in POINTS if point not in left_out]
