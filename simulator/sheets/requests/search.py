"""``findReplace``."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from simulator.answers import bad_request
from simulator.sheets import serials
from simulator.sheets.a1 import Area, Box
from simulator.sheets.cells import Cell, Formula
from simulator.sheets.draft import Draft
from simulator.sheets.entry import Place, enter
from simulator.sheets.number_format import display
from simulator.sheets.ranges import grid_range, sheet_by_id
from simulator.sheets.spreadsheet import Sheet

Json = dict[str, Any]


def find_replace(draft: Draft, request: Json) -> Json:
    """Replace text as people see it; what comes of it is read as if it were typed."""
    pattern = _pattern(request)
    replacement = request.get("replacement", "")
    if not request.get("searchByRegex"):
        replacement = replacement.replace("\\", r"\\")
    else:
        replacement = re.sub(r"\$(\d)", r"\\\1", replacement)
    place = Place(draft.book.locale, serials.now_in(draft.book.time_zone).date())
    count = {"values": 0, "formulas": 0, "occurrences": 0}
    rows: set[tuple[int, int]] = set()
    for sheet, box in _where(draft, request):
        for row, column, cell in list(sheet.cells_in(box)):
            is_formula = isinstance(cell.entered, Formula)
            if is_formula and not request.get("includeFormulas"):
                continue
            text, found = pattern.subn(replacement, _shown(cell, draft.book.locale))
            if not found:
                continue
            draft.allow(sheet, Area.cell(row, column))
            count["formulas" if is_formula else "values"] += 1
            count["occurrences"] += found
            rows.add((sheet.id, row))
            sheet.put(row, column, [replace(cell, entered=enter(text, place)[0])])
    answer = {f"{name}Changed": number for name, number in count.items()} | {
        "rowsChanged": len(rows),
        "sheetsChanged": len({sheet_id for sheet_id, _ in rows}),
    }
    return {name: number for name, number in answer.items() if number}


def _shown(cell: Cell, locale: str) -> str:
    if isinstance(cell.entered, Formula):
        return cell.entered.text
    return display(cell.entered, cell.number_format, locale)


def _pattern(request: Json) -> re.Pattern[str]:
    find = request.get("find", "")
    if not find:
        raise bad_request("find: must not be empty")
    text = find if request.get("searchByRegex") else re.escape(find)
    if request.get("matchEntireCell"):
        text = rf"\A(?:{text})\Z"
    try:
        return re.compile(text, 0 if request.get("matchCase") else re.IGNORECASE)
    except re.error as error:
        raise bad_request(f"find: not a regular expression: {error}") from error


def _where(draft: Draft, request: Json) -> Iterator[tuple[Sheet, Box]]:
    if "range" in request:
        yield grid_range(draft.book, request["range"])
    elif request.get("allSheets"):
        yield from ((sheet, sheet.box(Area())) for sheet in draft.book.sheets)
    else:
        sheet = sheet_by_id(draft.book, request.get("sheetId", 0))
        yield sheet, sheet.box(Area())


REQUESTS = {"findReplace": find_replace}
