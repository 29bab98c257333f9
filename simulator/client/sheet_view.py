"""Spreadsheets as people see and edit them: the JSON behind the page's sheet view.

A person types as in Sheets' own editor: what is entered is read by the spreadsheet's locale.
Everything else a person can do to a sheet is a request of ``spreadsheets.batchUpdate``.
"""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator.answers import ApiError
from simulator.sheets.a1 import Area, Box, column_name
from simulator.sheets.access import Access
from simulator.sheets.calculation import Calculation
from simulator.sheets.cells import Cell, Formula
from simulator.sheets.number_format import display
from simulator.sheets.ranges import named_cells, sheet_by_id
from simulator.sheets.requests import perform
from simulator.sheets.spreadsheet import COLUMN_PIXELS, Sheet, Spreadsheet
from simulator.sheets.writing import Input, update
from simulator.world import World

Json = dict[str, Any]

#: How much of a sheet is shown besides what is filled, and how many rows at first.
_SPARE_ROWS, _SPARE_COLUMNS = 20, 3
_FIRST_ROWS = 200


def blueprint(world: World) -> Blueprint:
    routes = Blueprint("sheet_view", __name__, url_prefix="/_sim/sheets")
    access = Access(world.sheets, world.drive)

    def email(person: str | None) -> str:
        return world.chat.person(person or world.chat.people()[0].name).email

    @routes.errorhandler(ApiError)
    def refuse(error: ApiError) -> tuple[Response, int]:
        return jsonify({"error": {"message": error.message}}), error.code

    @routes.errorhandler(KeyError)
    def incomplete(error: KeyError) -> tuple[Response, int]:
        return jsonify({"error": {"message": f"there is no {error}"}}), 400

    @routes.get("/<file_id>")
    def show(file_id: str) -> Json:
        """``?person=&sheet=&rows=``: the tabs, and one sheet's cells up to that many rows."""
        book, file = access.opened(email(request.args.get("person")), file_id)
        wanted = request.args.get("sheet", type=int)
        visible = [sheet for sheet in book.sheets if not sheet.is_hidden]
        sheet = (book.sheet(wanted) if wanted is not None else None) or visible[0]
        rows = request.args.get("rows", _FIRST_ROWS, type=int)
        return {
            "title": file.name,
            "tabs": [{"id": each.id, "title": each.title} for each in visible],
            **_shown(book, sheet, rows),
        }

    @routes.post("/<file_id>/enter")
    def enter(file_id: str) -> Json:
        """``{person, range, values}``: the person types rows of values."""
        body = request.get_json()
        given = Input.of({"values": body["values"]}, {"valueInputOption": "USER_ENTERED"})
        with access.editing(email(body["person"]), file_id) as draft:
            return update(draft, *named_cells(draft.book, body["range"]), given)

    @routes.post("/<file_id>/change")
    def change(file_id: str) -> Json:
        """``{person, requests}``: the person inserts, deletes, sorts, moves and so on."""
        body = request.get_json()
        with access.editing(email(body["person"]), file_id) as draft:
            return {"replies": perform(draft, body["requests"])}

    @routes.post("/<file_id>/sort")
    def sort(file_id: str) -> Json:
        """``{person, sheet, column, order}``: sort all below the header by one column."""
        body = request.get_json()
        with access.editing(email(body["person"]), file_id) as draft:
            sheet = sheet_by_id(draft.book, body["sheet"])
            spec = {"dimensionIndex": body["column"], "sortOrder": body["order"]}
            area = _below_header(sheet).grid_range(sheet.id)
            return {
                "replies": perform(draft, [{"sortRange": {"range": area, "sortSpecs": [spec]}}])
            }

    return routes


def _below_header(sheet: Sheet) -> Area:
    """What Sheets sorts: a filter without its header, or else all that is not frozen."""
    for basic_filter in sheet.objects.get("basicFilter", ()):
        box = sheet.box(Area.of(basic_filter.get("range", {})))
        return Area(box.top + 1, box.bottom, box.left, box.right)
    return Area(sheet.grid.get("frozenRowCount", 0), len(sheet.rows), 0, len(sheet.columns))


def _shown(book: Spreadsheet, sheet: Sheet, rows: int) -> Json:
    used = sheet.used()
    bottom = min(used.bottom + _SPARE_ROWS, rows, len(sheet.rows))
    right = min(used.right + _SPARE_COLUMNS, len(sheet.columns))
    calculation = Calculation(book)
    covered, merges = _merges(sheet, Box(0, bottom, 0, right))
    return {
        "sheet": sheet.id,
        "frozen": sheet.grid.get("frozenRowCount", 0),
        "more": min(used.bottom + _SPARE_ROWS, len(sheet.rows)) > bottom,
        "columns": [
            {
                "name": column_name(index),
                "width": sheet.columns[index].pixels or COLUMN_PIXELS,
                "hidden": sheet.columns[index].hidden,
            }
            for index in range(right)
        ],
        "rows": [
            {
                "hidden": sheet.rows[row].line.hidden,
                "cells": [
                    None
                    if (row, column) in covered
                    else _cell(book, calculation, sheet, row, column)
                    | merges.get((row, column), {})
                    for column in range(right)
                ],
            }
            for row in range(bottom)
        ],
    }


def _cell(book: Spreadsheet, calculation: Calculation, sheet: Sheet, row: int, column: int) -> Json:
    """What a cell shows, what one edits in it where that is something else, and how it looks."""
    cell = sheet.cell(row, column)
    if cell is None:
        return {}
    value = calculation.value(sheet, row, column, cell)
    number_format = calculation.number_format(sheet, cell)
    shown: Json = {"text": display(value, number_format, book.locale)}
    if isinstance(cell.entered, Formula):
        shown["entered"] = cell.entered.text
    elif isinstance(cell.entered, str) and cell.entered.startswith(("=", "'", "+")):
        shown["entered"] = "'" + cell.entered
    if isinstance(value, int | float) and not isinstance(value, bool):
        shown["number"] = True
    return shown | _looks(cell)


def _looks(cell: Cell) -> Json:
    text_format = cell.format.get("textFormat", {})
    looks: Json = {
        "bold": text_format.get("bold"),
        "color": _css(text_format.get("foregroundColor")),
        "background": _css(cell.format.get("backgroundColor")),
        "align": cell.format.get("horizontalAlignment", "").lower(),
        "note": cell.dress.get("note"),
    }
    return {name: look for name, look in looks.items() if look}


def _css(color: Json | None) -> str | None:
    if color is None:
        return None
    parts = (round(255 * color.get(name, 0)) for name in ("red", "green", "blue"))
    return f"rgb({' '.join(map(str, parts))})"


def _merges(sheet: Sheet, box: Box) -> tuple[set[tuple[int, int]], dict[tuple[int, int], Json]]:
    """Which cells lie under others, and how far those others reach."""
    covered: set[tuple[int, int]] = set()
    spans: dict[tuple[int, int], Json] = {}
    for each in sheet.objects.get("merges", ()):
        area = Area.of(each)
        merged = area.within(box.bottom, box.right)
        places = {(row, column) for row in merged.rows for column in merged.columns}
        first = (area.top, area.left)
        covered |= places - {first}
        spans[first] = {"down": len(merged.rows), "across": len(merged.columns)}
    return covered, spans
