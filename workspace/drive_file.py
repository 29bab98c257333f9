"""What lies in Google Drive, and what Kakari asks to be there."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

FOLDER = "application/vnd.google-apps.folder"
MARK = "kakari"
"""The private app property that names the job a file was made for."""

FIELDS = "id,name,mimeType,parents,driveId,trashed,webViewLink,size,sha256Checksum,appProperties"
MADE_FIELDS = "id,webViewLink"


@dataclass(frozen=True)
class DriveFile:
    """A file or folder as it is in Drive."""

    id: str
    name: str
    mime_type: str
    parents: tuple[str, ...] = ()
    trashed: bool = False
    link: str | None = None
    size: int | None = None
    """Bytes; None for folders and Google's own formats, which have none."""
    sha256: str | None = None
    app_properties: dict[str, str] = field(default_factory=dict)
    shared_drive: str | None = None
    """The id of the shared drive it lies in; None in somebody's My Drive."""

    @classmethod
    def of(cls, answer: dict[str, Any]) -> "DriveFile":
        size = answer.get("size")
        return cls(
            id=answer["id"],
            name=answer["name"],
            mime_type=answer["mimeType"],
            parents=tuple(answer.get("parents", ())),
            trashed=answer.get("trashed", False),
            link=answer.get("webViewLink"),
            size=None if size is None else int(size),
            sha256=answer.get("sha256Checksum"),
            app_properties=answer.get("appProperties", {}),
            shared_drive=answer.get("driveId"),
        )


@dataclass(frozen=True)
class NewFolder:
    """A folder to make. ``id`` comes from ``Drive.new_ids``, ``job`` is who it is made for."""

    id: str
    name: str
    parent: str
    job: str

    @property
    def body(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "parents": [self.parent],
            "mimeType": FOLDER,
            "appProperties": {MARK: self.job},
        }

    def is_there(self, found: DriveFile) -> bool:
        """Whether ``found``, which has our id, is this and alive."""
        return found.mime_type == FOLDER and _is_ours(self, found)


@dataclass(frozen=True)
class NewFile:
    """A file to make, with its bytes."""

    id: str
    name: str
    parent: str
    job: str
    mime_type: str
    content: bytes = field(repr=False)

    @property
    def body(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "parents": [self.parent],
            "mimeType": self.mime_type,
            "appProperties": {MARK: self.job},
        }

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def is_there(self, found: DriveFile) -> bool:
        """Whether ``found``, which has our id, is this, unchanged and alive."""
        return (
            found.size == len(self.content)
            and found.sha256 == self.sha256
            and _is_ours(self, found)
        )


def _is_ours(new: NewFolder | NewFile, found: DriveFile) -> bool:
    return (
        not found.trashed
        and found.name == new.name
        and new.parent in found.parents
        and found.app_properties.get(MARK) == new.job
    )


@dataclass(frozen=True)
class Made:
    """What was asked for is there. ``adopted``: an earlier attempt had made it."""

    id: str
    link: str | None
    adopted: bool = False


@dataclass(frozen=True)
class OpenFolder:
    """A folder as it is in Drive, and what is listed in it."""

    folder: DriveFile
    listed: str | None
    """The id of one thing in it that is not trashed, by a list that may be some seconds old."""
