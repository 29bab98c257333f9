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
from tests.chaos.custody import Custody
from worker.applying import Applying
from worker.engine import Engine
from worker.undoing import TakingBack
from workspace.chat import Chat
from workspace.drive import Drive
from workspace.transport import Transport

KILL, STOP = "kill", "stop"
SIGNALS = {KILL: signal.SIGKILL, STOP: signal.SIGSTOP}
APPLY, UNDO = "apply", "undo"
"""The ways that effects go, named as the method of their kind."""
ENGINES: dict[str, type[Engine]] = {APPLY: Applying, UNDO: TakingBack}
RESULTS = {APPLY: "-result", UNDO: "-result-2"}
"""How the id of the message ends that tells of the way's end."""


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
    """Where a victim is struck, on which way of an effect of which kind, and how."""

    point: str
    kind: str
    way: str
    deed: str

    def arm(self, custody: Custody) -> None:
        crash = Crash(self.deed, custody)
        crash.watch_transactions()
        POINTS[self.point](Spot(type(KINDS[self.kind]), self.way, crash))


Condition = Callable[..., bool]


def _always(*_args: Any, **_options: Any) -> bool:
    return True


@dataclass(frozen=True)
class Spot:
    """Whose way it is that a crash lies on."""

    kind: type[Kind[Any]]
    way: str
    crash: Crash

    @property
    def in_drive(self) -> bool:
        return self.kind.name.startswith("drive.")

    def before(self, owner: Any, name: str, when: Condition = _always) -> None:
        """Strike before a function, when it is called as meant."""
        real = getattr(owner, name)

        @wraps(real)
        def struck(*args: Any, **options: Any) -> Any:
            if when(*args, **options):
                self.crash()
            return real(*args, **options)

        setattr(owner, name, struck)

    def after(self, owner: Any, name: str, when: Condition = _always) -> None:
        """Strike when a function has returned."""
        real = getattr(owner, name)

        @wraps(real)
        def struck(*args: Any, **options: Any) -> Any:
            answer = real(*args, **options)
            if when(*args, **options):
                self.crash()
            return answer

        setattr(owner, name, struck)

    def writing(self) -> Condition:
        """Return the condition that this thread is just sending the kind's write to Drive."""
        of_kind = _inside(self.kind, self.way)
        writes = [_inside(Drive, name) for name in DRIVE_WRITES[self.way]]
        return lambda *_args, **_options: of_kind() and any(write() for write in writes)

    def told(self, *_args: Any, message_id: str, **_options: Any) -> bool:
        """Say whether it is the end of this way that a message tells of."""
        return message_id.endswith(RESULTS[self.way])


DRIVE_WRITES = {APPLY: ("create_folders", "create_file"), UNDO: ("trash",)}


def _inside(owner: Any, name: str) -> Callable[[], bool]:
    """Return the condition that this thread is inside the function."""
    here = threading.local()
    real = getattr(owner, name)

    @wraps(real)
    def noted(*args: Any) -> Any:
        here.inside = True
        try:
            return real(*args)
        finally:
            here.inside = False

    setattr(owner, name, noted)
    return lambda: getattr(here, "inside", False)


def _before_intent(spot: Spot) -> None:
    def going_out(engine: Engine, _settled: Any, calls: list[Any]) -> bool:
        sends = any(call.kind == spot.kind.name and not call.probe for call in calls)
        return sends and isinstance(engine, ENGINES[spot.way])

    spot.before(Engine, "_record", going_out)


def _after_intent(spot: Spot) -> None:
    spot.before(spot.kind, spot.way)


def _call_leaves(spot: Spot) -> None:
    """Strike when the lease was looked at for the last time, and nothing is sent yet."""
    if spot.in_drive:
        spot.before(Transport, "request", spot.writing())
    else:
        spot.before(DiskRoot, DISK[spot.kind.name, spot.way].call)


def _call_sent(spot: Spot) -> None:
    """Strike when the request has left; on a disk, when it is half done."""
    if spot.in_drive:
        spot.before(workspace.transport._Once, "getresponse", spot.writing())
    else:
        DISK[spot.kind.name, spot.way].half(spot)


def _call_applied(spot: Spot) -> None:
    """Strike when it is done, and the answer has not been looked at."""
    if spot.in_drive:
        spot.after(Transport, "request", spot.writing())
    else:
        DISK[spot.kind.name, spot.way].whole(spot)


def _before_outcome(spot: Spot) -> None:
    spot.after(spot.kind, spot.way)


def _before_owed_message(spot: Spot) -> None:
    spot.after(ENGINES[spot.way], "run")


def _before_delivery(spot: Spot) -> None:
    spot.before(Chat, "create", spot.told)


def _after_delivery(spot: Spot) -> None:
    spot.after(Chat, "create", spot.told)


@dataclass(frozen=True)
class OnDisk:
    """What a kind does on a disk: one function, in which something is half done and whole."""

    call: str
    half: Callable[[Spot], None]
    whole: Callable[[Spot], None]


DISK = {
    # The draft is written and has no name yet; it has, and the draft is still there too.
    ("disk.file", APPLY): OnDisk(
        "write",
        lambda spot: spot.before(disk_root.disk_entry, "publish"),
        lambda spot: spot.after(disk_root.disk_entry, "publish"),
    ),
    # It is said whose the folder will be; the folder is there.
    ("disk.folder", APPLY): OnDisk(
        "make_folder",
        lambda spot: spot.after(DiskRoot, "_claim"),
        lambda spot: spot.after(DiskRoot, "make_folder"),
    ),
    # The file is moved aside; it is gone.
    ("disk.file", UNDO): OnDisk(
        "remove_file",
        lambda spot: spot.before(DiskRoot, "_drop"),
        lambda spot: spot.after(DiskRoot, "remove_file"),
    ),
    # The folder is gone, and still said to be the job's; that is forgotten.
    ("disk.folder", UNDO): OnDisk(
        "remove_folder",
        lambda spot: spot.after(DiskRoot, "_remove_empty"),
        lambda spot: spot.after(DiskRoot, "remove_folder"),
    ),
}

POINTS: dict[str, Callable[[Spot], None]] = {
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
