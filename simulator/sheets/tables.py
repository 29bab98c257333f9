"""Which cells are one table to ``values.append``: those that hang together."""

from simulator.sheets.a1 import Box
from simulator.sheets.spreadsheet import Row, Sheet


def table_at(sheet: Sheet, box: Box) -> Box | None:
    """Find the last table that has a cell in the box; None if all of it is empty."""
    for row in reversed(box.rows):
        columns = [c for c in box.columns if _holds(sheet.rows[row], c, c + 1)]
        if columns:
            return _grown(sheet, Box(row, row + 1, columns[0], columns[-1] + 1))
    return None


def _grown(sheet: Sheet, box: Box) -> Box:
    """Take in the rows and columns around, as long as any of their cells holds something."""
    rows, right_end = sheet.rows, len(sheet.columns)
    top, bottom, left, right = box.top, box.bottom, box.left, box.right
    while True:
        before = top, bottom, left, right
        while top > 0 and _holds(rows[top - 1], left, right):
            top -= 1
        while bottom < len(rows) and _holds(rows[bottom], left, right):
            bottom += 1
        while left > 0 and any(_holds(row, left - 1, left) for row in rows[top:bottom]):
            left -= 1
        while right < right_end and any(_holds(row, right, right + 1) for row in rows[top:bottom]):
            right += 1
        if (top, bottom, left, right) == before:
            return Box(top, bottom, left, right)


def _holds(row: Row, left: int, right: int) -> bool:
    return any(cell is not None and cell.entered is not None for cell in row.cells[left:right])
