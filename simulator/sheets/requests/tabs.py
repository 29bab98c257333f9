"""Requests on whole sheets, and on the spreadsheet itself."""

import random
from dataclasses import replace
from typing import Any

from simulator.answers import bad_request
from simulator.sheets import fields
from simulator.sheets.draft import Draft
from simulator.sheets.ranges import sheet_by_id
from simulator.sheets.resource import properties
from simulator.sheets.spreadsheet import COLUMNS, EMPTY, PLAIN, ROWS, Sheet, Spreadsheet
from simulator.sheets.structure import Dimension, delete, extend, rename

Json = dict[str, Any]

#: ``SheetProperties`` that have a place of their own in a ``Sheet``.
_OWN = {"sheetId", "title", "index", "sheetType", "gridProperties"}
LONGEST_TITLE = 100
#: How many cells a spreadsheet may have.
MOST_CELLS = 10_000_000


def add_sheet(draft: Draft, request: Json) -> Json:
    given = request.get("properties", {})
    sheet = new_sheet(draft.book, given)
    place(draft.book, sheet, given.get("index"))
    return {"properties": properties(draft.book, sheet)}


def new_sheet(book: Spreadsheet, given: Json) -> Sheet:
    """Make a sheet from ``SheetProperties``, not yet in its place. Raises ApiError."""
    sheet_id = given.get("sheetId")
    if sheet_id is None:
        sheet_id = _free_id(book)
    if sheet_id < 0:
        raise bad_request("Sheet id must be non-negative.")
    if book.sheet(sheet_id):
        raise bad_request(f"Sheet with id {sheet_id} already exists. sheetId: {sheet_id}")
    title = given.get("title") or _free_title(book)
    _refuse_title(book, title)
    grid = dict(given.get("gridProperties", {}))
    rows, columns = grid.pop("rowCount", ROWS), grid.pop("columnCount", COLUMNS)
    _refuse_size(book, rows * columns)
    others = {key: value for key, value in given.items() if key not in _OWN}
    return Sheet(sheet_id, title, [EMPTY] * rows, [PLAIN] * columns, others, grid)


def delete_sheet(draft: Draft, request: Json) -> None:
    book = draft.book
    sheet = sheet_by_id(book, request.get("sheetId", 0))
    if all(each.is_hidden for each in book.sheets if each is not sheet):
        raise bad_request("You can't remove all the visible sheets in a document.")
    book.sheets.remove(sheet)
    book.named_ranges = [
        each for each in book.named_ranges if each["range"].get("sheetId", 0) != sheet.id
    ]


def duplicate_sheet(draft: Draft, request: Json) -> Json:
    book = draft.book
    source = sheet_by_id(book, request.get("sourceSheetId", 0))
    title = request.get("newSheetName") or f"Copy of {source.title}"
    given = {"title": title, "sheetId": request.get("newSheetId")}
    made = copied(source, new_sheet(book, {k: v for k, v in given.items() if v is not None}))
    place(book, made, request.get("insertSheetIndex", 0))
    return {"properties": properties(book, made)}


def copied(source: Sheet, target: Sheet) -> Sheet:
    """Return a copy of a sheet under the other's id and title; what lies on it goes along."""
    objects = {
        name: [_on_sheet(each, target.id) for each in items]
        for name, items in source.objects.items()
    }
    made = source.copy()
    return replace(made, id=target.id, title=target.title, objects=objects)


def _on_sheet(value: Any, sheet_id: int) -> Any:
    """Let every range in an object be one of that sheet."""
    if isinstance(value, list):
        return [_on_sheet(each, sheet_id) for each in value]
    if not isinstance(value, dict):
        return value
    moved = {key: _on_sheet(each, sheet_id) for key, each in value.items()}
    is_range = {"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"} & value.keys()
    return moved | {"sheetId": sheet_id} if is_range else moved


