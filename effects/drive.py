"""Folders and files in Google Drive. Their identity is an id, chosen when they were planned."""

from collections.abc import Sequence

from cards.sentences import Noun
from effects.base import Data, Done, Kind, Outcome, World, outcome_of
from errors import KakariError
from errors.google import GoogleError
from ledger.plan import Content
from workspace.drive import LONGEST_PAUSE, READ_SECONDS, UPLOAD_SECONDS, WRITE_SECONDS
from workspace.drive_file import Made, NewFile, NewFolder


class DriveFolderData(Data):
    id: str
    """One of ``Drive.new_ids``."""
    name: str
    parent: str
    """The id of a folder or of a shared drive."""


class DriveFolder(Kind[DriveFolderData]):
    name = "drive.folder"
    noun = Noun("{n} folder", "{n} folders", "フォルダ{n}件")
    sign = "📁"
    deadline = 2 * WRITE_SECONDS + 2 * READ_SECONDS + 2 * LONGEST_PAUSE
    batch = 100
    Data = DriveFolderData

    def line(self, data: DriveFolderData) -> str:
        return data.name

    def apply(self, effects: Sequence[tuple[str, DriveFolderData]], world: World) -> list[Outcome]:
        folders = [_folder(data, world) for _, data in effects]
        try:
            return [_outcome(result) for result in world.google_drive.create_folders(folders)]
        except KakariError as error:
            return [outcome_of(error)] * len(effects)

    def probe(
        self, effects: Sequence[tuple[str, DriveFolderData]], world: World
    ) -> list[Outcome | None]:
        try:
            found = world.google_drive.find([_folder(data, world) for _, data in effects])
        except KakariError as error:
            return [outcome_of(error, looking=True)] * len(effects)
        return [None if result is None else _outcome(result) for result in found]


class DriveFileData(Data):
    id: str
    """One of ``Drive.new_ids``."""
    name: str
    parent: str
    mime_type: str
    """What the bytes are; not one of Google's own formats, which take no id of ours."""
    content: Content


class DriveFile(Kind[DriveFileData]):
    name = "drive.file"
    noun = Noun("{n} file", "{n} files", "ファイル{n}件")
    sign = "📄"
    deadline = UPLOAD_SECONDS + 2 * READ_SECONDS + LONGEST_PAUSE
    Data = DriveFileData

    def line(self, data: DriveFileData) -> str:
        return data.name

    def apply(self, effects: Sequence[tuple[str, DriveFileData]], world: World) -> list[Outcome]:
        return [self._apply(data, world) for _, data in effects]

    def probe(
        self, effects: Sequence[tuple[str, DriveFileData]], world: World
    ) -> list[Outcome | None]:
        try:
            found = world.google_drive.find([_file(data, world) for _, data in effects])
        except KakariError as error:
            return [outcome_of(error, looking=True)] * len(effects)
        return [None if result is None else _outcome(result) for result in found]

    def _apply(self, data: DriveFileData, world: World) -> Outcome:
        try:
            return _outcome(world.google_drive.create_file(_file(data, world)))
        except KakariError as error:
            return outcome_of(error)


def _folder(data: DriveFolderData, world: World) -> NewFolder:
    return NewFolder(data.id, data.name, data.parent, world.job)


def _file(data: DriveFileData, world: World) -> NewFile:
    content = world.contents.read(data.content)
    return NewFile(data.id, data.name, data.parent, world.job, data.mime_type, content)


def _outcome(result: Made | GoogleError) -> Outcome:
    if isinstance(result, GoogleError):
        return outcome_of(result)
    return Done(link=result.link, facts={"id": result.id, "adopted": result.adopted})
