"""Google Sheets, as tasks look at it and effects change it.

A table of any size is read in one call and written in one: Google counts calls, not cells.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from errors.google import (
    NoSpreadsheet,
    SheetForbidden,
    SheetMissing,
    SheetRefused,
    WrittenBefore,
)
from workspace import sheet_number
from workspace.caller import Caller
from workspace.calls import Calls, Sort
from workspace.quota import Quota, sheets_reads, sheets_writes
from workspace.refusals import NotFound

if TYPE_CHECKING:
    from workspace.clients import GoogleClients
    from workspace.sheets_http import SheetsHTTP

SECONDS = 35.0
"""Google gives a Sheets request up to 180; a sheet of the size that Kakari keeps takes a few."""
ADDRESS = "https://docs.google.com/spreadsheets/d/{spreadsheet}#gid={tab}"
"""Where people find a tab."""

Cell = str | int | float | bool
"""A cell's content, unformatted; a date is the number that Sheets counts it by."""
Json = dict[str, Any]
Span = tuple[int, int, int]
"""The first and the last row, from 0, and how many columns of them."""


@dataclass(frozen=True)
class Tab:
    """A sheet of a spreadsheet. Its id stays when it is renamed."""

    id: int
    title: str


class Sheets:
    """The Sheets API for one caller."""

    def __init__(
        self, clients: "GoogleClients", quota: Quota, caller: Caller | None = None
    ) -> None:
        self._clients = clients
        self._quota = quota
        self._caller = caller or Caller()
        self._reads = sheets_reads(clients.account)
        self._writes = sheets_writes(clients.account)

    @cached_property
    def _http(self) -> "SheetsHTTP":
        from workspace.sheets_http import SheetsHTTP

        calls = Calls(self._clients, self._caller, refused=SheetRefused, forbidden=SheetForbidden)
        return SheetsHTTP(calls, self._clients.origins.sheets_url)

    def tabs(self, spreadsheet: str) -> list[Tab]:
        """Return the spreadsheet's tabs that hold cells, in their order.

        Raises SheetMissing, also where it is not shared, and NoSpreadsheet.
        """
        self._take(self._reads)
        fields = "sheets.properties(sheetId,title,sheetType)"
        try:
            found = self._http.spreadsheets_get(spreadsheet, {"fields": fields})
        except (NotFound, SheetForbidden) as error:
            raise self._missing(spreadsheet) from error
        except SheetRefused as error:  # there is nothing else in this request to refuse
            raise NoSpreadsheet(spreadsheet=spreadsheet) from error
        return [
            Tab(int(each["properties"].get("sheetId", 0)), each["properties"]["title"])
            for each in found["sheets"]
            if each["properties"].get("sheetType", "GRID") == "GRID"
        ]

    def rows(self, spreadsheet: str, title: str, *, formulas: bool = False) -> list[list[Cell]]:
        """Return a tab's cells as far as anything stands in them, rows of any length.

        With ``formulas`` a formula is what it says instead of what it comes to. Raises
        SheetMissing, and SheetRefused where there is no tab of this name.
        """
        from gspread.utils import absolute_range_name

        self._take(self._reads)
        options: dict[str, Any] = {
            "valueRenderOption": "FORMULA" if formulas else "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
        }
        try:
            found = self._http.values_batch_get(spreadsheet, [absolute_range_name(title)], options)
        except NotFound as error:
            raise self._missing(spreadsheet) from error
        rows: list[list[Cell]] = found["valueRanges"][0].get("values", [])
        return rows

    def write(
        self,
        spreadsheet: str,
        number: int,
        requests: Sequence[Mapping[str, Any]] = (),
        title: str = "",
        spans: Sequence[Span] = (),
    ) -> list[tuple[int, list[Cell]]]:
        """Carry requests out, all or none, and return what stands in these spans of a tab then.

        That is each row with its row number from 0, as it was at the same moment. Under one
        ``number`` Google carries out one call, ever; without requests that keeps others from it.
        Raises WrittenBefore where it has done so already, else SheetForbidden, SheetRefused,
        OutcomeUnknown, TooMany or TryLater.
        """
        from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL
        from gspread.utils import absolute_range_name, rowcol_to_a1

        self._take(self._writes)
        body: Json = {"requests": [*sheet_number.claim(number), *requests]}
        if spans:
            body |= {
                "includeSpreadsheetInResponse": True,
                "responseIncludeGridData": True,
                "responseRanges": [
                    absolute_range_name(title, f"A{first + 1}:{rowcol_to_a1(last + 1, width)}")
                    for first, last, width in spans
                ],
            }
        fields = "updatedSpreadsheet.sheets.data(startRow,rowData.values.effectiveValue)"
        address = SPREADSHEET_BATCH_UPDATE_URL % spreadsheet
        try:
            answer = self._http.send("post", address, Sort.KNOWN, {"fields": fields}, body).json()
        except SheetRefused as error:
            if self._is_taken(spreadsheet, number):
                raise WrittenBefore from error
            raise
        return list(_rows(answer.get("updatedSpreadsheet", {})))

    def _is_taken(self, spreadsheet: str, number: int) -> bool:
        from gspread.urls import SPREADSHEET_URL

        self._take(self._reads)
        address = f"{SPREADSHEET_URL % spreadsheet}/developerMetadata/{number}"
        try:
            self._http.send("get", address, Sort.READ)
        except NotFound:
            return False
        return True

    def _take(self, bucket: Any) -> None:
        self._quota.take(bucket, stop=self._caller.stop, on_wait=self._caller.on_wait)

    def _missing(self, spreadsheet: str) -> SheetMissing:
        return SheetMissing(spreadsheet=spreadsheet, account=self._clients.account)


def _rows(spreadsheet: Json) -> Iterator[tuple[int, list[Cell]]]:
    for sheet in spreadsheet.get("sheets", ()):
        for block in sheet.get("data", ()):
            for at, row in enumerate(block.get("rowData", ()), start=block.get("startRow", 0)):
                values = [each.get("effectiveValue", {}) for each in row.get("values", ())]
                yield at, [next(iter(value.values()), "") for value in values]