def update_sheet_properties(draft: Draft, request: Json) -> None:
    book, given = draft.book, request.get("properties", {})
    sheet = sheet_by_id(book, given.get("sheetId", 0))
    tree = fields.read(request, "SheetProperties")
    if fields.names(tree, "title"):
        title = given.get("title", "")
        if title.casefold() != sheet.title.casefold():
            _refuse_title(book, title)
        rename(book, sheet, title)
    if fields.names(tree, "gridProperties"):
        below = tree.get("gridProperties") or {"*": {}}
        _set_grid(draft, sheet, given.get("gridProperties", {}), below)
    others = {name: below for name, below in tree.items() if name not in _OWN}
    if others:
        new = {key: value for key, value in given.items() if key not in _OWN}
        sheet.properties = fields.changed(sheet.properties, new, others)
        if all(each.is_hidden for each in book.sheets):
            raise bad_request("You can't hide all the sheets in a document.")
    if "index" in tree:
        _move(book, sheet, given.get("index", 0))


def update_spreadsheet_properties(draft: Draft, request: Json) -> None:
    tree = fields.read(request, "SpreadsheetProperties")
    given = request.get("properties", {})
    if fields.names(tree, "title"):
        if not given.get("title"):
            raise bad_request("The title of a spreadsheet cannot be empty.")
        draft.title = given["title"]
    for name in tree.keys() - {"title"} if "*" not in tree else given.keys() - {"title"}:
        below = tree.get(name, {})
        draft.book.properties = fields.changed(draft.book.properties, given, {name: below})


def place(book: Spreadsheet, sheet: Sheet, index: int | None) -> None:
    """Put a sheet at its index, at the end if there is none."""
    book.sheets.insert(len(book.sheets) if index is None else index, sheet)


def _move(book: Spreadsheet, sheet: Sheet, index: int) -> None:
    """Move a sheet before what is now at the index: the index counts before the move."""
    now = book.sheets.index(sheet)
    if index in {now, now + 1}:
        return
    book.sheets.remove(sheet)
    book.sheets.insert(index if index < now else index - 1, sheet)


def _set_grid(draft: Draft, sheet: Sheet, given: Json, tree: Json) -> None:
    new = fields.changed(
        sheet.grid | {"rowCount": len(sheet.rows), "columnCount": len(sheet.columns)}, given, tree
    )
    rows = new.pop("rowCount", len(sheet.rows))
    columns = new.pop("columnCount", len(sheet.columns))
    if rows < 1 or columns < 1:
        raise bad_request("A sheet must have at least one row and one column.")
    _refuse_size(draft.book, rows * columns - len(sheet.rows) * len(sheet.columns))
    for dimension, count, frozen in (
        (Dimension.ROWS, rows, new.get("frozenRowCount", 0)),
        (Dimension.COLUMNS, columns, new.get("frozenColumnCount", 0)),
    ):
        if frozen >= count:
            what = dimension.name.lower()
            raise bad_request(f"You can't freeze all visible {what} on the sheet.")
        if count < dimension.count(sheet):
            delete(draft.book, sheet, dimension, count, dimension.count(sheet))
        extend(sheet, dimension, count)
    sheet.grid = new


def _refuse_title(book: Spreadsheet, title: str) -> None:
    if not title:
        raise bad_request("The sheet name cannot be empty.")
    if len(title) > LONGEST_TITLE:
        raise bad_request(f"The sheet name cannot be greater than {LONGEST_TITLE} characters.")
    if book.titled(title):
        raise bad_request(
            f'A sheet with the name "{title}" already exists. Please enter another name.'
        )


def _refuse_size(book: Spreadsheet, more: int) -> None:
    cells = sum(len(sheet.rows) * len(sheet.columns) for sheet in book.sheets)
    if cells + more > MOST_CELLS:
        raise bad_request(
            "This action would increase the number of cells in the workbook above the limit of "
            f"{MOST_CELLS} cells."
        )


def _free_id(book: Spreadsheet) -> int:
    while book.sheet(new := random.randrange(1, 2**31)):
        pass
    return new


def _free_title(book: Spreadsheet) -> str:
    number = len(book.sheets) + 1
    while book.titled(f"Sheet{number}"):
        number += 1
    return f"Sheet{number}"


REQUESTS = {
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "duplicateSheet": duplicate_sheet,
    "updateSheetProperties": update_sheet_properties,
    "updateSpreadsheetProperties": update_spreadsheet_properties,
}
