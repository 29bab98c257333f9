"""Where projects go, and how a tree of folders and files gets there as effects."""

import mimetypes
import os
from collections.abc import Iterator
from dataclasses import dataclass
from errno import EACCES, ENOENT, ENOTDIR
from pathlib import Path, PurePosixPath
from typing import Protocol

from pydantic import JsonValue

from effects.disk_root import REASONS
from errors.google import DriveFolderMissing
from errors.settings import SettingsError
from errors.work import DiskRefused
from ledger.plan import Content, Effect
from tasks.base import Look
from tasks.project.render import Tree
from workspace.drive import Drive
from workspace.drive_file import FOLDER

ROOT = PurePosixPath("/")

# The tables of the operating system differ from machine to machine, a plan must not.
MIME_TYPES = mimetypes.MimeTypes()
for suffix, kind in {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".md": "text/markdown",
    ".yml": "application/yaml",
}.items():
    MIME_TYPES.add_type(kind, suffix)


class Place(Protocol):
    """A folder that projects are made in."""

    def effects(self, name: str, tree: Tree) -> Iterator[Effect]:
        """Yield what makes a project of this name: folders level by level, then the files.

        An effect's key is its path within the project, ``/`` for the project's own folder.
        """
        ...


def open_place(look: Look) -> Place:
    """Return the place that is set, having seen that it is there.

    Raises DriveFolderMissing, DiskRefused, and SettingsError for what is no place at all.
    """
    kind, _, where = look.setting.place.partition(":")
    if kind == "drive" and look.drive:
        found = look.drive.get(where)
        if found is None or found.trashed or found.mime_type != FOLDER:
            raise DriveFolderMissing(folder=where)
        return DrivePlace(look.drive, where)
    if kind == "disk":
        return _disk(where)
    raise SettingsError(problem=f"KAKARI_PROJECT_PLACE={look.setting.place}")


@dataclass(frozen=True)
class DrivePlace:
    drive: Drive
    folder: str

    def effects(self, name: str, tree: Tree) -> Iterator[Effect]:
        folders = [ROOT, *(ROOT / path for path in tree.folders)]
        files = {ROOT / path: content for path, content in tree.files}
        ids = dict(
            zip([*folders, *files], self.drive.new_ids(len(folders) + len(files)), strict=True)
        )

        def item(path: PurePosixPath) -> dict[str, JsonValue]:
            if path == ROOT:
                return {"id": ids[path], "name": name, "parent": self.folder}
            return {"id": ids[path], "name": path.name, "parent": ids[path.parent]}

        for path in folders:
            yield _effect(path, "drive.folder", item(path))
        for path, content in files.items():
            mime_type = MIME_TYPES.guess_type(path.name)[0] or "application/octet-stream"
            data = {**item(path), "mime_type": mime_type, "content": _json(content)}
            yield _effect(path, "drive.file", data)


@dataclass(frozen=True)
class DiskPlace:
    root: str

    def effects(self, name: str, tree: Tree) -> Iterator[Effect]:
        below = PurePosixPath(name)

        def item(path: PurePosixPath) -> dict[str, JsonValue]:
            return {"root": self.root, "path": str(below / path)}

        # A project's own folder must be new: two projects never share one.
        yield _effect(ROOT, "disk.folder", {**item(PurePosixPath()), "fresh": True})
        for path in tree.folders:
            yield _effect(ROOT / path, "disk.folder", item(path))
        for path, content in tree.files:
            yield _effect(ROOT / path, "disk.file", {**item(path), "content": _json(content)})


def _effect(path: PurePosixPath, kind: str, data: dict[str, JsonValue]) -> Effect:
    after = () if path == ROOT else (str(path.parent),)
    return Effect(key=str(path), kind=kind, data=data, after=after)


def _json(content: Content) -> JsonValue:
    return content.model_dump(mode="json")


def _disk(root: str) -> DiskPlace:
    """Return the place on disk. A NAS that is not mounted, or not for us, is told beforehand."""
    path = Path(root)
    for wrong, errno in (
        (not (path.is_absolute() and path.exists()), ENOENT),
        (not path.is_dir(), ENOTDIR),
        (not os.access(path, os.W_OK | os.X_OK), EACCES),
    ):
        if wrong:
            reason, reason_ja = REASONS[errno]
            raise DiskRefused(path=root, reason=reason, reason_ja=reason_ja)
    return DiskPlace(root)
