"""What runs in a forked process: a command of ``kakari``, hurried, and perhaps with orders to die.

The simulator answers in milliseconds, and a worker's lease lasts as long as its call may take. So
the calls' deadlines are shortened to what a busy machine needs, and with them what the others wait.
"""

import ctypes
import faulthandler
import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import effects.disk
import worker.clock
import worker.office
import worker.postman
import worker.runner
import workspace.chat
import workspace.drive
from effects.registry import KINDS
from kakari.cli import main
from kakari.demo.processes import PR_SET_PDEATHSIG
from tests.chaos.crash import Orders
from tests.chaos.custody import Custody

PRELOAD = "tests.chaos.preload"
ORDERS = "CHAOS_ORDERS"
"""The environment variable with a worker's or the clock's orders, as JSON."""

SHOW = signal.SIGUSR1
"""Has a process write into its log what each of its threads is doing."""

CALL_SECONDS = 1.5

SHORT: tuple[tuple[ModuleType, str, Any], ...] = (
    (workspace.drive, "WRITE_SECONDS", CALL_SECONDS),
    (workspace.drive, "UPLOAD_SECONDS", CALL_SECONDS),
    (workspace.drive, "READ_SECONDS", CALL_SECONDS),
    (workspace.chat, "SECONDS", CALL_SECONDS),
    (effects.disk, "DEADLINE", CALL_SECONDS),
    (worker.clock, "OVERDUE", timedelta(seconds=1)),
    (worker.postman, "LONGEST_PAUSE", 2.0),
    (worker.runner, "REST", 1.0),
)


def run(command: Sequence[str], environment: dict[str, str], log: Path) -> None:
    """Become ``kakari COMMAND`` with this environment, writing to this log."""
    _die_with_parent(signal.SIGKILL)
    os.setsid()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, signal.SIG_DFL)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    faulthandler.register(SHOW, all_threads=True)
    os.environ.clear()
    os.environ.update(environment)
    if command[0] in ("worker", "clock"):
        hurry()
        take_orders(json.loads(environment.get(ORDERS, "{}")))
    main(list(command), standalone_mode=False)


def _die_with_parent(signum: int) -> None:
    """End with the process that forks, which ends with the tests; a stopped process, too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signum)


def hurry() -> None:
    for module, name, value in SHORT:
        assert hasattr(module, name), f"{module.__name__}.{name} is called otherwise now"
        setattr(module, name, value)
    for kind in KINDS.values():
        type(kind).deadline = type(kind).undo_deadline = CALL_SECONDS


def take_orders(given: dict[str, str]) -> None:
    """Take only the jobs that are meant for this process; be ready to die at a named point."""
    custody = Custody(Path(given["custody"]), given.get("victim"))
    custody.narrow()
    if custody.keeper is not None:
        worker.office.QUEUE = custody.keeper  # rung by the test alone
        Orders(given["point"], given["kind"], given["way"], given["deed"]).arm(custody)
