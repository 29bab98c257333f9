"""Folders and files on a disk or a mounted network drive, below one root.

A file's identity is its path and its content, a folder's its path.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import TypeVar

from cards.sentences import Noun
from effects.base import Data, Done, Failed, Kind, Outcome, Unknown, World, outcome_of
from effects.disk_root import DiskRoot
from errors import KakariError
from errors.work import DiskTaken
from ledger.plan import Content

DEADLINE = 60.0
BATCH = 25
"""Few enough that a cancel, which comes between calls, is not long in coming."""


class DiskData(Data):
    root: str
    """The absolute path of the folder that projects go to."""
    path: str
    """Where, below ``root``, with slashes. It is data: it is checked again where it is used."""


D = TypeVar("D", bound=DiskData)


class DiskFolderData(DiskData):
    fresh: bool = False
    """Whether the folder must be new, as a project's own is. Others may be there already."""


class DiskFolder(Kind[DiskFolderData]):
    name = "disk.folder"
    noun = Noun("{n} folder", "{n} folders", "フォルダ{n}件")
    sign = "📁"
    deadline = DEADLINE
    batch = BATCH
    Data = DiskFolderData

    def line(self, data: DiskFolderData) -> str:
        return PurePosixPath(data.path).name

    def apply(self, effects: Sequence[tuple[str, DiskFolderData]], world: World) -> list[Outcome]:
        def make(disk: DiskRoot, data: DiskFolderData) -> None:
            disk.make_folder(data.path, job=world.job if data.fresh else None)

        return _apply(effects, make)

    def probe(
        self, effects: Sequence[tuple[str, DiskFolderData]], world: World
    ) -> list[Outcome | None]:
        def is_there(disk: DiskRoot, data: DiskFolderData) -> bool:
            return disk.has_folder(data.path, job=world.job if data.fresh else None)

        return _probe(effects, is_there)


class DiskFileData(DiskData):
    content: Content


class DiskFile(Kind[DiskFileData]):
    name = "disk.file"
    noun = Noun("{n} file", "{n} files", "ファイル{n}件")
    sign = "📄"
    deadline = DEADLINE
    batch = BATCH
    Data = DiskFileData

    def line(self, data: DiskFileData) -> str:
        return PurePosixPath(data.path).name

    def apply(self, effects: Sequence[tuple[str, DiskFileData]], world: World) -> list[Outcome]:
        def write(disk: DiskRoot, data: DiskFileData) -> None:
            disk.write(data.path, world.contents.read(data.content))

        return _apply(effects, write)

    def probe(
        self, effects: Sequence[tuple[str, DiskFileData]], world: World
    ) -> list[Outcome | None]:
        def is_there(disk: DiskRoot, data: DiskFileData) -> bool:
            return disk.has_file(data.path, world.contents.read(data.content))

        return _probe(effects, is_there)


def _apply(effects: Sequence[tuple[str, D]], make: Callable[[DiskRoot, D], None]) -> list[Outcome]:
    """Make a batch, and wait only once until the disk has it."""
    outcomes: list[Outcome] = []
    for root, batch in _by_root(effects):
        try:
            with DiskRoot(root) as disk:
                made = [_make(disk, data, make) for data in batch]
                outcomes += _settled(disk, made)
        except KakariError as error:
            outcomes += [outcome_of(error)] * len(batch)
    return outcomes


def _make(disk: DiskRoot, data: D, make: Callable[[DiskRoot, D], None]) -> Outcome:
    try:
        make(disk, data)
    except KakariError as error:
        return outcome_of(error)
    return Done(link=disk.full(data.path))


def _settled(disk: DiskRoot, made: list[Outcome]) -> list[Outcome]:
    try:
        disk.settle()
    except KakariError as error:
        return [Unknown(error) if isinstance(each, Done) else each for each in made]
    return made


def _probe(
    effects: Sequence[tuple[str, D]], is_there: Callable[[DiskRoot, D], bool]
) -> list[Outcome | None]:
    outcomes: list[Outcome | None] = []
    for root, batch in _by_root(effects):
        try:
            with DiskRoot(root) as disk:
                outcomes += [_look(disk, data, is_there) for data in batch]
        except KakariError as error:
            outcomes += [outcome_of(error, looking=True)] * len(batch)
    return outcomes


def _look(disk: DiskRoot, data: D, is_there: Callable[[DiskRoot, D], bool]) -> Outcome | None:
    try:
        return Done(link=disk.full(data.path)) if is_there(disk, data) else None
    except DiskTaken as error:
        return Failed(error)
    except KakariError as error:
        return outcome_of(error, looking=True)


def _by_root(effects: Sequence[tuple[str, D]]) -> Iterator[tuple[str, list[D]]]:
    for root, group in groupby((data for _, data in effects), key=lambda data: data.root):
        yield root, list(group)
