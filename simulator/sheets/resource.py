"""A spreadsheet as the API shows it."""

from collections.abc import Sequence
from typing import Any

from simulator.masks import Tree
from simulator.sheets.a1 import Area, Box
from simulator.sheets.calculation import Calculation
from simulator.sheets.cells import Cell, extended
from simulator.sheets.metadata import Place
from simulator.sheets.metadata import resource as metadata_resource
from simulator.sheets.number_format import display
from simulator.sheets.spreadsheet import (
    COLUMN_PIXELS,
    PLAIN,
    ROW_PIXELS,
    Line,
    Sheet,
    Spreadsheet,
)

Json = dict[str, Any]

#: What proto3 leaves out when it is zero, of all that stored objects may hold.
_NO_ZERO = {
    "sheetId", "startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex",
    "startIndex", "endIndex", "red", "green", "blue", "alpha",
}  # fmt: skip
EVERYTHING: Tree = {}


def without_zeros(value: Any) -> Any:
    """Leave out zeros of ranges and colours; a 0 elsewhere was said on purpose."""
    if isinstance(value, dict):
        return {
            key: without_zeros(item)
            for key, item in value.items()
            if key not in _NO_ZERO or item != 0
        }
    if isinstance(value, list):
        return [without_zeros(item) for item in value]
    return value


class Printer:
    """Shows one spreadsheet, as it is now, to one user."""

    def __init__(self, book: Spreadsheet, *, title: str, user: str, origin: str) -> None:
        self._book = book
        self._title = title
        self._user = user
        self._origin = origin
        self._calculation = Calculation(book)

    def spreadsheet(
        self, areas: Sequence[tuple[Sheet, Area]] | None, cell_fields: Tree | None
    ) -> Json:
        """Show everything, or the sheets that areas lie in; ``cell_fields`` of their cells."""
        book = self._book
        wanted = [(sheet, Area()) for sheet in book.sheets] if areas is None else areas
        sheets = []
        for sheet in book.sheets:
            of_sheet = [area for there, area in wanted if there is sheet]
            if of_sheet:
                sheets.append(self._sheet(sheet, of_sheet, cell_fields))
        shown: Json = {
            "spreadsheetId": book.id,
            "properties": {"title": self._title} | without_zeros(book.properties),
            "sheets": sheets,
            "spreadsheetUrl": f"{self._origin}/#drive/{book.id}",
        }
        if book.named_ranges:
            shown["namedRanges"] = without_zeros(book.named_ranges)
        if book.metadata:
            shown["developerMetadata"] = [
                metadata_resource(each, Place()) for each in book.metadata
            ]
        return shown

    def _sheet(self, sheet: Sheet, areas: Sequence[Area], cell_fields: Tree | None) -> Json:
        shown: Json = {"properties": properties(self._book, sheet)}
        if cell_fields is not None:
            shown["data"] = [self._grid(sheet, sheet.box(area), cell_fields) for area in areas]
        if sheet.metadata:
            place = Place(sheet)
            shown["developerMetadata"] = [metadata_resource(each, place) for each in sheet.metadata]
        for name, objects in sheet.objects.items():
            if objects:
                printed = without_zeros([self._object(name, each) for each in objects])
                shown[name] = printed[0] if name == "basicFilter" else printed
        return shown

    def _object(self, name: str, item: Json) -> Json:
        if name != "protectedRanges":
            return item
        editors = item.get("editors", {}).get("users", ())
        return item | {"requestingUserCanEdit": self._user in editors}

    def _grid(self, sheet: Sheet, box: Box, fields: Tree) -> Json:
        rows = [self._row(sheet, row, box, fields) for row in box.rows]
        while rows and not rows[-1]:
            rows.pop()
        shown: Json = {"rowData": rows} if rows else {}
        shown["rowMetadata"] = [
            _line(sheet.rows[row].line, ROW_PIXELS, Place(sheet, row=row)) for row in box.rows
        ]
        shown["columnMetadata"] = [
            _line(sheet.columns[column], COLUMN_PIXELS, Place(sheet, column=column))
            for column in box.columns
        ]
        if box.top:
            shown["startRow"] = box.top
        if box.left:
            shown["startColumn"] = box.left
        return shown

    def _row(self, sheet: Sheet, row: int, box: Box, fields: Tree) -> Json:
        cells = sheet.rows[row].cells[box.left : box.right]
        if not any(cells):
            return {}
        return {
            "values": [
                self._cell(sheet, row, column, cell, fields) if cell else {}
                for column, cell in enumerate(cells, box.left)
            ]
        }

    def _cell(self, sheet: Sheet, row: int, column: int, cell: Cell, fields: Tree) -> Json:
        def wanted(name: str) -> bool:
            return not fields or name in fields

        shown: Json = without_zeros(cell.dress) if cell.dress else {}
        number_format = self._calculation.number_format(sheet, cell)
        if cell.entered is not None:
            value = self._calculation.value(sheet, row, column, cell)
            if wanted("userEnteredValue"):
                shown["userEnteredValue"] = extended(cell.entered)
            if wanted("effectiveValue"):
                shown["effectiveValue"] = extended(value)
            if wanted("formattedValue"):
                shown["formattedValue"] = display(value, number_format, self._book.locale)
        if wanted("effectiveFormat"):
            given = cell.format | ({"numberFormat": number_format} if number_format else {})
            default = self._book.properties["defaultFormat"]
            shown["effectiveFormat"] = without_zeros(_laid_over(default, given))
        return shown


def properties(book: Spreadsheet, sheet: Sheet) -> Json:
    """Show a ``SheetProperties``."""
    shown: Json = {
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": book.sheets.index(sheet),
        "sheetType": "GRID",
        "gridProperties": {"rowCount": len(sheet.rows), "columnCount": len(sheet.columns)}
        | {key: value for key, value in sheet.grid.items() if value},
    }
    return shown | {
        key: without_zeros(value) for key, value in sheet.properties.items() if value is not False
    }


def _line(line: Line, pixels: int, place: Place) -> Json:
    if line is PLAIN:
        return {"pixelSize": pixels}
    shown: Json = {"pixelSize": line.pixels or pixels}
    if line.hidden:
        shown["hiddenByUser"] = True
    if line.metadata:
        shown["developerMetadata"] = [metadata_resource(each, place) for each in line.metadata]
    return shown


def _laid_over(default: Json, given: Json) -> Json:
    """Lay what was said over what holds otherwise."""
    merged = dict(default)
    for key, value in given.items():
        old = merged.get(key)
        merged[key] = (
            _laid_over(old, value)
            if isinstance(old, dict)
            and isinstance(value, dict)
            and not key.lower().endswith(("color", "style"))
            else value
        )
    return merged
