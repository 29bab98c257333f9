"""The kinds of effect there are."""

from typing import Any

from effects.base import Kind
from effects.disk import DiskFile, DiskFolder
from effects.document import Document
from effects.drive import DriveFile, DriveFolder
from effects.party import Party

KINDS: dict[str, Kind[Any]] = {
    each.name: each
    for each in (DriveFolder(), DriveFile(), DiskFolder(), DiskFile(), Document(), Party())
}


def kind(name: str) -> Kind[Any]:
    """Return the kind that an ``Effect`` names. Raises KeyError for a plan not made by Kakari."""
    return KINDS[name]
