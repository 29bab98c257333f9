"""A spreadsheet of the office, as its people see it and type into it."""

from typing import Any

from errors.google import SheetRefused
from simulator.office import PROJECTS_FOLDER_ID
from workspace.caller import Caller
from workspace.calls import Calls
from workspace.clients import GoogleClients
from workspace.sheets_http import SheetsHTTP

SPREADSHEET = "application/vnd.google-apps.spreadsheet"


class Sheet:
    """One of its own for each test, with one tab."""

    def __init__(self, clients: GoogleClients, *rows: list[Any]) -> None:
        made = clients.drive_files.create(
            body={"name": "書類", "mimeType": SPREADSHEET, "parents": [PROJECTS_FOLDER_ID]},
            supportsAllDrives=True,
        )
        with clients.transport() as http:
            self.id = made.execute(http=http)["id"]
        calls = Calls(clients, Caller(), refused=SheetRefused)
        self._people = SheetsHTTP(calls, clients.origins.sheets_url)
        self.put("A1", *rows)

    def put(self, at: str, *rows: list[Any]) -> None:
        """Type into cells, as a person does."""
        self._people.values_update(
            self.id, at, {"valueInputOption": "USER_ENTERED"}, {"values": rows}
        )

    def cells(self, how: str = "FORMATTED_VALUE") -> list[list[Any]]:
        """Return what people see, or as ``FORMULA`` what the cells hold."""
        found = self._people.values_get(self.id, "Sheet1", {"valueRenderOption": how})
        rows: list[list[Any]] = found.get("values", [])
        return rows
