"""A spreadsheet while somebody changes it. Nobody else sees the draft."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.sheets import refusals, serials
from simulator.sheets.a1 import Area
from simulator.sheets.cells import BLANK, NO_DRESS, Cell, Entered
from simulator.sheets.entry import Place, enter
from simulator.sheets.spreadsheet import Json, Sheet, Spreadsheet

JsonValue = str | int | float | bool | None


@dataclass
class Draft:
    book: Spreadsheet
    user: str
    title: str
    """The spreadsheet's name, which is that of its file."""

    def allow(self, sheet: Sheet, area: Area) -> None:
        """Refuse to write where somebody else has protected the cells."""
        for protected in sheet.objects.get("protectedRanges", ()):
            editors = protected.get("editors", {}).get("users", ())
            if protected.get("warningOnly") or self.user in editors:
                continue
            free = [Area.of(each) for each in protected.get("unprotectedRanges", ())]
            if Area.of(protected.get("range", {})).overlaps(area) and not any(
                each.overlaps(area) for each in free
            ):
                raise refusals.protected()

    def enter(
        self,
        sheet: Sheet,
        row: int,
        column: int,
        values: Sequence[JsonValue],
        *,
        as_typed: bool,
    ) -> int:
        """Write values side by side, null leaving a cell alone; how many were written."""
        place = self._place() if as_typed else None
        old = sheet.rows[row]
        cells: list[Cell | None] = []
        for offset, value in enumerate(values):
            cell = old.cell(column + offset)
            if value is not None:
                cell = self._entered(cell, value, place)
            cells.append(cell)
        sheet.put(row, column, cells)
        return sum(value is not None for value in values)

    def _place(self) -> Place:
        return Place(self.book.locale, serials.now_in(self.book.time_zone).date())

    @staticmethod
    def _entered(cell: Cell | None, value: JsonValue, place: Place | None) -> Cell | None:
        entered: Entered = value if value != "" else None
        number_format: Json | None = None
        if place and isinstance(value, str) and not (cell and cell.is_text):
            entered, number_format = enter(value, place)
        if cell is None and number_format is None:
            return None if entered is None else Cell(entered, NO_DRESS)
        new = (cell or BLANK).with_entered(entered, number_format)
        return None if new == BLANK else new
