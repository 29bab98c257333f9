"""A spreadsheet and its sheets: lists of rows that are replaced, never changed in place.

So a copy costs no more than the list of its rows, and a batch of changes can be made on a copy that
becomes the spreadsheet only when all of them went well. What was read stays as it was read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.sheets.a1 import Area, Box
from simulator.sheets.cells import Cell, Formula

Json = dict[str, Any]

ROWS = 1000
COLUMNS = 26
#: A new sheet's measures in pixels, as Google prints them.
ROW_PIXELS = 21
COLUMN_PIXELS = 100


@dataclass(frozen=True)
class Metadata:
    """What a program keeps with a row, a column, a sheet or the whole (``DeveloperMetadata``)."""

    id: int
    key: str
    value: str | None
    visibility: str


@dataclass(frozen=True, slots=True)
class Line:
    """What a row or a column is besides its cells."""

    pixels: int | None = None
    hidden: bool = False
    metadata: tuple[Metadata, ...] = ()


PLAIN = Line()


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell | None, ...] = ()
    """As far as there are any."""
    line: Line = PLAIN

    def cell(self, column: int) -> Cell | None:
        return self.cells[column] if column < len(self.cells) else None

    def put(self, start: int, cells: Sequence[Cell | None]) -> "Row":
        """Return the row with these cells from that column on."""
        before = self.cells[:start]
        before += (None,) * (start - len(before))
        return self.with_cells(before + tuple(cells) + self.cells[start + len(cells) :])

    def with_cells(self, cells: Sequence[Cell | None]) -> "Row":
        end = len(cells)
        while end and cells[end - 1] is None:
            end -= 1
        return Row(tuple(cells[:end]), self.line)


EMPTY = Row()


@dataclass
class Sheet:
    id: int
    title: str
    rows: list[Row] = field(default_factory=lambda: [EMPTY] * ROWS)
    columns: list[Line] = field(default_factory=lambda: [PLAIN] * COLUMNS)
    properties: Json = field(default_factory=dict)
    """The ``SheetProperties`` that nothing here looks into: ``tabColor``, ``hidden``…"""
    grid: Json = field(default_factory=dict)
    """The ``GridProperties`` besides the two counts: ``frozenRowCount``…"""
    objects: dict[str, list[Json]] = field(default_factory=dict)
    """What lies on the cells, by its name in a ``Sheet``: merges, filters, protected ranges…"""
    metadata: tuple[Metadata, ...] = ()
    has_formulas: bool = False

    def copy(self) -> "Sheet":
        return replace(
            self,
            rows=list(self.rows),
            columns=list(self.columns),
            objects={name: list(each) for name, each in self.objects.items()},
        )

    @property
    def is_hidden(self) -> bool:
        return bool(self.properties.get("hidden"))

    def cell(self, row: int, column: int) -> Cell | None:
        return self.rows[row].cell(column) if row < len(self.rows) else None

    def box(self, area: Area) -> Box:
        """Return the part of an area that lies in the grid."""
        return area.within(len(self.rows), len(self.columns))

    def cells_in(self, area: Area) -> Iterator[tuple[int, int, Cell]]:
        """The cells of an area that hold something, with their places."""
        box = self.box(area)
        for row in box.rows:
            cells = self.rows[row].cells[box.left : box.right]
            for column, cell in enumerate(cells, box.left):
                if cell is not None and cell.entered is not None:
                    yield row, column, cell

    def put(self, row: int, column: int, cells: Sequence[Cell | None]) -> None:
        self.rows[row] = self.rows[row].put(column, cells)
        if not self.has_formulas:
            self.has_formulas = any(
                cell is not None and isinstance(cell.entered, Formula) for cell in cells
            )

    def used(self) -> Box:
        """The cells from the first one to the last row and the last column that hold something."""
        bottom = right = 0
        for index, row in enumerate(self.rows):
            for column in range(len(row.cells), 0, -1):
                cell = row.cells[column - 1]
                if cell is not None and cell.entered is not None:
                    bottom, right = index + 1, max(right, column)
                    break
        return Box(0, bottom, 0, right)


@dataclass
class Spreadsheet:
    id: str
    sheets: list[Sheet]
    properties: Json
    """``SpreadsheetProperties`` without the title, which is the name of the file."""
    named_ranges: list[Json] = field(default_factory=list)
    metadata: tuple[Metadata, ...] = ()

    def copy(self) -> "Spreadsheet":
        return replace(
            self,
            sheets=[sheet.copy() for sheet in self.sheets],
            named_ranges=list(self.named_ranges),
        )

    @property
    def locale(self) -> str:
        return str(self.properties["locale"])

    @property
    def time_zone(self) -> str:
        return str(self.properties["timeZone"])

    def sheet(self, sheet_id: int) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.id == sheet_id), None)

    def titled(self, title: str) -> Sheet | None:
        """Find a sheet by its title, in whatever case."""
        folded = title.casefold()
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == folded), None)

    def named(self, name: str) -> tuple[Sheet, Area] | None:
        """Find the cells of a named range."""
        for named_range in self.named_ranges:
            if named_range["name"].casefold() == name.casefold():
                sheet = self.sheet(named_range["range"].get("sheetId", 0))
                return (sheet, Area.of(named_range["range"])) if sheet else None
        return None
