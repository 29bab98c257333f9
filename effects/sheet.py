"""Rows of a table in Google Sheets that people edit too. Their identity is a key in a column.

All rows of a plan travel together: ``sheet_writing`` says how.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

from cards.sentences import Noun
from effects.base import (
    Done,
    Facts,
    Failed,
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
from effects.sheet_writing import SheetRowData, SheetWriting
from errors import KakariError
from errors.schedule import EditedSince, RowsOverwritten, RowStays
from workspace.sheets import SECONDS

R = TypeVar("R")


class SheetRow(Kind[SheetRowData]):
    name = "sheet.row"
    noun = Noun("{n} row written", "{n} rows written", "予定表への記入{n}件")
    sign = "📝"
    deadline = SECONDS
    batch = 100_000
    undo_batch = 100_000
    undo_deadline = SECONDS
    reversal = Reversal.REVERSIBLE
    # What becomes ready meanwhile travels in the next call: Google counts them.
    at_once = 1
    Data = SheetRowData

    def line(self, data: SheetRowData) -> str:
        return data.shown

    def apply(self, effects: Sequence[tuple[str, SheetRowData]], world: World) -> list[Outcome]:
        some = [data for _, data in effects]
        try:
            return _by_table(some, lambda rows: SheetWriting(rows, world).write())
        except KakariError as error:
            return [outcome_of(error)] * len(effects)

    def probe(
        self, effects: Sequence[tuple[str, SheetRowData]], world: World
    ) -> list[Outcome | None]:
        some = [data for _, data in effects]
        try:
            return _by_table(some, lambda rows: SheetWriting(rows, world).look())
        except KakariError as error:
            return [outcome_of(error, looking=True)] * len(effects)

    def undo(self, effects: Sequence[tuple[SheetRowData, Facts]], world: World) -> list[Undoing]:
        back = [_backwards(data) for data, _ in effects if not _stays(data)]
        try:
            outcomes = iter(_by_table(back, lambda rows: SheetWriting(rows, world).write()))
        except KakariError as error:
            return [undoing_of(error, looking=True)] * len(effects)
        return [
            Left(RowStays(key=data.key)) if _stays(data) else _undone(data, next(outcomes))
            for data, _ in effects
        ]


class RegisterRow(SheetRow):
    """A document's row in the register's sheet. It is never deleted: an undo makes it void."""

    name = "register.row"
    noun = Noun("{n} row in the register", "{n} rows in the register", "取引台帳への記入{n}件")
    sign = "📒"
    reversal = Reversal.COMPENSABLE


def _by_table(
    rows: Sequence[SheetRowData], do: Callable[[Sequence[SheetRowData]], Sequence[R]]
) -> list[R]:
    """Do something for the rows of each table, and return the outcomes in the order of the rows."""
    tables: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for at, data in enumerate(rows):
        tables[data.spreadsheet, data.tab].append(at)
    outcomes: dict[int, R] = {}
    for places in tables.values():
        outcomes |= zip(places, do([rows[at] for at in places]), strict=True)
    return [outcomes[at] for at in range(len(rows))]


def _stays(data: SheetRowData) -> bool:
    return data.present is None and not data.instead


def _backwards(data: SheetRowData) -> SheetRowData:
    """Return what takes a written row back: a person may have moved it, so its key finds it."""
    if data.present is None:
        return data.model_copy(update={"present": data.key, "cells": data.instead, "dates": ()})
    return data.model_copy(
        update={
            "key": data.present,
            "present": data.key,
            "cells": {name: (new, was) for name, (was, new) in data.cells.items()},
            "dates": (),
            "agrees": {},
        }
    )


def _undone(data: SheetRowData, outcome: Outcome) -> Undoing:
    match outcome:
        case Done():
            return Undone()
        case Failed(RowsOverwritten() as error):
            return Left(error)
        case Failed(error) if error.permanent:
            return Left(EditedSince(key=data.key))
        case Failed(error) | Unknown(error):
            return undoing_of(error, looking=True)
