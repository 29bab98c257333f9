"""Where a document's file goes: into the folder of its project, or beside the projects."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import JsonValue
from sqlalchemy import select

from errors.document import ProjectUnknown
from ledger import projects
from ledger.database import Ledger
from ledger.models import EffectRow, EffectState, Number
from ledger.plan import Content, Effect
from tasks.base import Look
from tasks.project.place import ROOT, DiskPlace, DrivePlace, open_place

PDF = "application/pdf"


@dataclass(frozen=True)
class Shelf:
    """A folder that files are put into; ``data`` is what names it in an effect."""

    kind: str
    look: Look
    data: dict[str, JsonValue]

    @classmethod
    def open(cls, look: Look, project: str) -> "Shelf":
        """Return the project's folder; beside the projects for one that has none.

        Raises ProjectUnknown, and what ``open_place`` raises.
        """
        place = open_place(look)
        made = _folder(look.ledger, project) if look.ledger and project else None
        if isinstance(place, DrivePlace):
            return cls("drive.file", look, {"parent": made["id"] if made else place.folder})
        assert isinstance(place, DiskPlace)
        return cls("disk.file", look, {"root": place.root, "path": made["path"] if made else ""})

    def put(self, key: str, name: str, content: Content, after: str) -> Effect:
        """Return the effect that puts a PDF there."""
        data: dict[str, JsonValue] = {**self.data, "content": content.model_dump(mode="json")}
        if self.kind == "drive.file":
            assert self.look.drive is not None
            (file_id,) = self.look.drive.new_ids(1)
            data |= {"id": file_id, "name": name, "mime_type": PDF}
        else:
            data["path"] = str(PurePosixPath(str(data["path"])) / name)
        return Effect(key=key, kind=self.kind, data=data, after=(after,))

    def address(self, put: Effect) -> str:
        """Return where people will find the file that an effect puts here."""
        if self.look.drive is not None and self.kind == "drive.file":
            return self.look.drive.address(str(put.data["id"]))
        return str(PurePosixPath(str(self.data["root"])) / str(put.data["path"]))


def _folder(ledger: Ledger, project: str) -> dict[str, JsonValue] | None:
    """Return the data of the effect that made a project's own folder; a sheet's project has none.

    Raises ProjectUnknown.
    """
    there = (
        select(EffectRow.data)
        .join(Number, Number.job_id == EffectRow.job_id)
        .where(
            Number.series == "project",
            Number.written == project,
            Number.void_at.is_(None),
            EffectRow.key == str(ROOT),
            EffectRow.state == EffectState.DONE,
        )
    )
    with ledger.read() as tx:
        found: dict[str, JsonValue] | None = tx.scalar(there)
        scheduled = projects.find(tx, project)
    if found is None and scheduled is None:
        raise ProjectUnknown(project=project)
    return found
