"""A table that the office keeps in a sheet: columns by their headers, rows as they stand there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from errors.listing import ColumnsMissing
from errors.schedule import HeaderTwice, TabMissing
from reading.text import storable
from tasks.schedule.cells import ERRORS
from tasks.schedule.columns import LOOKED_AT, plain
from tasks.schedule.table import address
from tasks.sheet_place import SheetPlace
from workspace.sheets import Cell, Sheets, Tab


@dataclass(frozen=True)
class ListedRow:
    number: int
    """As people count: the first row of the sheet is 1."""
    cells: Sequence[Cell]
    columns: Mapping[str, int]

    def cell(self, field: str) -> Cell:
        """Return what stands in a field's cell; nothing where it has no column."""
        column = self.columns.get(field, len(self.cells))
        return self.cells[column] if column < len(self.cells) else ""

    def text(self, field: str) -> str | None:
        """Return what the cell says, sign by sign; None for an error of its formula."""
        cell = self.cell(field)
        if isinstance(cell, str) and cell.startswith(ERRORS):
            return None
        whole = int(cell) if isinstance(cell, float) and cell.is_integer() else cell
        return storable(str(whole).replace("\0", "")).replace("\r\n", "\n").strip()

    def address(self, field: str) -> str:
        """Return the cell's address, such as ``B7``."""
        return address(self.number, self.columns[field])


@dataclass(frozen=True)
class Listing:
    tab: Tab
    headers: Mapping[str, str]
    """By field, its header as it stands in the sheet; fields without a column are left out."""
    rows: tuple[ListedRow, ...]
    """Those in which anything stands."""

    @classmethod
    def read(cls, place: SheetPlace, sheets: Sheets) -> "Listing":
        """Read a table, two calls whatever its size; what its place needs must have columns.

        Raises SheetMissing, TabMissing, ColumnsMissing, HeaderTwice, and what Google answers.
        """
        tab = _tab(place, sheets)
        cells = sheets.rows(place.spreadsheet, tab.title)
        known = {plain(name): field for field, names in place.names.items() for name in names}
        heads = [_columns(row, known) for row in cells[:LOOKED_AT]]
        header = next(
            (at for at, head in enumerate(heads) if head.keys() >= set(place.NEEDED)), None
        )
        if header is None:
            names = "、".join(place.names[field][0] for field in place.NEEDED)
            raise ColumnsMissing(tab=tab.title, names=names)
        names_there = cells[header]
        for places in heads[header].values():
            if len(places) > 1:
                raise HeaderTwice(name=names_there[places[0]], row=header + 1)
        found = {field: places[0] for field, places in heads[header].items()}
        rows = (
            ListedRow(number, each, found)
            for number, each in enumerate(cells[header + 1 :], start=header + 2)
        )
        return cls(
            tab,
            {field: str(names_there[column]) for field, column in found.items()},
            tuple(each for each in rows if any(each.text(field) != "" for field in found)),
        )


def _tab(place: SheetPlace, sheets: Sheets) -> Tab:
    tabs = sheets.tabs(place.spreadsheet)
    for tab in tabs:
        if place.tab in (None, tab.title):
            return tab
    raise TabMissing(tab=place.tab, tabs="、".join(tab.title for tab in tabs))


def _columns(row: Sequence[Cell], known: Mapping[str, str]) -> dict[str, list[int]]:
    columns: dict[str, list[int]] = {}
    for at, cell in enumerate(row):
        if isinstance(cell, str) and (field := known.get(plain(cell))):
            columns.setdefault(field, []).append(at)
    return columns
