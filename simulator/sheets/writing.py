"""Writing rows of values, as ``values.update``, ``append`` and ``clear`` do."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Self

from simulator.answers import bad_request
from simulator.sheets import refusals
from simulator.sheets.a1 import Area, Box, full_name
from simulator.sheets.cells import BLANK, Cell
from simulator.sheets.draft import Draft, JsonValue
from simulator.sheets.ranges import in_grid, named_cells
from simulator.sheets.reading import Reader, Rendering
from simulator.sheets.spreadsheet import Sheet, Spreadsheet
from simulator.sheets.structure import Dimension, extend, insert
from simulator.sheets.tables import table_at

Json = dict[str, Any]


@dataclass(frozen=True)
class Input:
    """A ``ValueRange`` on its way in, and how it is to be taken."""

    rows: list[list[JsonValue]]
    range: str | None
    as_typed: bool
    shown: Rendering | None
    """How to answer what was written; None for not at all."""

    @classmethod
    def of(cls, value_range: Json, options: Mapping[str, Any]) -> Self:
        """Read a request. Raises ApiError."""
        option = options.get("valueInputOption", "INPUT_VALUE_OPTION_UNSPECIFIED")
        if option == "INPUT_VALUE_OPTION_UNSPECIFIED":
            raise bad_request("'valueInputOption' is required but not specified")
        rows = value_range.get("values", [])
        _refuse_nested(rows)
        if value_range.get("majorDimension") == "COLUMNS":
            rows = [list(row) for row in zip_longest(*rows)]
        wants_values = options.get("includeValuesInResponse")
        return cls(
            rows,
            value_range.get("range"),
            option == "USER_ENTERED",
            Rendering.of_response(options) if wants_values else None,
        )

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    def refuse_other_range(self, book: Spreadsheet, text: str) -> None:
        """Refuse a body that says another range than the path."""
        if self.range and named_cells(book, self.range) != named_cells(book, text):
            raise bad_request(f"Request range[{text}] does not match value's range[{self.range}]")


def update(draft: Draft, sheet: Sheet, area: Area, given: Input) -> Json:
    """Write from the area's first cell on. Raises ApiError, also for what does not fit in it."""
    box = _target(sheet, area)
    for index, row in enumerate(given.rows):
        if row and box.top + index >= box.bottom:
            raise refusals.outside_range(sheet, area, row=box.top + index)
        if box.left + len(row) > box.right:
            raise refusals.outside_range(sheet, area, column=box.right)
    written = Box(box.top, box.top + len(given.rows), box.left, box.left + given.width)
    draft.allow(sheet, written)
    counts = [
        draft.enter(sheet, box.top + index, box.left, row, as_typed=given.as_typed)
        for index, row in enumerate(given.rows)
    ]
    answer: Json = {
        "spreadsheetId": draft.book.id,
        "updatedRange": full_name(sheet.title, written if given.width else area),
    }
    if any(counts):
        answer |= {
            "updatedRows": sum(map(bool, counts)),
            "updatedColumns": sum(
                any(cell is not None for cell in column) for column in zip_longest(*given.rows)
            ),
            "updatedCells": sum(counts),
        }
    if given.shown:
        answer["updatedData"] = Reader(draft.book, given.shown).value_range(sheet, written)
    return answer


def append(draft: Draft, sheet: Sheet, area: Area, given: Input, *, insert_rows: bool) -> Json:
    """Write below the last table the area touches, where it lies empty at its first cell."""
    table = table_at(sheet, in_grid(sheet, area))
    top, left = (table.bottom, table.left) if table else (area.top, area.left)
    count = len(given.rows)
    if insert_rows and top < len(sheet.rows):
        insert(draft.book, sheet, Dimension.ROWS, top, count)
    extend(sheet, Dimension.ROWS, top + count)
    extend(sheet, Dimension.COLUMNS, left + given.width)
    answer: Json = {"spreadsheetId": draft.book.id}
    if table:
        answer["tableRange"] = full_name(sheet.title, table)
    if not given.width:
        place = full_name(sheet.title, Area.cell(top, left))
        return answer | {"updates": {"spreadsheetId": draft.book.id, "updatedRange": place}}
    return answer | {"updates": update(draft, sheet, Area.cell(top, left), given)}


def clear(draft: Draft, sheet: Sheet, area: Area) -> str:
    """Take out the values; formats, notes and validation stay. Returns what was cleared."""
    box = in_grid(sheet, area)
    draft.allow(sheet, box)
    for row in box.rows:
        cells = sheet.rows[row].cells[box.left : box.right]
        if any(cells):
            sheet.put(row, box.left, [_cleared(cell) for cell in cells])
    return full_name(sheet.title, box)


def _cleared(cell: Cell | None) -> Cell | None:
    cleared = cell.with_entered(None) if cell else BLANK
    return None if cleared == BLANK else cleared


def _target(sheet: Sheet, area: Area) -> Box:
    """Return where may be written: a lone cell is only where it begins."""
    is_cell = (area.bottom, area.right) == (area.top + 1, area.left + 1)
    if is_cell:
        return in_grid(sheet, Area(area.top, None, area.left, None))
    box = in_grid(sheet, area)
    return Box(area.top, area.bottom or box.bottom, area.left, area.right or box.right)


def _refuse_nested(rows: list[list[JsonValue]]) -> None:
    for row_index, row in enumerate(rows):
        for index, value in enumerate(row):
            if isinstance(value, list | dict):
                kind = "list_value" if isinstance(value, list) else "struct_value"
                raise bad_request(f"Invalid values[{row_index}][{index}]: {kind} {{\n}}\n")
