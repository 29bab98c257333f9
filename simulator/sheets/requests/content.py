"""Requests that set cells: their values, formats, notes and validation."""

from dataclasses import replace
from typing import Any

from simulator.answers import bad_request
from simulator.masks import Tree
from simulator.sheets import fields, refusals
from simulator.sheets.a1 import Area, Box
from simulator.sheets.cells import BLANK, Cell, Formula, entered_of
from simulator.sheets.draft import Draft
from simulator.sheets.formula import shifted
from simulator.sheets.ranges import grid_range, in_grid, sheet_by_id
from simulator.sheets.spreadsheet import Sheet
from simulator.sheets.structure import Dimension, extend

Json = dict[str, Any]

#: What Sheets works out by itself and nobody sets.
_READ_ONLY = {"effectiveValue", "formattedValue", "effectiveFormat", "hyperlink"}


def update_cells(draft: Draft, request: Json) -> None:
    tree = fields.read(request, "CellData")
    rows: list[Json] = request.get("rows", [])
    if "range" in request:
        sheet, box = grid_range(draft.book, request["range"])
    elif "start" in request:
        sheet, box = _from_start(draft, request["start"], rows)
    else:
        raise bad_request("Must specify either range or start.")
    _refuse_overflow(box, rows)
    draft.allow(sheet, box)
    for offset, row in enumerate(box.rows):
        given = rows[offset].get("values", []) if offset < len(rows) else []
        # From a start on only what is given is set; of a range, also what is not given.
        width = len(box.columns) if "range" in request else len(given)
        _set(sheet, row, box.left, [*given, *[{}] * (width - len(given))], tree)


def repeat_cell(draft: Draft, request: Json) -> None:
    tree = fields.read(request, "CellData")
    sheet, box = grid_range(draft.book, request.get("range", {}))
    draft.allow(sheet, box)
    given = request.get("cell", {})
    pattern = dressed(None, given, tree)
    formula = pattern.entered if pattern and fields.names(tree, "userEnteredValue") else None
    if not isinstance(formula, Formula):
        for row in box.rows:
            _set(sheet, row, box.left, [given] * len(box.columns), tree)
        return
    for row in box.rows:
        cells = [
            {"userEnteredValue": {"formulaValue": shifted(formula.text, row - box.top, offset)}}
            for offset in range(len(box.columns))
        ]
        _set(sheet, row, box.left, [given | cell for cell in cells], tree)


def append_cells(draft: Draft, request: Json) -> None:
    tree = fields.read(request, "CellData")
    sheet = sheet_by_id(draft.book, request.get("sheetId", 0))
    rows: list[Json] = request.get("rows", [])
    start = sheet.used().bottom
    widest = max((len(row.get("values", ())) for row in rows), default=0)
    extend(sheet, Dimension.ROWS, start + len(rows))
    extend(sheet, Dimension.COLUMNS, widest)
    draft.allow(sheet, Area(start, start + len(rows), 0, widest))
    for offset, row in enumerate(rows):
        _set(sheet, start + offset, 0, row.get("values", []), tree)


def set_data_validation(draft: Draft, request: Json) -> None:
    sheet, box = grid_range(draft.book, request.get("range", {}))
    draft.allow(sheet, box)
    given = {"dataValidation": request["rule"]} if "rule" in request else {}
    for row in box.rows:
        _set(sheet, row, box.left, [given] * len(box.columns), {"dataValidation": {}})


def update_borders(draft: Draft, request: Json) -> None:
    sheet, box = grid_range(draft.book, request.get("range", {}))
    draft.allow(sheet, box)
    for row in box.rows:
        cells = []
        for column in box.columns:
            sides = {
                "top": "top" if row == box.top else "innerHorizontal",
                "bottom": "bottom" if row == box.bottom - 1 else "innerHorizontal",
                "left": "left" if column == box.left else "innerVertical",
                "right": "right" if column == box.right - 1 else "innerVertical",
            }
            given = {side: request[name] for side, name in sides.items() if name in request}
            cell = sheet.cell(row, column) or BLANK
            borders = cell.format.get("borders", {}) | given
            cells.append({"userEnteredFormat": cell.format | {"borders": borders}})
        _set(sheet, row, box.left, cells, {"userEnteredFormat": {}})


def dressed(cell: Cell | None, given: Json, tree: Tree) -> Cell | None:
    """Return the cell as the mask and a ``CellData`` change it; None if nothing is left."""
    cell = cell or BLANK
    entered = cell.entered
    if fields.names(tree, "userEnteredValue"):
        entered = entered_of(given.get("userEnteredValue", {}))
    if tree.keys() == {"userEnteredValue"}:
        new = replace(cell, entered=entered)
    else:
        others = {key: value for key, value in given.items() if key not in _READ_ONLY}
        others.pop("userEnteredValue", None)
        below = {name: each for name, each in tree.items() if name != "userEnteredValue"}
        new = Cell(entered, fields.changed(cell.dress, others, below))
    return None if new == BLANK else new


def _set(sheet: Sheet, row: int, column: int, given: list[Json], tree: Tree) -> None:
    old = sheet.rows[row]
    cells = [dressed(old.cell(column + offset), cell, tree) for offset, cell in enumerate(given)]
    sheet.put(row, column, cells)


def _from_start(draft: Draft, start: Json, rows: list[Json]) -> tuple[Sheet, Box]:
    """Return the cells from a ``GridCoordinate`` on, as many as there are rows for."""
    sheet = sheet_by_id(draft.book, start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    if top >= len(sheet.rows) or left >= len(sheet.columns):
        raise refusals.outside_grid(sheet, Area.cell(top, left))
    box = in_grid(sheet, Area(top, None, left, None))
    if top + len(rows) <= box.bottom:
        box = Box(top, top + len(rows), left, box.right)
    return sheet, box


def _refuse_overflow(box: Box, rows: list[Json]) -> None:
    if len(rows) > len(box.rows):
        raise bad_request(
            f"Attempting to write row: {box.bottom}, beyond the last requested row of: "
            f"{box.bottom - 1}"
        )
    if any(len(row.get("values", ())) > len(box.columns) for row in rows):
        raise bad_request(
            f"Attempting to write column: {box.right}, beyond the last requested column of: "
            f"{box.right - 1}"
        )


REQUESTS = {
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "appendCells": append_cells,
    "setDataValidation": set_data_validation,
    "updateBorders": update_borders,
}
