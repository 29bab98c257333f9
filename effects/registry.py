"""The kinds of effect there are."""

from typing import Any

from effects.base import Kind
from effects.disk import DiskFile, DiskFolder
from effects.document import Document
from effects.drive import DriveFile, DriveFolder
from effects.party import Party
from effects.project import EnterProject, TakeValues
from effects.sheet import RegisterRow, SheetRow

KINDS: dict[str, Kind[Any]] = {
    each.name: each
    for each in (
        DriveFolder(),
        DriveFile(),
        DiskFolder(),
        DiskFile(),
        EnterProject(),
        TakeValues(),
        SheetRow(),
        RegisterRow(),
        Document(),
        Party(),
    )
}


def longest_call() -> float:
    """Return the seconds that a call may take: a worker told to stop lets it come to its end."""
    return max(max(each.deadline, each.undo_deadline) for each in KINDS.values())


def kind(name: str) -> Kind[Any]:
    """Return the kind that an ``Effect`` names. Raises KeyError for a plan not made by Kakari."""
    return KINDS[name]
