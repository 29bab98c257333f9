"""The methods of ``spreadsheets``, its sheets and its developer metadata."""

from typing import Any

from simulator import masks
from simulator.answers import bad_request
from simulator.call import Behaviours, Call, Result
from simulator.drive.state import DriveState, File
from simulator.keys import SERVICE_ACCOUNT
from simulator.masks import Tree
from simulator.sheets import defaults, filters, refusals
from simulator.sheets.a1 import Area
from simulator.sheets.access import Access, Limits
from simulator.sheets.metadata import everything, resource
from simulator.sheets.ranges import named_cells, sheet_by_id
from simulator.sheets.requests import perform
from simulator.sheets.requests.content import dressed
from simulator.sheets.requests.tabs import copied, new_sheet
from simulator.sheets.resource import EVERYTHING, Printer, properties
from simulator.sheets.spreadsheet import Sheet, Spreadsheet
from simulator.sheets.state import SPREADSHEET, SheetsState
from simulator.sheets.structure import Dimension, extend

Json = dict[str, Any]
#: A mask over cells that asks for nothing that has to be worked out.
NOTHING: Tree = {"": {}}
Places = list[tuple[Sheet, Area]]


class Spreadsheets:
    def __init__(
        self, sheets: SheetsState, drive: DriveState, access: Access, limits: Limits
    ) -> None:
        self._sheets = sheets
        self._drive = drive
        self._access = access
        self._limits = limits

    def behaviours(self) -> Behaviours:
        reads = {
            "get": self.get,
            "getByDataFilter": self.get_by_filter,
            "developerMetadata.get": self.get_metadata,
            "developerMetadata.search": self.search_metadata,
        }
        writes = {
            "create": self.create,
            "batchUpdate": self.batch_update,
            "sheets.copyTo": self.copy_sheet,
        }
        prefix = "sheets.spreadsheets."
        return {
            prefix + name: self._limits.counted(what, handle)
            for what, methods in (("Read", reads), ("Write", writes))
            for name, handle in methods.items()
        }

    def create(self, call: Call) -> Result:
        """Make a spreadsheet in the caller's My Drive; a service account has none."""
        user = call.grant.user
        if user == SERVICE_ACCOUNT:
            raise refusals.no_permission()
        given = call.body.get("properties", {})
        with self._drive.lock:
            file = self._drive.add(
                given.get("title") or defaults.TITLE,
                SPREADSHEET,
                self._drive.root_of(user),
                user,
                file_id=self._drive.ids.mint(user),
            )
            book = _made(file.id, call.body)
            self._sheets.put(book)
        return self._printed(call, book, file, None, None)

    def get(self, call: Call) -> Result:
        book, file = self._access.opened(call.grant.user, call["spreadsheetId"])
        places = [named_cells(book, text) for text in call.get("ranges", ())]
        wanted = _cell_fields(call, "Spreadsheet", (), given=call.get("includeGridData", False))
        return self._printed(call, book, file, places or None, wanted)

    def get_by_filter(self, call: Call) -> Result:
        book, file = self._access.opened(call.grant.user, call["spreadsheetId"])
        data_filters = call.body.get("dataFilters", ())
        places = [place for each in data_filters for place in filters.cells(book, each)]
        given = call.body.get("includeGridData", False)
        wanted = _cell_fields(call, "Spreadsheet", (), given=given)
        return self._printed(call, book, file, places if data_filters else None, wanted)

    def batch_update(self, call: Call) -> Result:
        body = call.body
        with self._access.editing(call.grant.user, call["spreadsheetId"]) as draft:
            replies = perform(draft, body.get("requests", []))
            book = draft.book
            answer: Json = {"spreadsheetId": book.id, "replies": replies}
            if body.get("includeSpreadsheetInResponse"):
                texts = body.get("responseRanges", ())
                places = [named_cells(book, text) for text in texts]
                below = ("updatedSpreadsheet",)
                given = body.get("responseIncludeGridData", False)
                wanted = _cell_fields(call, "BatchUpdateSpreadsheetResponse", below, given=given)
                printer = Printer(
                    book, title=draft.title, user=draft.user, origin=self._origin(call)
                )
                answer["updatedSpreadsheet"] = printer.spreadsheet(places or None, wanted)
            return answer

    def copy_sheet(self, call: Call) -> Result:
        user = call.grant.user
        source, _ = self._access.opened(user, call["spreadsheetId"])
        sheet = sheet_by_id(source, call["sheetId"])
        target = call.body.get("destinationSpreadsheetId", "")
        with self._access.editing(user, target) as draft:
            made = copied(sheet, new_sheet(draft.book, {"title": f"Copy of {sheet.title}"}))
            draft.book.sheets.append(made)
            return properties(draft.book, made)

    def get_metadata(self, call: Call) -> Result:
        book, _ = self._access.opened(call.grant.user, call["spreadsheetId"])
        for metadata, place in everything(book):
            if metadata.id == call["metadataId"]:
                return resource(metadata, place)
        raise refusals.not_found()

    def search_metadata(self, call: Call) -> Result:
        book, _ = self._access.opened(call.grant.user, call["spreadsheetId"])
        found: dict[int, Json] = {}
        for data_filter in call.body.get("dataFilters", ()):
            for metadata, place in filters.metadata(book, data_filter):
                match = found.setdefault(
                    metadata.id,
                    {"developerMetadata": resource(metadata, place), "dataFilters": []},
                )
                match["dataFilters"].append(data_filter)
        return {"matchedDeveloperMetadata": list(found.values())} if found else {}

    def _printed(
        self, call: Call, book: Spreadsheet, file: File, places: Places | None, wanted: Tree | None
    ) -> Json:
        printer = Printer(book, title=file.name, user=call.grant.user, origin=self._origin(call))
        return printer.spreadsheet(places, wanted)

    def _origin(self, call: Call) -> str:
        return self._drive.page_origin or call.origin


