"""What is other in a process that may be struck: it is hurried, and perhaps has orders to die.

The simulator answers in milliseconds, and a worker's lease lasts as long as its call may take. So
the calls' deadlines are shortened to what a busy machine needs, and with them what the others wait.
"""

import json
import os
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import effects.disk
import effects.project
import effects.sheet_writing
import worker.clock
import worker.office
import worker.postman
import worker.pulse
import worker.runner
import worker.schedule_watch
import workspace.chat
import workspace.drive
import workspace.sheets
import workspace.sheets_http
from effects.registry import KINDS
from tests.chaos.crash import Orders
from tests.chaos.custody import Custody
from workspace.quota import Bucket

ORDERS = "CHAOS_ORDERS"
"""The environment variable with a worker's or the clock's orders, as JSON."""

CALL_SECONDS = 1.5

SHORT: tuple[tuple[ModuleType, str, Any], ...] = (
    (workspace.drive, "WRITE_SECONDS", CALL_SECONDS),
    (workspace.drive, "UPLOAD_SECONDS", CALL_SECONDS),
    (workspace.drive, "READ_SECONDS", CALL_SECONDS),
    (workspace.chat, "SECONDS", CALL_SECONDS),
    (workspace.sheets_http, "SECONDS", CALL_SECONDS),
    (effects.disk, "DEADLINE", CALL_SECONDS),
    (effects.project, "SECONDS", CALL_SECONDS),
    (effects.sheet_writing, "SECONDS", CALL_SECONDS),
    (worker.clock, "OVERDUE", timedelta(seconds=1)),
    (worker.postman, "LONGEST_PAUSE", 2.0),
    (worker.pulse, "STALE", 4.0),
    (worker.pulse, "LOOK_EVERY", 1.0),
    (worker.runner, "REST", 1.0),
    # The people of a case ask for its syncs; the clock's own would come in between.
    (worker.schedule_watch, "TICK", 3600.0),
    # What is tested is not Google's patience.
    (workspace.chat, "chat_writes", lambda space: Bucket(f"chat-writes:{space}", 1000, 1000)),
    (workspace.sheets, "sheets_reads", lambda _account: Bucket("sheets-reads", 1000, 1000)),
    (workspace.sheets, "sheets_writes", lambda _account: Bucket("sheets-writes", 1000, 1000)),
)


def prepare(command: str) -> None:
    """Prepare a worker or a clock before it runs."""
    if command in ("worker", "clock"):
        hurry()
        take_orders(json.loads(os.environ.get(ORDERS, "{}")))


def hurry() -> None:
    for module, name, value in SHORT:
        assert hasattr(module, name), f"{module.__name__}.{name} is called otherwise now"
        setattr(module, name, value)
    for kind in KINDS.values():
        type(kind).deadline = type(kind).undo_deadline = CALL_SECONDS


def take_orders(given: dict[str, str]) -> None:
    """Take only the jobs that are meant for this process; be ready to die at its named point."""
    custody = Custody(Path(given["custody"]), given.get("victim"))
    custody.narrow()
    if custody.keeper is not None:
        worker.office.QUEUE = custody.keeper  # rung by the test alone
        if "point" in given:
            Orders(given["point"], given["kind"], given["way"], given["deed"]).arm(custody)
