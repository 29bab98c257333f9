"""How each kind of effect changes the world, and where on that a victim is struck."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

from sqlalchemy.orm import Session

import workspace.transport
from effects import disk_root
from effects.disk_root import DiskRoot
from ledger import documents, parties, projects
from ledger.database import Ledger
from tests.chaos.spot import APPLY, UNDO, Condition, Spot, inside
from worker.hold import Hold
from workspace.drive import Drive
from workspace.sheets import Sheets
from workspace.transport import Transport

Strike = Callable[[Spot], None]


@dataclass(frozen=True)
class Call:
    """What a kind does to the world in one way."""

    leaves: Strike
    """Strikes when the lease was looked at for the last time, and nothing is sent yet."""
    sent: Strike
    """Strikes when the request has left; where there is none, when it is half done."""
    applied: Strike
    """Strikes when it is done, and the answer has not been looked at."""
    in_ledger: bool = False
    """Whether it is one transaction of the ledger, in the midst of which nobody is stopped."""


def _to_google(api: type, *writes: str) -> Call:
    def writing(spot: Spot) -> Condition:
        """Return the condition that this thread is just sending the kind's write."""
        on_its_way = spot.on_its_way()
        sending = [inside(api, name) for name in writes]
        return lambda *_args, **_options: on_its_way() and any(each() for each in sending)

    return Call(
        lambda spot: spot.before(Transport, "request", writing(spot)),
        lambda spot: spot.before(workspace.transport._Once, "getresponse", writing(spot)),
        lambda spot: spot.after(Transport, "request", writing(spot)),
    )


def _on_disk(call: str, half: Strike, whole: Strike) -> Call:
    return Call(lambda spot: spot.before(DiskRoot, call), half, whole)


def _in_ledger(module: ModuleType, change: str) -> Call:
    return Call(
        _before_transaction,
        lambda spot: spot.after(module, change, spot.on_its_way()),
        lambda spot: _committed(spot, module, change),
        in_ledger=True,
    )


def _before_transaction(spot: Spot) -> None:
    """Strike before the kind's own transaction, not before one that makes the lease last."""
    on_its_way, renewing = spot.on_its_way(), inside(Hold, "_outlasts")
    spot.before(Ledger, "write", lambda *_args: on_its_way() and not renewing())


def _committed(spot: Spot, module: ModuleType, change: str) -> None:
    """Strike after the transaction that the change was made in."""
    here, on_its_way, write = threading.local(), spot.on_its_way(), Ledger.write

    def note(*_args: object, **_options: object) -> bool:
        here.changed = on_its_way()
        return False

    spot.after(module, change, note)

    @contextmanager
    def watched(ledger: Ledger) -> Iterator[Session]:
        with write(ledger) as tx:
            yield tx
        if getattr(here, "changed", False):
            spot.crash()

    Ledger.write = watched  # type: ignore[method-assign]


CALLS: dict[tuple[str, str], Call] = {
    ("drive.folder", APPLY): _to_google(Drive, "create_folders"),
    ("drive.file", APPLY): _to_google(Drive, "create_file"),
    ("drive.folder", UNDO): _to_google(Drive, "trash"),
    ("drive.file", UNDO): _to_google(Drive, "trash"),
    ("sheet.row", APPLY): _to_google(Sheets, "write"),
    ("sheet.row", UNDO): _to_google(Sheets, "write"),
    ("register.row", APPLY): _to_google(Sheets, "write"),
    ("register.row", UNDO): _to_google(Sheets, "write"),
    ("project.enter", APPLY): _in_ledger(projects, "add"),
    ("project.enter", UNDO): _in_ledger(projects, "remove"),
    ("project.values", APPLY): _in_ledger(projects, "change"),
    ("document", APPLY): _in_ledger(documents, "store"),
    ("party", APPLY): _in_ledger(parties, "save"),
    # The draft is written and has no name yet; it has, and the draft is still there too.
    ("disk.file", APPLY): _on_disk(
        "write",
        lambda spot: spot.before(disk_root.disk_entry, "publish"),
        lambda spot: spot.after(disk_root.disk_entry, "publish"),
    ),
    # It is said whose the folder will be; the folder is there.
    ("disk.folder", APPLY): _on_disk(
        "make_folder",
        lambda spot: spot.after(DiskRoot, "_claim"),
        lambda spot: spot.after(DiskRoot, "make_folder"),
    ),
    # The file is moved aside; it is gone.
    ("disk.file", UNDO): _on_disk(
        "remove_file",
        lambda spot: spot.before(DiskRoot, "_drop"),
        lambda spot: spot.after(DiskRoot, "remove_file"),
    ),
    # The folder is gone, and still said to be the job's; that is forgotten.
    ("disk.folder", UNDO): _on_disk(
        "remove_folder",
        lambda spot: spot.after(DiskRoot, "_remove_empty"),
        lambda spot: spot.after(DiskRoot, "remove_folder"),
    ),
}
"""A way that is not here changes nothing in the world: a document stays in its register."""
