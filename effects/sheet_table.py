"""A table in a sheet as it was read a moment ago: where its columns and rows are by now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from workspace.sheets import Cell

HEADER_WITHIN = 20
"""Rows from the top in which the header is looked for."""


class SheetTable:
    """Finds columns by their headers and rows by their keys; both counted from 0."""

    def __init__(self, rows: Sequence[Sequence[Cell]], key: str, headers: frozenset[str]) -> None:
        """Look for the row that has all these headers; ``key`` heads the column of keys."""
        self.rows = rows
        self.header = next(
            (at for at, row in enumerate(rows[:HEADER_WITHIN]) if headers | {key} <= set(row)), None
        )
        self.columns: dict[str, int] = {}
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        if self.header is None:
            return
        names = rows[self.header]
        self.columns = {name: list(names).index(name) for name in headers | {key}}
        self.key = self.columns[key]
        for at in range(self.header + 1, len(rows)):
            self._by_key[text(self.cell(at, self.key))].append(at)

    @property
    def width(self) -> int:
        """How many columns, from the first, hold everything that is known."""
        return max(self.columns.values()) + 1

    def cell(self, row: int, column: int) -> Cell:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def with_key(self, key: str) -> list[int]:
        """Return the rows that have this key."""
        return self._by_key.get(key, [])

    def looking_like(
        self, seen: Mapping[str, Cell], was: Mapping[str, Cell], key: str, hint: int
    ) -> int | None:
        """Return the row with this key that says what was seen: ``hint``, or the only one.

        What a formula comes to may have changed since; but where something else is to be written,
        what ``was`` there must still be, and be no formula.
        """
        rows = [
            row for row in self.with_key(key) if self.resembles(row, seen) and self.says(row, was)
        ]
        if hint in rows:
            return hint
        return rows[0] if len(rows) == 1 else None

    def says(self, row: int, seen: Mapping[str, Cell]) -> bool:
        return all(self.cell(row, self.columns[name]) == cell for name, cell in seen.items())

    def resembles(self, row: int, seen: Mapping[str, Cell]) -> bool:
        """Say whether a row says what was seen, as far as it holds no formulas."""
        there = {name: self.cell(row, self.columns[name]) for name in seen}
        return all(is_formula(there[name]) or there[name] == cell for name, cell in seen.items())

    def before(self, cells: Sequence[Cell], written: frozenset[int]) -> dict[int, Cell] | None:
        """Return what stood in the written columns of the row that is like this in all others.

        A formula may say anything. None if there is no such row, or such as differ in that.
        """
        kept = [column for column in range(self.width) if column not in written]

        def fits(row: int) -> bool:
            return all(
                is_formula(there := self.cell(row, column))
                or there == (cells[column] if column < len(cells) else "")
                for column in kept
            )

        stood = [
            {column: self.cell(row, column) for column in written}
            for row in range(len(self.rows))
            if fits(row)
        ]
        return stood[0] if stood and all(each == stood[0] for each in stood) else None


def text(cell: Cell) -> str:
    """Return what a key's cell says; Sheets makes a number of ``1001``."""
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def is_formula(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.startswith("=")
