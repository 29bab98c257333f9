"""Where a victim is struck: the named points on an effect's way, and how they are reached.

The points lie around the functions that production code calls anyway. A victim is struck once, the
first time one of its threads comes to the point with an effect of the kind that is meant.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from sqlalchemy.orm import Session

import workspace.transport
from effects import disk_root
from effects.base import Kind
from effects.disk_root import DiskRoot
from effects.registry import KINDS
from ledger.database import Ledger
from ledger.owed import RESULT
from tests.chaos.custody import Custody
from worker.engine import Engine
from workspace.chat import Chat
from workspace.transport import Transport

KILL, STOP = "kill", "stop"
SIGNALS = {KILL: signal.SIGKILL, STOP: signal.SIGSTOP}
WAY = "apply"
"""Which way the effects go: the method of their kind that sends them."""


class Crash:
    """Strikes this process, once.

    It is stopped only between the transactions of its threads: the lock of SQLite that a stopped
    process holds is no lease, and nobody could go on before it wakes.
    """

    def __init__(self, deed: str, custody: Custody) -> None:
        self._signal = SIGNALS[deed]
        self._custody = custody
        self._writing = threading.RLock()
        self._struck = False

    def __call__(self) -> None:
        with self._writing:
            if self._struck:
                return
            self._struck = True
            assert self._custody.keeper is not None
            self._custody.release(self._custody.keeper)
            # To this thread, so that it goes no step further: else it might give the lock back
            # before the signal has arrived.
            signal.pthread_kill(threading.get_ident(), self._signal)

    def watch_transactions(self) -> None:
        write = Ledger.write

        @contextmanager
        def watched(ledger: Ledger) -> Iterator[Session]:
            with self._writing, write(ledger) as tx:
                yield tx

        Ledger.write = watched  # type: ignore[method-assign]


@dataclass(frozen=True)
class Orders:
    """Where a victim is struck, on the way of an effect of which kind, and how."""

    point: str
    kind: str
    deed: str

    def arm(self, custody: Custody) -> None:
        crash = Crash(self.deed, custody)
        crash.watch_transactions()
        POINTS[self.point](type(KINDS[self.kind]), crash)


Condition = Callable[..., bool]


def _always(*_args: Any, **_options: Any) -> bool:
    return True


def _before(owner: Any, name: str, crash: Crash, when: Condition = _always) -> None:
    real = getattr(owner, name)

    @wraps(real)
    def struck(*args: Any, **options: Any) -> Any:
        if when(*args, **options):
            crash()
        return real(*args, **options)

    setattr(owner, name, struck)


def _after(owner: Any, name: str, crash: Crash, when: Condition = _always) -> None:
    real = getattr(owner, name)

    @wraps(real)
    def struck(*args: Any, **options: Any) -> Any:
        answer = real(*args, **options)
        if when(*args, **options):
            crash()
        return answer

    setattr(owner, name, struck)


def _sending(kind: type[Kind[Any]]) -> Condition:
    """Return the condition that this thread is just sending an effect of the kind."""
    here = threading.local()
    real = getattr(kind, WAY)

    @wraps(real)
    def noted(*args: Any) -> Any:
        here.sending = True
        try:
            return real(*args)
        finally:
            here.sending = False

    setattr(kind, WAY, noted)
    return lambda *_args, **_options: getattr(here, "sending", False)


def _before_intent(kind: type[Kind[Any]], crash: Crash) -> None:
    def going_out(_engine: Engine, _settled: Any, calls: list[Any]) -> bool:
        return any(call.kind == kind.name and not call.probe for call in calls)

    _before(Engine, "_record", crash, going_out)


def _after_intent(kind: type[Kind[Any]], crash: Crash) -> None:
    _before(kind, WAY, crash)


def _call_leaves(kind: type[Kind[Any]], crash: Crash) -> None:
    """Strike when the lease was looked at for the last time, and nothing is sent yet."""
    if kind.name.startswith("drive."):
        _before(Transport, "request", crash, _sending(kind))
    else:  # a disk is not asked again whether the lease stands
        _before(DiskRoot, "write" if kind.name == "disk.file" else "make_folder", crash)


def _call_sent(kind: type[Kind[Any]], crash: Crash) -> None:
    """Strike when the request has left; on a disk, when it is half done."""
    if kind.name.startswith("drive."):
        _before(workspace.transport._Once, "getresponse", crash, _sending(kind))
    elif kind.name == "disk.file":  # its draft is written and has no name yet
        _before(disk_root, "_publish", crash)
    else:  # it is said whose the folder will be
        _after(DiskRoot, "_claim", crash)


def _call_applied(kind: type[Kind[Any]], crash: Crash) -> None:
    """Strike when it is there, and the answer has not been looked at."""
    if kind.name.startswith("drive."):
        _after(Transport, "request", crash, _sending(kind))
    elif kind.name == "disk.file":  # the draft is still there too
        _after(disk_root, "_publish", crash)
    else:
        _after(DiskRoot, "make_folder", crash)


def _before_outcome(kind: type[Kind[Any]], crash: Crash) -> None:
    _after(kind, WAY, crash)


def _before_owed_message(_kind: type[Kind[Any]], crash: Crash) -> None:
    _after(Engine, "run", crash)


def _result(*_args: Any, message_id: str, **_options: Any) -> bool:
    return message_id.endswith(f"-{RESULT}")


def _before_delivery(_kind: type[Kind[Any]], crash: Crash) -> None:
    _before(Chat, "create", crash, _result)


def _after_delivery(_kind: type[Kind[Any]], crash: Crash) -> None:
    _after(Chat, "create", crash, _result)


POINTS: dict[str, Callable[[type[Kind[Any]], Crash], None]] = {
    "before intent": _before_intent,
    "after intent": _after_intent,
    "call leaves": _call_leaves,
    "call sent": _call_sent,
    "call applied": _call_applied,
    "before outcome": _before_outcome,
    "before owed message": _before_owed_message,
    "before delivery": _before_delivery,
    "after delivery": _after_delivery,
}
