"""The sheet's rows as they are compared, with what of them was not understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tasks.schedule.cells import Cell, read_cell, read_text
from tasks.schedule.columns import Layout
from tasks.schedule.fields import DATES, Field, Values

LONGEST_KEY = 100
"""Characters of a key; the ledger keeps no longer ones."""


@dataclass(frozen=True)
class SheetRow:
    """A row of the sheet in which something stands."""

    number: int
    """As people count: the first row of the sheet is 1."""
    key: str
    """What stands in the key column, or nothing."""
    values: Values


@dataclass(frozen=True)
class Unread:
    """A cell that is not understood. It is left alone."""

    address: str
    """Such as ``E12``."""
    text: str
    key: str


@dataclass(frozen=True)
class Table:
    layout: Layout
    rows: tuple[SheetRow, ...]
    unread: tuple[Unread, ...]


def read_table(
    rows: Sequence[Sequence[Cell]],
    layout: Layout,
    today: date,
    before: Mapping[str, Values],
) -> Table:
    """Read the rows below the header; those in which nothing stands are left out.

    ``before`` says what was read last time: a date without a year is near that one, else near
    ``today``.
    """
    found, unread = [], []
    for number, cells in enumerate(rows[layout.header + 1 :], start=layout.header + 2):
        key = read_text(_at(cells, layout.key))
        if key is None or len(key) > LONGEST_KEY:
            unread.append(_unread(number, layout.key, cells, ""))
            continue  # which project this row is cannot be told
        was = before.get(key, {})
        values: dict[Field, str] = {}
        for field, column in layout.columns.items():
            near = _day(was.get(field)) or today if field in DATES else today
            value = read_cell(field, _at(cells, column), near)
            if value is None:
                unread.append(_unread(number, column, cells, key))
            else:
                values[field] = value
        if key or any(values.values()):
            found.append(SheetRow(number, key, values))
    return Table(layout, tuple(found), tuple(unread))


def address(row: int, column: int) -> str:
    """Return a cell's address; ``row`` counts from 1 and ``column`` from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _at(cells: Sequence[Cell], column: int) -> Cell:
    return cells[column] if column < len(cells) else ""


def _unread(number: int, column: int, cells: Sequence[Cell], key: str) -> Unread:
    return Unread(address(number, column), " ".join(str(_at(cells, column)).split())[:50], key)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
