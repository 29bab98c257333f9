"""Inserting, deleting and moving rows and columns, and everything that follows them.

Rows carry their own metadata along. Ranges of filters, merges and names, and the references in
formulas, are told.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum

from simulator.sheets.cells import Cell, Formula
from simulator.sheets.formula import End, Reference, rewritten
from simulator.sheets.spreadsheet import EMPTY, PLAIN, Json, Line, Sheet, Spreadsheet

#: Where ``GridRange`` objects stand in what lies on a sheet.
_RANGE_KEYS = {"range", "ranges", "unprotectedRanges"}


class Dimension(Enum):
    ROWS = ("startRowIndex", "endRowIndex")
    COLUMNS = ("startColumnIndex", "endColumnIndex")

    @property
    def keys(self) -> tuple[str, str]:
        return self.value

    def count(self, sheet: Sheet) -> int:
        return len(sheet.rows if self is Dimension.ROWS else sheet.columns)


Span = tuple[int, int | None]
"""From and to, end excluded; None where it is open."""
Follow = Callable[[Span], Span | None]
"""Where a span of rows or columns is afterwards; None if nothing of it is left."""


def insert(
    book: Spreadsheet, sheet: Sheet, dimension: Dimension, at: int, count: int, line: Line = PLAIN
) -> None:
    """Make room before a row or column, for lines that look like ``line``."""
    if dimension is Dimension.ROWS:
        sheet.rows[at:at] = [replace(EMPTY, line=line)] * count
    else:
        sheet.columns[at:at] = [line] * count
        _rebuild(sheet, lambda cells: (*cells[:at], *(None,) * count, *cells[at:]))

    def follow(span: Span) -> Span:
        start, end = span
        return (
            start + count if start >= at else start,
            end + count if end is not None and end > at else end,
        )

    _tell(book, sheet, dimension, follow)


def append(sheet: Sheet, dimension: Dimension, count: int) -> None:
    """Add empty lines at the end, where nothing has to be told of them."""
    if dimension is Dimension.ROWS:
        sheet.rows += [EMPTY] * count
    else:
        sheet.columns += [PLAIN] * count


def extend(sheet: Sheet, dimension: Dimension, count: int) -> None:
    """Append what is missing to that many lines."""
    append(sheet, dimension, max(0, count - dimension.count(sheet)))


def delete(book: Spreadsheet, sheet: Sheet, dimension: Dimension, start: int, end: int) -> None:
    if dimension is Dimension.ROWS:
        del sheet.rows[start:end]
    else:
        del sheet.columns[start:end]
        _rebuild(sheet, lambda cells: (*cells[:start], *cells[end:]))

    def left(index: int) -> int:
        return index if index <= start else max(start, index - (end - start))

    def follow(span: Span) -> Span | None:
        first, last = span
        if last is None:
            return left(first), None
        new = left(first), left(last)
        return new if new[0] < new[1] or first == last else None

    _tell(book, sheet, dimension, follow)


def move(
    book: Spreadsheet, sheet: Sheet, dimension: Dimension, start: int, end: int, to: int
) -> None:
    """Move lines so that they stand before what is now at ``to``."""
    if start <= to <= end:
        return
    count = dimension.count(sheet)
    order = list(range(count))
    moving = order[start:end]
    del order[start:end]
    target = to if to < start else to - len(moving)
    order[target:target] = moving
    if dimension is Dimension.ROWS:
        sheet.rows = [sheet.rows[index] for index in order]
    else:
        sheet.columns = [sheet.columns[index] for index in order]
        _rebuild(sheet, lambda cells: [cells[i] if i < len(cells) else None for i in order])
    place = {old: new for new, old in enumerate(order)}

    def follow(span: Span) -> Span:
        first, last = span
        if last is None or last <= first:
            return span
        # A range keeps its ends: it goes from where its first line is now to where its last is.
        ends = place.get(first, first), place.get(last - 1, last - 1)
        return min(ends), max(ends) + 1

    _tell(book, sheet, dimension, follow)


def _rebuild(sheet: Sheet, new: Callable[[tuple[Cell | None, ...]], Sequence[Cell | None]]) -> None:
    """Put the cells of every row where the columns are now."""
    for index, row in enumerate(sheet.rows):
        if row.cells:
            sheet.rows[index] = row.with_cells(new(row.cells))


def _tell(book: Spreadsheet, sheet: Sheet, dimension: Dimension, follow: Follow) -> None:
    for name, objects in sheet.objects.items():
        followed = [_followed(each, sheet.id, dimension, follow) for each in objects]
        sheet.objects[name] = [each for each in followed if each is not None]
    named = [_followed(each, sheet.id, dimension, follow) for each in book.named_ranges]
    book.named_ranges = [each for each in named if each is not None]
    for each in book.sheets:
        if each.has_formulas:
            _tell_formulas(each, sheet, dimension, follow)


def _followed(item: Json, sheet_id: int, dimension: Dimension, follow: Follow) -> Json | None:
    """Return the object with its ranges where they are now; None when they are all gone."""
    if "startRowIndex" in item or "sheetId" in item:
        return _range(item, sheet_id, dimension, follow)
    changed = dict(item)
    for key in _RANGE_KEYS & item.keys():
        value = item[key]
        if isinstance(value, list):
            ranges = [_range(each, sheet_id, dimension, follow) for each in value]
            changed[key] = [each for each in ranges if each is not None]
            if value and not changed[key] and key == "ranges":
                return None
        else:
            changed[key] = _range(value, sheet_id, dimension, follow)
            if changed[key] is None:
                return None
    return changed


def _range(grid_range: Json, sheet_id: int, dimension: Dimension, follow: Follow) -> Json | None:
    if grid_range.get("sheetId", 0) != sheet_id:
        return grid_range
    start_key, end_key = dimension.keys
    found = follow((grid_range.get(start_key, 0), grid_range.get(end_key)))
    if found is None:
        return None
    start, end = found
    whole_line = start_key not in grid_range and end_key not in grid_range
    if whole_line:
        return grid_range
    return grid_range | {start_key: start} | ({end_key: end} if end is not None else {})


def rename(book: Spreadsheet, sheet: Sheet, title: str) -> None:
    """Give a sheet another title, also where formulas name it."""
    old = sheet.title.casefold()

    def new(reference: Reference) -> Reference:
        is_meant = reference.sheet is not None and reference.sheet.casefold() == old
        return replace(reference, sheet=title) if is_meant else reference

    sheet.title = title
    for each in book.sheets:
        if each.has_formulas:
            _rewrite_formulas(each, new)


def _tell_formulas(sheet: Sheet, changed: Sheet, dimension: Dimension, follow: Follow) -> None:
    def new(reference: Reference) -> Reference | None:
        title = sheet.title if reference.sheet is None else reference.sheet
        if title.casefold() != changed.title.casefold():
            return reference
        return _reference(reference, dimension, follow)

    _rewrite_formulas(sheet, new)


def _rewrite_formulas(sheet: Sheet, new: Callable[[Reference], Reference | None]) -> None:
    for index, row in enumerate(sheet.rows):
        cells: list[Cell | None] | None = None
        for column, cell in enumerate(row.cells):
            if cell is None or not isinstance(cell.entered, Formula):
                continue
            text = rewritten(cell.entered.text, new)
            if text != cell.entered.text:
                cells = list(row.cells) if cells is None else cells
                cells[column] = replace(cell, entered=Formula(text))
        if cells is not None:
            sheet.rows[index] = row.with_cells(cells)


def _reference(reference: Reference, dimension: Dimension, follow: Follow) -> Reference | None:
    is_rows = dimension is Dimension.ROWS

    def index(end: End) -> int | None:
        return end.row if is_rows else end.column

    def at(end: End, value: int) -> End:
        return replace(end, row=value) if is_rows else replace(end, column=value)

    start, last = index(reference.start), index(reference.end or reference.start)
    if start is None and last is None:
        return reference
    if start is None or last is None:
        # Open on one side: A2:A. Only the side that is there can move.
        known = start if start is not None else last
        assert known is not None
        found = follow((known, known + 1))
        if found is None:
            return None
        if start is not None:
            return replace(reference, start=at(reference.start, found[0]))
        assert reference.end
        return replace(reference, end=at(reference.end, found[0]))
    found = follow((start, last + 1))
    if found is None or found[1] is None:
        return None
    moved = replace(reference, start=at(reference.start, found[0]))
    if reference.end:
        moved = replace(moved, end=at(reference.end, found[1] - 1))
    return moved
