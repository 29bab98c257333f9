"""Which cells a request means, in A1 notation or as a ``GridRange``."""

from simulator.answers import bad_request
from simulator.sheets import a1, refusals
from simulator.sheets.a1 import Area, Box
from simulator.sheets.spreadsheet import Json, Sheet, Spreadsheet


def named_cells(book: Spreadsheet, text: str) -> tuple[Sheet, Area]:
    """Find what a range says: cells, a named range, or a whole sheet. Raises ApiError."""
    try:
        title, cells = a1.split(text)
        if title is not None:
            sheet = book.titled(title)
            if sheet is None:
                raise refusals.not_a_range(text)
            return sheet, Area() if cells is None else a1.parse_cells(cells)
        return _unqualified(book, text)
    except a1.A1Error:
        raise refusals.not_a_range(text) from None


def _unqualified(book: Spreadsheet, text: str) -> tuple[Sheet, Area]:
    """Find a range that names no sheet: the first visible sheet's cells, before any name."""
    try:
        area = a1.parse_cells(text)
    except a1.A1Error:
        if named := book.named(text):
            return named
        if sheet := book.titled(text):
            return sheet, Area()
        raise
    return next((sheet for sheet in book.sheets if not sheet.is_hidden), book.sheets[0]), area


def in_grid(sheet: Sheet, area: Area) -> Box:
    """Return the part inside the grid; what begins outside of it is refused."""
    if area.top >= len(sheet.rows) or area.left >= len(sheet.columns):
        raise refusals.outside_grid(sheet, area)
    return sheet.box(area)


def sheet_by_id(book: Spreadsheet, sheet_id: int) -> Sheet:
    sheet = book.sheet(sheet_id)
    if sheet is None:
        raise refusals.no_grid(sheet_id)
    return sheet


def grid_range(book: Spreadsheet, given: Json) -> tuple[Sheet, Box]:
    """Find the cells of a ``GridRange`` that exist. Raises ApiError."""
    sheet = sheet_by_id(book, given.get("sheetId", 0))
    area = Area.of(given)
    for name, start, end in (("Row", area.top, area.bottom), ("Column", area.left, area.right)):
        if end is not None and start > end:
            raise bad_request(
                f"range.start{name}Index must not be larger than range.end{name}Index"
            )
    return sheet, in_grid(sheet, area)
