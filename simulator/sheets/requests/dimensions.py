"""Requests on rows and columns."""

from dataclasses import replace
from typing import Any

from simulator.answers import bad_request
from simulator.sheets import fields
from simulator.sheets.a1 import Area
from simulator.sheets.calculation import Calculation
from simulator.sheets.draft import Draft
from simulator.sheets.number_format import display
from simulator.sheets.ranges import sheet_by_id
from simulator.sheets.spreadsheet import PLAIN, Line, Sheet
from simulator.sheets.structure import Dimension, append, delete, insert, move

Json = dict[str, Any]

#: A column that was fitted to its text: so wide for a sign of Latin text, and so much beside it.
_SIGN_PIXELS, _MARGIN_PIXELS = 7, 10


def insert_dimension(draft: Draft, request: Json) -> None:
    sheet, dimension, start, end = _span(draft, request.get("range", {}))
    size = dimension.count(sheet)
    inherits = request.get("inheritFromBefore", False)
    if start > size:
        raise bad_request(f"range.startIndex is larger than current grid size ({size})")
    if start == size and not inherits:
        raise bad_request(
            f"range.startIndex must be less than the grid size ({size}) if inheritFromBefore is "
            "false."
        )
    if inherits and start == 0:
        raise bad_request("range.startIndex must be greater than 0 if inheritFromBefore is true.")
    draft.allow(sheet, _area(dimension, start, start + 1))
    like = _line(sheet, dimension, start - 1 if inherits else start)
    insert(draft.book, sheet, dimension, start, end - start, replace(like, metadata=()))


def append_dimension(draft: Draft, request: Json) -> None:
    sheet = sheet_by_id(draft.book, request.get("sheetId", 0))
    append(sheet, _dimension(request), request.get("length", 0))


def delete_dimension(draft: Draft, request: Json) -> None:
    sheet, dimension, start, end = _span(draft, request.get("range", {}))
    size = dimension.count(sheet)
    what = "row" if dimension is Dimension.ROWS else "column"
    if start >= size or end > size:
        beyond = max(start, size)
        raise bad_request(
            f"Cannot delete a {what} that doesn't exist. Tried to delete {what} index {beyond} "
            f"but there are only {size} {what}s."
        )
    frozen = sheet.grid.get(f"frozen{what.capitalize()}Count", 0)
    if start == 0 and end == size:
        raise bad_request(f"You can't delete all the {what}s on the sheet.")
    if start <= frozen and end == size and frozen:
        raise bad_request(f"Sorry, it is not possible to delete all non-frozen {what}s.")
    draft.allow(sheet, _area(dimension, start, end))
    delete(draft.book, sheet, dimension, start, end)


def move_dimension(draft: Draft, request: Json) -> None:
    sheet, dimension, start, end = _span(draft, request.get("source", {}))
    to = request.get("destinationIndex", 0)
    size = dimension.count(sheet)
    if end > size or to > size:
        raise bad_request(f"destinationIndex or source is larger than the grid size ({size})")
    draft.allow(sheet, _area(dimension, min(start, to), max(end, to)))
    move(draft.book, sheet, dimension, start, end, to)


def update_dimension_properties(draft: Draft, request: Json) -> None:
    sheet, dimension, start, end = _span(draft, request.get("range", {}))
    tree = fields.read(request, "DimensionProperties")
    given = request.get("properties", {})
    for index in range(start, min(end, dimension.count(sheet))):
        line = _line(sheet, dimension, index)
        if fields.names(tree, "pixelSize"):
            line = replace(line, pixels=given.get("pixelSize"))
        if fields.names(tree, "hiddenByUser"):
            line = replace(line, hidden=given.get("hiddenByUser", False))
        _put_line(sheet, dimension, index, line)


def auto_resize(draft: Draft, request: Json) -> None:
    sheet, dimension, start, end = _span(draft, request.get("dimensions", {}))
    calculation = Calculation(draft.book)
    for index in range(start, min(end, dimension.count(sheet))):
        pixels = None
        if dimension is Dimension.COLUMNS:
            texts = [
                display(calculation.value(sheet, row, column, cell), cell.number_format, "")
                for row, column, cell in sheet.cells_in(Area(left=index, right=index + 1))
            ]
            widest = max((len(text.encode("utf-16-le")) for text in texts), default=0) // 2
            pixels = widest * _SIGN_PIXELS + _MARGIN_PIXELS if widest else None
        _put_line(sheet, dimension, index, replace(_line(sheet, dimension, index), pixels=pixels))


def _span(draft: Draft, given: Json) -> tuple[Sheet, Dimension, int, int]:
    """Read a ``DimensionRange``. Raises ApiError."""
    sheet = sheet_by_id(draft.book, given.get("sheetId", 0))
    dimension = _dimension(given)
    start = given.get("startIndex", 0)
    end = given.get("endIndex", dimension.count(sheet))
    if start < 0 or end < start:
        raise bad_request("range.endIndex must not be less than range.startIndex")
    return sheet, dimension, start, end


def _dimension(given: Json) -> Dimension:
    name = given.get("dimension", "DIMENSION_UNSPECIFIED")
    if name not in Dimension.__members__:
        raise bad_request("No dimension specified.")
    return Dimension[name]


def _area(dimension: Dimension, start: int, end: int) -> Area:
    if dimension is Dimension.ROWS:
        return Area(top=start, bottom=end)
    return Area(left=start, right=end)


def _line(sheet: Sheet, dimension: Dimension, index: int) -> Line:
    return sheet.rows[index].line if dimension is Dimension.ROWS else sheet.columns[index]


def _put_line(sheet: Sheet, dimension: Dimension, index: int, line: Line) -> None:
    line = PLAIN if line == PLAIN else line
    if dimension is Dimension.ROWS:
        sheet.rows[index] = replace(sheet.rows[index], line=line)
    else:
        sheet.columns[index] = line


REQUESTS = {
    "insertDimension": insert_dimension,
    "appendDimension": append_dimension,
    "deleteDimension": delete_dimension,
    "moveDimension": move_dimension,
    "updateDimensionProperties": update_dimension_properties,
    "autoResizeDimensions": auto_resize,
}
