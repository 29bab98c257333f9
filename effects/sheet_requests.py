"""The requests of one ``batchUpdate``: literal values only, so that nothing is read as a formula."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from workspace.sheets import Cell

Json = dict[str, Any]

VALUE = "userEnteredValue"
FORMAT = "userEnteredFormat.numberFormat"
DATE = {"type": "DATE", "pattern": "yyyy/mm/dd"}
WHOLE = {"type": "NUMBER", "pattern": "#,##0"}
WITH_PARTS = {"type": "NUMBER", "pattern": "#,##0.00"}


def update(tab: int, row: int, cells: Mapping[int, Cell], dates: frozenset[int]) -> Iterator[Json]:
    """Yield what writes cells of a row, by column; those in ``dates`` are shown as dates.

    Cells that are not named keep what they have, and all keep their format but those.
    """
    for shown, columns in groupby(sorted(cells), key=lambda column: column in dates):
        for first, run in _runs(columns):
            written = [_cell(cells[column], DATE if shown else None) for column in run]
            yield {
                "updateCells": {
                    "start": {"sheetId": tab, "rowIndex": row, "columnIndex": first},
                    "rows": [{"values": written}],
                    "fields": f"{VALUE},{FORMAT}" if shown else VALUE,
                }
            }


def append(tab: int, rows: Iterable[Mapping[int, Cell]], dates: frozenset[int]) -> Json:
    """Return what adds rows below the last one in which anything stands.

    They begin without the formats of their columns, so numbers are given one that can be read.
    """
    written = []
    for cells in rows:
        added = [(column in dates, cells.get(column, "")) for column in range(max(cells) + 1)]
        shown = [(cell, DATE if is_date else _format(cell)) for is_date, cell in added]
        written.append({"values": [_cell(cell, as_what) for cell, as_what in shown]})
    return {"appendCells": {"sheetId": tab, "rows": written, "fields": f"{VALUE},{FORMAT}"}}


def _format(cell: Cell) -> Json | None:
    if isinstance(cell, (str, bool)):
        return None
    return WHOLE if cell == int(cell) else WITH_PARTS


def _cell(cell: Cell, shown_as: Json | None) -> Json:
    written: Json = {"userEnteredFormat": {"numberFormat": shown_as}} if shown_as else {}
    if isinstance(cell, bool):
        return written | {VALUE: {"boolValue": cell}}
    if isinstance(cell, str):
        return written | ({VALUE: {"stringValue": cell}} if cell else {})
    return written | {VALUE: {"numberValue": cell}}


def _runs(columns: Iterable[int]) -> Iterator[tuple[int, list[int]]]:
    """Split columns into those that stand side by side."""
    for _, run in groupby(enumerate(columns), key=lambda each: each[1] - each[0]):
        some = [column for _, column in run]
        yield some[0], some
