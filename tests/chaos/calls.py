"""How each kind of effect changes the world, and where on that a victim is struck."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

import workspace.transport
from effects import disk_root
from effects.disk_root import DiskRoot
from ledger import projects
from ledger.database import Ledger
from tests.chaos.spot import APPLY, UNDO, Condition, Spot, inside
from workspace.drive import Drive
from workspace.sheets import Sheets
from workspace.transport import Transport

Strike = Callable[[Spot], None]
IN_LEDGER = ("project.enter", "project.values")
"""The kinds whose call is one transaction of the ledger."""


@dataclass(frozen=True)
class Call:
    """What a kind does to the world in one way."""

    leaves: Strike
    """Strikes when the lease was looked at for the last time, and nothing is sent yet."""
    sent: Strike
    """Strikes when the request has left; where there is none, when it is half done."""
    applied: Strike
    """Strikes when it is done, and the answer has not been looked at."""


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


def _in_ledger(change: str) -> Call:
    return Call(
        lambda spot: spot.before(Ledger, "write", spot.on_its_way()),
        lambda spot: spot.after(projects, change, spot.on_its_way()),
        _committed,
    )


def _committed(spot: Spot) -> None:
    on_its_way, write = spot.on_its_way(), Ledger.write

    @contextmanager
    def watched(ledger: Ledger) -> Iterator[Session]:
        with write(ledger) as tx:
            yield tx
        if on_its_way():
            spot.crash()

    Ledger.write = watched  # type: ignore[method-assign]


CALLS: dict[tuple[str, str], Call] = {
    ("drive.folder", APPLY): _to_google(Drive, "create_folders"),
    ("drive.file", APPLY): _to_google(Drive, "create_file"),
    ("drive.folder", UNDO): _to_google(Drive, "trash"),
    ("drive.file", UNDO): _to_google(Drive, "trash"),
    ("sheet.row", APPLY): _to_google(Sheets, "write"),
    ("sheet.row", UNDO): _to_google(Sheets, "write"),
    ("project.enter", APPLY): _in_ledger("add"),
    ("project.enter", UNDO): _in_ledger("remove"),
    ("project.values", APPLY): _in_ledger("change"),
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
