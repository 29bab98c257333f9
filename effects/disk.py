"""Folders and files on a disk or a mounted network drive, below one root.

A file's identity is its path and its content, a folder's its path.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import TypeVar

from cards.sentences import Noun
from effects.base import (
    Data,
    Done,
    Facts,
    Failed,
    Kind,
    Outcome,
    Reversal,
    Undoing,
    Undone,
    Unknown,
    World,
    outcome_of,
    undoing_of,
)
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
S = TypeVar("S")


class DiskFolderData(DiskData):
    fresh: bool = False
    """Whether the folder must be new, as a project's own is. Others may be there already."""


class DiskFolder(Kind[DiskFolderData]):
    name = "disk.folder"
    noun = Noun("{n} folder", "{n} folders", "フォルダ{n}件")
    sign = "📁"
    deadline = undo_deadline = DEADLINE
    batch = undo_batch = BATCH
    reversal = Reversal.REVERSIBLE
    Data = DiskFolderData

    def line(self, data: DiskFolderData) -> str:
        return PurePosixPath(data.path).name

    def apply(self, effects: Sequence[tuple[str, DiskFolderData]], world: World) -> list[Outcome]:
        def make(disk: DiskRoot, data: DiskFolderData) -> Facts:
            disk.make_folder(data.path, job=_owner(data, world))
            return {}

        return _apply(effects, make, world)

    def probe(
        self, effects: Sequence[tuple[str, DiskFolderData]], world: World
    ) -> list[Outcome | None]:
        def look(disk: DiskRoot, data: DiskFolderData) -> Facts | None:
            return {} if disk.has_folder(data.path, job=_owner(data, world)) else None

        return _probe(effects, look)

    def undo(self, effects: Sequence[tuple[DiskFolderData, Facts]], world: World) -> list[Undoing]:
        def remove(disk: DiskRoot, data: DiskFolderData, _facts: Facts) -> None:
            disk.remove_folder(data.path, job=_owner(data, world))

        return _undo(effects, remove, world)


def _owner(data: DiskFolderData, world: World) -> str | None:
    """Return the job that the folder must be claimed for, if it must."""
    return world.job if data.fresh else None


class DiskFileData(DiskData):
    content: Content


class DiskFile(Kind[DiskFileData]):
    name = "disk.file"
    noun = Noun("{n} file", "{n} files", "ファイル{n}件")
    sign = "📄"
    deadline = undo_deadline = DEADLINE
    batch = undo_batch = BATCH
    reversal = Reversal.REVERSIBLE
    Data = DiskFileData

    def line(self, data: DiskFileData) -> str:
        return PurePosixPath(data.path).name

    def apply(self, effects: Sequence[tuple[str, DiskFileData]], world: World) -> list[Outcome]:
        def write(disk: DiskRoot, data: DiskFileData) -> Facts:
            content = world.contents.read(data.content)
            disk.write(data.path, content)
            return _facts(content)

        return _apply(effects, write, world)

    def probe(
        self, effects: Sequence[tuple[str, DiskFileData]], world: World
    ) -> list[Outcome | None]:
        def look(disk: DiskRoot, data: DiskFileData) -> Facts | None:
            content = world.contents.read(data.content)
            return _facts(content) if disk.has_file(data.path, content) else None

        return _probe(effects, look)

    def undo(self, effects: Sequence[tuple[DiskFileData, Facts]], world: World) -> list[Undoing]:
        def remove(disk: DiskRoot, data: DiskFileData, facts: Facts) -> None:
            written = Content(sha256=facts["sha256"], size=facts["size"])
            disk.remove_file(data.path, written)

        return _undo(effects, remove, world)


def _facts(content: bytes) -> Facts:
    """Return what tells, when the file is undone, whether it was changed since."""
    return Content.of(content).model_dump(include={"sha256", "size"})


def _apply(
    effects: Sequence[tuple[str, D]], make: Callable[[DiskRoot, D], Facts], world: World
) -> list[Outcome]:
    """Make a batch, and wait only once until the disk has it."""
    world.before_send(DEADLINE)
    outcomes: list[Outcome] = []
    for root, group in groupby((data for _, data in effects), key=lambda data: data.root):
        batch = list(group)
        try:
            with DiskRoot(root) as disk:
                made = [_make(disk, data, make) for data in batch]
                outcomes += _settled(disk, made, Done)
        except KakariError as error:
            outcomes += [outcome_of(error)] * len(batch)
    return outcomes


def _make(disk: DiskRoot, data: D, make: Callable[[DiskRoot, D], Facts]) -> Outcome:
    try:
        facts = make(disk, data)
    except KakariError as error:
        return outcome_of(error)
    return Done(disk.full(data.path), dict(facts))


def _probe(
    effects: Sequence[tuple[str, D]], look: Callable[[DiskRoot, D], Facts | None]
) -> list[Outcome | None]:
    outcomes: list[Outcome | None] = []
    for root, group in groupby((data for _, data in effects), key=lambda data: data.root):
        batch = list(group)
        try:
            with DiskRoot(root) as disk:
                outcomes += [_look(disk, data, look) for data in batch]
        except KakariError as error:
            outcomes += [outcome_of(error, looking=True)] * len(batch)
    return outcomes


def _look(disk: DiskRoot, data: D, look: Callable[[DiskRoot, D], Facts | None]) -> Outcome | None:
    try:
        facts = look(disk, data)
    except DiskTaken as error:
        return Failed(error)
    except KakariError as error:
        return outcome_of(error, looking=True)
    return None if facts is None else Done(disk.full(data.path), dict(facts))


def _undo(
    effects: Sequence[tuple[D, Facts]], remove: Callable[[DiskRoot, D, Facts], None], world: World
) -> list[Undoing]:
    """Take a batch away, and wait only once until the disk has it."""
    world.before_send(DEADLINE)
    outcomes: list[Undoing] = []
    for root, group in groupby(effects, key=lambda effect: effect[0].root):
        batch = list(group)
        try:
            with DiskRoot(root) as disk:
                removed = [_remove(disk, data, facts, remove) for data, facts in batch]
                outcomes += _settled(disk, removed, Undone)
        except KakariError as error:
            outcomes += [undoing_of(error, looking=True)] * len(batch)
    return outcomes


def _remove(
    disk: DiskRoot, data: D, facts: Facts, remove: Callable[[DiskRoot, D, Facts], None]
) -> Undoing:
    try:
        remove(disk, data, facts)
    except KakariError as error:
        return undoing_of(error)
    return Undone()


def _settled(disk: DiskRoot, outcomes: list[S], good: type) -> list[S | Unknown]:
    """Return the outcomes; the good ones are open where the disk may not have them."""
    try:
        disk.settle()
    except KakariError as error:
        return [Unknown(error) if isinstance(each, good) else each for each in outcomes]
    return list(outcomes)
