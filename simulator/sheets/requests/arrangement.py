"""Requests that put cells elsewhere: sorting, merging, copying, cutting."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from simulator.answers import bad_request
from simulator.sheets import refusals
from simulator.sheets.a1 import Area, Box
from simulator.sheets.calculation import Calculation
from simulator.sheets.cells import BLANK, Cell, CellError, Formula, Value
from simulator.sheets.draft import Draft
from simulator.sheets.formula import shifted
from simulator.sheets.ranges import grid_range, sheet_by_id
from simulator.sheets.spreadsheet import Sheet

Json = dict[str, Any]
Cells = list[Cell | None]


def sort_range(draft: Draft, request: Json) -> None:
    sheet, box = grid_range(draft.book, request.get("range", {}))
    specs = request.get("sortSpecs", [])
    if not specs:
        raise bad_request("Must specify at least one sortSpec.")
    draft.allow(sheet, box)
    sort(draft, sheet, box, specs)


def sort(draft: Draft, sheet: Sheet, box: Box, specs: list[Json]) -> None:
    """Sort the rows of a box; what is empty comes last, whichever way.

    A row's metadata goes along only if all that the row holds does.
    """
    calculation = Calculation(draft.book)
    order = list(box.rows)
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0)
        if column not in box.columns:
            raise bad_request(f"sortSpec.dimensionIndex: {column} is outside of the range")
        descending = spec.get("sortOrder") == "DESCENDING"
        values = {row: _value(calculation, sheet, row, column) for row in order}
        filled = [row for row in order if values[row] is not None]
        filled.sort(key=lambda row: _rank(values[row]), reverse=descending)
        order = filled + [row for row in order if values[row] is None]
    rows = [sheet.rows[row] for row in order]
    whole = box.left == 0 and all(len(row.cells) <= box.right for row in rows)
    for target, source, row in zip(box.rows, order, rows, strict=True):
        if target == source:
            continue
        cells = [_copied(row.cell(column), target - source, 0) for column in box.columns]
        sheet.put(target, box.left, cells)
    if whole:
        lines = [row.line.metadata for row in rows]
        for target, metadata in zip(box.rows, lines, strict=True):
            line = sheet.rows[target].line
            if line.metadata != metadata:
                new = replace(line, metadata=metadata)
                sheet.rows[target] = replace(sheet.rows[target], line=new)


def _value(calculation: Calculation, sheet: Sheet, row: int, column: int) -> Value:
    cell = sheet.cell(row, column)
    return calculation.value(sheet, row, column, cell) if cell else None


def _rank(value: Value) -> tuple[int, float | str]:
    """Order values as Sheets does: numbers, text, truth values, errors."""
    match value:
        case CellError():
            return 3, value.shown
        case bool():
            return 2, float(value)
        case int() | float():
            return 0, value
    return 1, str(value).casefold()


def merge_cells(draft: Draft, request: Json) -> None:
    sheet, box = grid_range(draft.book, request.get("range", {}))
    draft.allow(sheet, box)
    _refuse_cut_merges(sheet, box)
    kept = [each for each in sheet.objects.get("merges", []) if not Area.of(each).overlaps(box)]
    added = list(_merged(box, request.get("mergeType", "MERGE_ALL")))
    sheet.objects["merges"] = kept + [each.grid_range(sheet.id) for each in added]
    for area in added:
        _keep_first(sheet, area)


def unmerge_cells(draft: Draft, request: Json) -> None:
    sheet, box = grid_range(draft.book, request.get("range", {}))
    draft.allow(sheet, box)
    _refuse_cut_merges(sheet, box)
    merges = sheet.objects.get("merges", [])
    sheet.objects["merges"] = [each for each in merges if not Area.of(each).overlaps(box)]


def _merged(box: Box, kind: str) -> Iterator[Box]:
    match kind:
        case "MERGE_ROWS":
            yield from (Box(row, row + 1, box.left, box.right) for row in box.rows)
        case "MERGE_COLUMNS":
            yield from (Box(box.top, box.bottom, each, each + 1) for each in box.columns)
        case _:
            yield box


def _refuse_cut_merges(sheet: Sheet, box: Box) -> None:
    for each in sheet.objects.get("merges", ()):
        merged = sheet.box(Area.of(each))
        inside = (
            box.top <= merged.top
            and merged.bottom <= box.bottom
            and box.left <= merged.left
            and merged.right <= box.right
        )
        if merged.overlaps(box) and not inside:
            raise bad_request(
                "You must select all cells in a merged range to merge or unmerge them."
            )


def _keep_first(sheet: Sheet, box: Box) -> None:
    """Of the values of merged cells only the first stays."""
    first = sheet.cell(box.top, box.left)
    for row in box.rows:
        cells = [
            cell if cell is first else _emptied(cell)
            for cell in (sheet.cell(row, column) for column in box.columns)
        ]
        sheet.put(row, box.left, cells)


def _emptied(cell: Cell | None) -> Cell | None:
    emptied = replace(cell, entered=None) if cell else BLANK
    return None if emptied == BLANK else emptied


def copy_paste(draft: Draft, request: Json) -> None:
    source_sheet, source = grid_range(draft.book, request.get("source", {}))
    target_sheet, target = grid_range(draft.book, request.get("destination", {}))
    paste = _pasted(request.get("pasteType", "PASTE_NORMAL"), draft)
    taken = _block(source_sheet, source)
    if request.get("pasteOrientation") == "TRANSPOSE":
        taken = [list(row) for row in zip(*taken, strict=True)]
    height, width = len(taken), len(taken[0]) if taken else 0
    if not height or not width:
        return
    # A bigger destination is filled with copies, a smaller one is overrun.
    rows = max(height, len(target.rows) // height * height)
    columns = max(width, len(target.columns) // width * width)
    bottom, right = target.top + rows, target.left + columns
    if bottom > len(target_sheet.rows) or right > len(target_sheet.columns):
        raise refusals.outside_grid(target_sheet, Area(target.top, bottom, target.left, right))
    draft.allow(target_sheet, Area(target.top, bottom, target.left, right))
    for row in range(rows):
        cells: Cells = []
        for column in range(columns):
            given = taken[row % height][column % width]
            moved = _copied(
                given,
                target.top + row - source.top - row % height,
                target.left + column - source.left - column % width,
            )
            there = target_sheet.cell(target.top + row, target.left + column)
            origin = (source_sheet, source.top + row % height, source.left + column % width)
            cells.append(paste(moved, there, origin))
        target_sheet.put(target.top + row, target.left, cells)


def cut_paste(draft: Draft, request: Json) -> None:
    """Move cells; formulas in them go on meaning what they meant."""
    source_sheet, source = grid_range(draft.book, request.get("source", {}))
    given = request.get("destination", {})
    target_sheet = sheet_by_id(draft.book, given.get("sheetId", 0))
    top, left = given.get("rowIndex", 0), given.get("columnIndex", 0)
    area = Area(top, top + len(source.rows), left, left + len(source.columns))
    if target_sheet.box(area) != Box(area.top, area.bottom or 0, area.left, area.right or 0):
        raise refusals.outside_grid(target_sheet, area)
    draft.allow(source_sheet, source)
    draft.allow(target_sheet, area)
    taken = _block(source_sheet, source)
    for row in source.rows:
        source_sheet.put(row, source.left, [None] * len(source.columns))
    for offset, cells in enumerate(taken):
        target_sheet.put(top + offset, left, cells)


def _block(sheet: Sheet, box: Box) -> list[Cells]:
    return [[sheet.cell(row, column) for column in box.columns] for row in box.rows]


def _copied(cell: Cell | None, rows: int, columns: int) -> Cell | None:
    """Return a cell as it is elsewhere: what its formula does not pin moves along."""
    if cell is None or not isinstance(cell.entered, Formula):
        return cell
    return replace(cell, entered=Formula(shifted(cell.entered.text, rows, columns)))


Paste = Callable[[Cell | None, Cell | None, tuple[Sheet, int, int]], Cell | None]


def _pasted(kind: str, draft: Draft) -> Paste:
    """How a pasted cell and the one that was there become one."""
    calculation = Calculation(draft.book)

    def paste(new: Cell | None, old: Cell | None, origin: tuple[Sheet, int, int]) -> Cell | None:
        given, there = new or BLANK, old or BLANK
        match kind:
            case "PASTE_NORMAL" | "PASTE_NO_BORDERS":
                return new
            case "PASTE_VALUES":
                value = _value(calculation, *origin)
                entered = value.shown if isinstance(value, CellError) else value
                result = replace(there, entered=entered)
            case "PASTE_FORMULA":
                result = replace(there, entered=given.entered)
            case "PASTE_FORMAT":
                result = _with_dress(there, given, "userEnteredFormat")
            case "PASTE_DATA_VALIDATION":
                result = _with_dress(there, given, "dataValidation")
            case _:
                result = there
        return None if result == BLANK else result

    return paste


def _with_dress(cell: Cell, given: Cell, name: str) -> Cell:
    dress = {key: value for key, value in cell.dress.items() if key != name}
    return replace(cell, dress=dress | ({name: given.dress[name]} if name in given.dress else {}))


REQUESTS = {
    "sortRange": sort_range,
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
    "copyPaste": copy_paste,
    "cutPaste": cut_paste,
}
