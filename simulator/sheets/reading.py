"""Reading cells as ``ValueRange``: rows of values, without the empty ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Self

from simulator.sheets.a1 import Area, full_name
from simulator.sheets.calculation import Calculation
from simulator.sheets.cells import Cell, CellError, Formula, normal
from simulator.sheets.number_format import MOMENTS, display
from simulator.sheets.ranges import in_grid
from simulator.sheets.spreadsheet import Sheet, Spreadsheet

Json = dict[str, Any]


@dataclass(frozen=True)
class Rendering:
    values: str = "FORMATTED_VALUE"
    moments: str = "SERIAL_NUMBER"
    dimension: str = "ROWS"

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Read the options of a request, ``DIMENSION_UNSPECIFIED`` being rows."""
        dimension = given.get("majorDimension")
        return cls(
            given.get("valueRenderOption", "FORMATTED_VALUE"),
            given.get("dateTimeRenderOption", "SERIAL_NUMBER"),
            "COLUMNS" if dimension == "COLUMNS" else "ROWS",
        )

    @classmethod
    def of_response(cls, given: Mapping[str, Any]) -> Self:
        """Read the options a write has for what it answers."""
        return cls(
            given.get("responseValueRenderOption", "FORMATTED_VALUE"),
            given.get("responseDateTimeRenderOption", "SERIAL_NUMBER"),
        )


class Reader:
    """Reads one spreadsheet in one rendering; formulas are worked out once."""

    def __init__(self, book: Spreadsheet, rendering: Rendering) -> None:
        self._calculation = Calculation(book)
        self._locale = book.locale
        self._rendering = rendering

    def value_range(self, sheet: Sheet, area: Area) -> Json:
        """Read the part of an area that is in the grid. Raises ApiError if it begins outside."""
        box = in_grid(sheet, area)
        rows: list[list[Any]] = []
        for row in box.rows:
            cells = sheet.rows[row].cells[box.left : box.right]
            rows.append(
                [
                    self._value(sheet, row, column, cell)
                    for column, cell in enumerate(cells, box.left)
                ]
            )
        if self._rendering.dimension == "COLUMNS":
            rows = [list(column) for column in zip_longest(*rows, fillvalue="")]
        answer: Json = {
            "range": full_name(sheet.title, box),
            "majorDimension": self._rendering.dimension,
        }
        if values := without_empty_ends(rows):
            answer["values"] = values
        return answer

    def _value(self, sheet: Sheet, row: int, column: int, cell: Cell | None) -> Any:
        if cell is None or cell.entered is None:
            return ""
        entered = cell.entered
        if isinstance(entered, str):
            return entered
        wanted = self._rendering.values
        if wanted == "FORMULA" and isinstance(entered, Formula):
            return entered.text
        value = self._calculation.value(sheet, row, column, cell)
        number_format = self._calculation.number_format(sheet, cell)
        is_moment = number_format is not None and number_format.get("type") in MOMENTS
        as_text = is_moment and self._rendering.moments == "FORMATTED_STRING"
        if wanted == "FORMATTED_VALUE" or as_text:
            return display(value, number_format, self._locale)
        if isinstance(value, CellError):
            return value.shown
        return normal(value) if isinstance(value, float) else value


def without_empty_ends(rows: Sequence[list[Any]]) -> list[list[Any]]:
    """Trim what is empty at the end of each row and at the end of them all."""
    trimmed = []
    for row in rows:
        end = len(row)
        while end and row[end - 1] == "":
            end -= 1
        trimmed.append(row[:end])
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed
