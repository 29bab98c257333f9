"""A spreadsheet as it lies in the simulator's state on disk."""

from dataclasses import asdict
from typing import Any

from simulator.sheets.cells import Cell, Formula
from simulator.sheets.spreadsheet import EMPTY, PLAIN, Line, Metadata, Row, Sheet, Spreadsheet

Json = dict[str, Any]


def to_json(book: Spreadsheet) -> Json:
    return {
        "id": book.id,
        "properties": book.properties,
        "named_ranges": book.named_ranges,
        "metadata": [asdict(each) for each in book.metadata],
        "sheets": [_sheet_to_json(sheet) for sheet in book.sheets],
    }


def from_json(data: Json) -> Spreadsheet:
    return Spreadsheet(
        data["id"],
        [_sheet_from_json(sheet) for sheet in data["sheets"]],
        data["properties"],
        data["named_ranges"],
        _metadata(data["metadata"]),
    )


def _sheet_to_json(sheet: Sheet) -> Json:
    return {
        "id": sheet.id,
        "title": sheet.title,
        "properties": sheet.properties,
        "grid": sheet.grid,
        "objects": sheet.objects,
        "metadata": [asdict(each) for each in sheet.metadata],
        "has_formulas": sheet.has_formulas,
        "columns": [_line_to_json(line) for line in sheet.columns],
        "row_count": len(sheet.rows),
        # Only the rows there is something to tell of.
        "rows": {
            str(index): {
                "cells": [_cell_to_json(cell) for cell in row.cells],
                "line": _line_to_json(row.line),
            }
            for index, row in enumerate(sheet.rows)
            if row is not EMPTY
        },
    }


def _sheet_from_json(data: Json) -> Sheet:
    rows = [EMPTY] * data["row_count"]
    for index, row in data["rows"].items():
        cells = tuple(_cell_from_json(cell) for cell in row["cells"])
        rows[int(index)] = Row(cells, _line_from_json(row["line"]))
    return Sheet(
        data["id"],
        data["title"],
        rows,
        [_line_from_json(line) for line in data["columns"]],
        data["properties"],
        data["grid"],
        data["objects"],
        _metadata(data["metadata"]),
        data["has_formulas"],
    )


def _cell_to_json(cell: Cell | None) -> Any:
    """A plain value as itself, anything more as an object."""
    if cell is None:
        return None
    if isinstance(cell.entered, Formula):
        return {"formula": cell.entered.text, "dress": cell.dress}
    if cell.dress:
        return {"value": cell.entered, "dress": cell.dress}
    return cell.entered


def _cell_from_json(data: Any) -> Cell | None:
    if data is None:
        return None
    if not isinstance(data, dict):
        return Cell(data)
    if "formula" in data:
        return Cell(Formula(data["formula"]), data["dress"])
    return Cell(data["value"], data["dress"])


def _line_to_json(line: Line) -> Json:
    return {} if line == PLAIN else asdict(line)


def _line_from_json(data: Json) -> Line:
    if not data:
        return PLAIN
    return Line(data["pixels"], data["hidden"], _metadata(data["metadata"]))


def _metadata(data: list[Json]) -> tuple[Metadata, ...]:
    return tuple(Metadata(**each) for each in data)
