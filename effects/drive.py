"""Folders and files in Google Drive. Their identity is an id, chosen when they were planned."""

from collections.abc import Sequence

from cards.sentences import Noun
from effects.base import (
    Data,
    Done,
    Facts,
    Kind,
    Left,
    Outcome,
    Reversal,
    Undoing,
    Undone,
    Unknown,
    World,
    outcome_of,
    undoing_of,
)
from errors import KakariError
from errors.google import GoogleError, TryLater
from errors.work import ChangedSince, HoldsMore, MovedSince, RenamedSince
from ledger.plan import Content
from workspace import drive_file
from workspace.batch import PARTS
from workspace.batches import LONGEST_PAUSE
from workspace.drive import READ_SECONDS, UPLOAD_SECONDS, WRITE_SECONDS
from workspace.drive_file import MARK, Made, NewFile, NewFolder

UNDO_SECONDS = 2 * WRITE_SECONDS + 4 * READ_SECONDS + 3 * LONGEST_PAUSE
"""A look, perhaps a second one, and the trashing, each with a pause where Drive is busy."""


class DriveData(Data):
    id: str
    """One of ``Drive.new_ids``."""
    name: str
    parent: str
    """The id of a folder or of a shared drive."""


class DriveFolderData(DriveData):
    """A folder has nothing else."""


class DriveFolder(Kind[DriveFolderData]):
    name = "drive.folder"
    noun = Noun("{n} folder", "{n} folders", "フォルダ{n}件")
    sign = "📁"
    deadline = 2 * WRITE_SECONDS + 2 * READ_SECONDS + 2 * LONGEST_PAUSE
    batch = PARTS
    undo_batch = PARTS // 2
    """Each is looked at, and looked into."""
    undo_deadline = UNDO_SECONDS
    reversal = Reversal.REVERSIBLE
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

    def undo(self, effects: Sequence[tuple[DriveFolderData, Facts]], world: World) -> list[Undoing]:
        try:
            verdicts = _look_into(effects, world)
        except KakariError as error:
            return [undoing_of(error, looking=True)] * len(effects)
        return _trash(effects, verdicts, world)


class DriveFileData(DriveData):
    mime_type: str
    """What the bytes are; not one of Google's own formats, which take no id of ours."""
    content: Content


class DriveFile(Kind[DriveFileData]):
    name = "drive.file"
    noun = Noun("{n} file", "{n} files", "ファイル{n}件")
    sign = "📄"
    deadline = UPLOAD_SECONDS + 2 * READ_SECONDS + LONGEST_PAUSE
    undo_batch = PARTS
    undo_deadline = UNDO_SECONDS
    reversal = Reversal.REVERSIBLE
    Data = DriveFileData

    def line(self, data: DriveFileData) -> str:
        return data.name

    def apply(self, effects: Sequence[tuple[str, DriveFileData]], world: World) -> list[Outcome]:
        return [self._apply(data, world) for _, data in effects]

    def probe(
        self, effects: Sequence[tuple[str, DriveFileData]], world: World
    ) -> list[Outcome | None]:
        try:
            files = [_file(data, world) for _, data in effects]
            found = world.google_drive.find(files)
        except KakariError as error:
            return [outcome_of(error, looking=True)] * len(effects)
        return [
            None if result is None else _outcome(result, sha256=file.sha256)
            for file, result in zip(files, found, strict=True)
        ]

    def undo(self, effects: Sequence[tuple[DriveFileData, Facts]], world: World) -> list[Undoing]:
        try:
            found = world.google_drive.get_many([data.id for data, _ in effects])
        except KakariError as error:
            return [undoing_of(error, looking=True)] * len(effects)
        return _trash(effects, _as_made(effects, found, world.job), world)

    def _apply(self, data: DriveFileData, world: World) -> Outcome:
        try:
            file = _file(data, world)
            return _outcome(world.google_drive.create_file(file), sha256=file.sha256)
        except KakariError as error:
            return outcome_of(error)


def _folder(data: DriveFolderData, world: World) -> NewFolder:
    return NewFolder(data.id, data.name, data.parent, world.job)


def _file(data: DriveFileData, world: World) -> NewFile:
    content = world.contents.read(data.content)
    return NewFile(data.id, data.name, data.parent, world.job, data.mime_type, content)


def _outcome(result: Made | GoogleError, **facts: str) -> Outcome:
    """Return the outcome; ``facts`` are what tells, when it is undone, whether it was changed."""
    if isinstance(result, GoogleError):
        return outcome_of(result)
    return Done(result.link, {"id": result.id, "adopted": result.adopted, **facts})


Verdict = Undoing | None
"""What a look says of undoing an effect; None where it may be trashed."""


def _as_made(
    effects: Sequence[tuple[DriveData, Facts]],
    found: Sequence[drive_file.DriveFile | None],
    job: str,
) -> list[Verdict]:
    return [
        _verdict(data, facts, there, job)
        for (data, facts), there in zip(effects, found, strict=True)
    ]


def _verdict(
    data: DriveData, facts: Facts, found: drive_file.DriveFile | None, job: str
) -> Verdict:
    if found is None or found.trashed:
        return Undone()
    if found.name != data.name:
        return Left(RenamedSince(name=data.name, now=found.name))
    if data.parent not in found.parents:
        return Left(MovedSince(name=data.name))
    if found.sha256 != facts.get("sha256") or found.app_properties.get(MARK) != job:
        return Left(ChangedSince(name=data.name))
    return None


def _look_into(effects: Sequence[tuple[DriveFolderData, Facts]], world: World) -> list[Verdict]:
    """Look at folders and into them. Raises what kept it from looking."""
    drive = world.google_drive
    opened = drive.open_folders([data.id for data, _ in effects])
    folders = [None if each is None else each.folder for each in opened]
    verdicts = _as_made(effects, folders, world.job)
    listed = {
        at: each.listed
        for at, each in enumerate(opened)
        if verdicts[at] is None and each and each.listed
    }
    # A list may still show what was trashed a moment ago; a get does not.
    inside = drive.get_many(list(listed.values()))
    for at, child in zip(listed, inside, strict=True):
        data, _ = effects[at]
        if child and not child.trashed and data.id in child.parents:
            verdicts[at] = Left(HoldsMore(name=data.name))
        else:
            verdicts[at] = Unknown(TryLater(reason="a list that is behind"))
    return verdicts


def _trash(
    effects: Sequence[tuple[DriveData, Facts]], verdicts: Sequence[Verdict], world: World
) -> list[Undoing]:
    """Trash what may be. What a person does between the look and this is in the trash, whole."""
    ids = [data.id for (data, _), said in zip(effects, verdicts, strict=True) if said is None]
    errors = iter(world.google_drive.trash(ids) if ids else ())
    return [said or _trashed(next(errors)) for said in verdicts]


def _trashed(error: GoogleError | None) -> Undoing:
    return undoing_of(error) if error else Undone()