def _cell_fields(call: Call, schema: str, path: tuple[str, ...], *, given: bool) -> Tree | None:
    """Which fields of cells to show; a mask in the request says more than its flag.

    None if there are to be no cells in the answer at all.
    """
    if not call.get("fields"):
        return EVERYTHING if given else None
    tree = masks.mask(call["fields"], call.method.api, schema)
    for name in (*path, "sheets", "data"):
        if not tree or "*" in tree:
            return EVERYTHING
        if name not in tree:
            return None
        tree = tree[name]
    for name in ("rowData", "values"):
        if not tree or "*" in tree:
            return EVERYTHING
        tree = tree.get(name, NOTHING)
    return EVERYTHING if "*" in tree else tree


def _made(file_id: str, body: Json) -> Spreadsheet:
    """Make a spreadsheet as the body of a ``create`` describes it. Raises ApiError."""
    given = {key: value for key, value in body.get("properties", {}).items() if key != "title"}
    book = Spreadsheet(file_id, [], defaults.PROPERTIES | given)
    for each in body.get("sheets", ()) or [{"properties": {"sheetId": 0}}]:
        sheet = new_sheet(book, each.get("properties", {}))
        book.sheets.append(sheet)
        for name in ("merges", "protectedRanges", "conditionalFormats", "filterViews"):
            if name in each:
                sheet.objects[name] = each[name]
        for grid in each.get("data", ()):
            _fill(sheet, grid)
    for named in body.get("namedRanges", ()):
        book.named_ranges.append(named)
    if all(sheet.is_hidden for sheet in book.sheets):
        raise bad_request("You can't hide all the sheets in a document.")
    return book


def _fill(sheet: Sheet, grid: Json) -> None:
    top, left = grid.get("startRow", 0), grid.get("startColumn", 0)
    rows = grid.get("rowData", [])
    extend(sheet, Dimension.ROWS, top + len(rows))
    for offset, row in enumerate(rows):
        cells = row.get("values", [])
        extend(sheet, Dimension.COLUMNS, left + len(cells))
        sheet.put(top + offset, left, [dressed(None, cell, {"*": {}}) for cell in cells])
