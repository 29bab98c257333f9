"""What Drive remembers: a forest of files, one tree for each shared drive and each person.

A stored file is never changed in place, it is replaced.
"""

import hashlib
import secrets
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from simulator.clock import now_in_milliseconds
from simulator.drive.blobs import Blobs
from simulator.drive.ids import IdMint
from simulator.feed import Feed

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
GOOGLE_TYPE = "application/vnd.google-apps."
#: Stands where an e-mail address does: everybody who has the link.
ANYONE = "anyone"
_MAY_EDIT = {"owner", "fileOrganizer", "writer"}


@dataclass(frozen=True)
class File:
    id: str
    name: str
    mime_type: str
    parent: str | None
    """None for the root of a drive."""
    drive_id: str | None
    """The shared drive it lives in; None in somebody's My Drive."""
    owner: str | None
    """Who owns it; what lives in a shared drive has no owner."""
    created: str
    modified: str
    modified_by: str
    version: int
    trashed: bool = False
    """Put into the trash itself, rather than lying in a trashed folder."""
    starred: bool = False
    description: str | None = None
    app_properties: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    shortcut_target: str | None = None
    sha256: str | None = None
    md5: str | None = None
    size: int | None = None
    original_name: str | None = None
    shared_with: dict[str, str] = field(default_factory=dict)
    """E-mail address to role (``writer``, ``commenter``, ``reader``), besides owner and members."""

    @property
    def is_folder(self) -> bool:
        return self.mime_type == FOLDER

    @property
    def is_root(self) -> bool:
        return self.parent is None

    def to_json(self) -> dict[str, Any]:
        """Only what differs from the defaults, to keep the snapshot of a big tree small."""
        return {
            key: value for key, value in vars(self).items() if value not in (None, False, {}, ())
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        optional = {"parent": None, "drive_id": None, "owner": None}
        known = {each.name for each in fields(cls)}
        return cls(**optional | {key: value for key, value in data.items() if key in known})


@dataclass(frozen=True)
class SharedDrive:
    id: str
    name: str
    created: str
    members: tuple[str, ...]
    """E-mail addresses of those who may see and change what is in it."""
    request_id: str | None = None
    contributors: tuple[str, ...] = ()
    """Those of them who may add and edit, but neither trash nor delete, as content managers may."""


class DriveState:
    def __init__(
        self,
        blobs: Blobs | None = None,
        lock: "threading.RLock | None" = None,
        touched: threading.Event | None = None,
        feed: Feed | None = None,
    ) -> None:
        self.lock = lock or threading.RLock()
        self.blobs = blobs or Blobs()
        self.ids = IdMint()
        self.page_origin: str | None = None
        """Where people open files; None for wherever the caller reached the simulator."""
        self._touched = touched or threading.Event()
        self._feed = feed or Feed()
        self._files: dict[str, File] = {}
        self._children: dict[str, dict[str, None]] = {}
        self._used_ids: set[str] = set()
        self._drives: dict[str, SharedDrive] = {}
        self._version = 0

    # Shared drives

    def shared_drives(self) -> list[SharedDrive]:
        with self.lock:
            return list(self._drives.values())

    def shared_drive(self, drive_id: str) -> SharedDrive:
        with self.lock:
            return self._drives[drive_id]

    def add_shared_drive(
        self,
        name: str,
        members: tuple[str, ...],
        *,
        drive_id: str | None = None,
        request_id: str | None = None,
        contributors: tuple[str, ...] = (),
    ) -> SharedDrive:
        """Make a shared drive with an empty root folder of the same id."""
        with self.lock:
            made = now_in_milliseconds()
            drive_id = drive_id or f"0A{secrets.token_urlsafe(10)}PVA"
            drive = SharedDrive(drive_id, name, made, members, request_id, contributors)
            self._drives[drive_id] = drive
            self._add_root(drive_id, name, drive_id=drive_id, owner=None)
            return drive

    def root_of(self, user: str) -> File:
        """Return the root of a person's My Drive."""
        with self.lock:
            root_id = "0A" + hashlib.sha256(user.encode()).hexdigest()[:17]
            if root_id not in self._files:
                self._add_root(root_id, "My Drive", drive_id=None, owner=user)
            return self._files[root_id]

    # Files

    def file(self, file_id: str) -> File:
        """Return the file of that id; KeyError if there is none."""
        with self.lock:
            return self._files[file_id]

    def has(self, file_id: str) -> bool:
        with self.lock:
            return file_id in self._files

    def files(self) -> list[File]:
        with self.lock:
            return list(self._files.values())

    def children(self, folder_id: str) -> list[File]:
        with self.lock:
            return [self._files[child] for child in self._children.get(folder_id, ())]

    def below(self, file: File) -> Iterator[File]:
        """Walk through everything in a folder, at any depth."""
        for child in self.children(file.id):
            yield child
            yield from self.below(child)

    def above(self, file: File) -> Iterator[File]:
        """Walk from a file through the folders it lies in, up to the root of its drive."""
        yield file
        while file.parent:
            file = self._files[file.parent]
            yield file

    def is_used(self, file_id: str) -> bool:
        """Whether a file ever had that id, also one that is deleted by now."""
        with self.lock:
            return file_id in self._used_ids

    def is_trashed(self, file: File) -> bool:
        with self.lock:
            return any(each.trashed for each in self.above(file))

    def roles(self, file: File) -> dict[str, str]:
        """Who may do what with a file, by e-mail address; what is nearest to the file counts."""
        with self.lock:
            shared: dict[str, str] = {}
            for each in self.above(file):
                shared = each.shared_with | shared
            if file.drive_id:
                return shared | dict.fromkeys(self._drives[file.drive_id].members, "fileOrganizer")
            return shared | ({file.owner: "owner"} if file.owner else {})

    def can_see(self, user: str, file: File) -> bool:
        if file.drive_id and user in self._drives[file.drive_id].members:
            return True
        return file.owner == user or not {user, ANYONE}.isdisjoint(self.roles(file))

    def can_edit(self, user: str, file: File) -> bool:
        roles = self.roles(file)
        return not _MAY_EDIT.isdisjoint({roles.get(user), roles.get(ANYONE)})

    def share(self, file: File, user: str, shared_with: dict[str, str]) -> File:
        """Share a file anew; that is no change of the file itself."""
        return self.change(file, user, shared_with=shared_with, modified=file.modified)

    def add(
        self, name: str, mime_type: str, parent: File, user: str, *, file_id: str, **details: Any
    ) -> File:
        with self.lock:
            made = now_in_milliseconds()
            file = File(
                id=file_id,
                name=name,
                mime_type=mime_type,
                parent=parent.id,
                drive_id=parent.drive_id,
                owner=None if parent.drive_id else user,
                modified_by=user,
                version=self._next_version(),
                **{"created": made, "modified": made} | details,
            )
            self._put(file)
            return file

    def change(self, file: File, user: str, **changes: Any) -> File:
        """Replace a file by a newer version of it; what it holds moves along."""
        with self.lock:
            stamps = {"modified": now_in_milliseconds(), "modified_by": user}
            new = replace(file, **stamps | changes, version=self._next_version())
            if new.parent != file.parent and file.parent:
                del self._children[file.parent][file.id]
            self._put(new)
            if new.drive_id != file.drive_id:
                for inner in list(self.below(new)):
                    self._put(replace(inner, drive_id=new.drive_id, owner=new.owner))
            return new

    def remove(self, file: File) -> None:
        """Delete a file for good, with everything in it."""
        with self.lock:
            for each in [*self.below(file), file]:
                del self._files[each.id]
                self._children.pop(each.id, None)
            if file.parent:
                del self._children[file.parent][file.id]
            self._tell(file.id)

    def content(self, content: bytes) -> dict[str, Any]:
        """Store content; the details of a file that has it."""
        return {
            "sha256": self.blobs.put(content),
            "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            "size": len(content),
        }

    # Snapshots

    def forget_files(self) -> None:
        """Empty every drive; the drives stay."""
        with self.lock:
            self._files = {key: file for key, file in self._files.items() if file.is_root}
            self._children = {}
            self._used_ids = set(self._files)
            self.blobs.keep_only(set())
            self._tell(None)

    def snapshot(self) -> dict[str, Any]:
        with self.lock:
            files, drives = list(self._files.values()), list(self._drives.values())
            rest = {
                "secret": self.ids.secret,
                "version": self._version,
                "used_ids": sorted(self._used_ids - self._files.keys()),
            }
        return rest | {
            "drives": [asdict(drive) for drive in drives],
            "files": [file.to_json() for file in files],
        }

    def restore(self, data: dict[str, Any]) -> None:
        with self.lock:
            self.ids = IdMint(data["secret"])
            self._version = data["version"]
            self._drives = {
                drive["id"]: SharedDrive(
                    **drive
                    | {key: tuple(drive.get(key, ())) for key in ("members", "contributors")}
                )
                for drive in data["drives"]
            }
            self._files, self._children = {}, {}
            self._used_ids = set(data["used_ids"])
            for file in data["files"]:
                self._put(File.from_json(file))
            self.blobs.keep_only({file.sha256 for file in self._files.values() if file.sha256})

    # Inside

    def _put(self, file: File) -> None:
        self._files[file.id] = file
        self._used_ids.add(file.id)
        if file.parent:
            self._children.setdefault(file.parent, {})[file.id] = None
        self._tell(file.id)

    def _add_root(
        self, file_id: str, name: str, *, drive_id: str | None, owner: str | None
    ) -> None:
        made = now_in_milliseconds()
        self._put(
            File(
                id=file_id,
                name=name,
                mime_type=FOLDER,
                parent=None,
                drive_id=drive_id,
                owner=owner,
                created=made,
                modified=made,
                modified_by=owner or "",
                version=self._next_version(),
            )
        )

    def _next_version(self) -> int:
        self._version += 1
        return self._version

    def _tell(self, file_id: str | None) -> None:
        self._touched.set()
        self._feed.publish({"type": "drive.changed", "file": file_id})
