"""Which column is which: by the names in its header, whatever their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from errors.schedule import HeadersMissing, HeaderTwice, KeyColumnMissing, TwoHeaders
from reading.text import same
from tasks.schedule.cells import Cell
from tasks.schedule.fields import KEY, Field
from tasks.sheet_place import Names

LOOKED_AT = 20
"""Rows from the top in which the header is looked for; titles and notes may stand above it."""


@dataclass(frozen=True)
class Layout:
    """Where the table is: its header's row and its columns, both counted from 0."""

    header: int
    key: int
    columns: Mapping[Field, int]

    @property
    def width(self) -> int:
        """How many columns, from the first, hold everything that is known."""
        return max(self.key, *self.columns.values()) + 1


def plain(name: Cell) -> str:
    """Return a header as it is compared: blanks, line breaks, width and case do not matter."""
    return same(str(name))


def find_layout(rows: Sequence[Sequence[Cell]], names: Names) -> Layout:
    """Find the header row and its columns.

    A merged header cell has its text in its first column, as Sheets says it. Raises
    HeadersMissing, KeyColumnMissing, TwoHeaders and HeaderTwice.
    """
    known = {plain(name): field for field, some in names.items() for name in some}
    found = [_columns(row, known) for row in rows[:LOOKED_AT]]
    most = max((len(columns) for columns in found), default=0)
    if most < 2:
        raise HeadersMissing(names="、".join(some[0] for some in names.values()))
    header = next(at for at, columns in enumerate(found) if len(columns) == most)
    # A data row may say “Name” somewhere; only one that is as much of a header as this one is one.
    again = [at for at, columns in enumerate(found) if KEY in columns and len(columns) > 1]
    if len(again) > 1:
        raise TwoHeaders(first=again[0] + 1, second=again[1] + 1)
    columns = found[header]
    for twice in columns.values():
        if len(twice) > 1:
            raise HeaderTwice(name=str(rows[header][twice[0]]), row=header + 1)
    if KEY not in columns:
        raise KeyColumnMissing(name=names[KEY][0], row=header + 1)
    places = {name: places[0] for name, places in columns.items()}
    return Layout(header, places.pop(KEY), {Field(name): at for name, at in places.items()})


def _columns(row: Sequence[Cell], known: Mapping[str, str]) -> dict[str, list[int]]:
    columns: dict[str, list[int]] = {}
    for at, cell in enumerate(row):
        if isinstance(cell, str) and (name := known.get(plain(cell))):
            columns.setdefault(name, []).append(at)
    return columns
