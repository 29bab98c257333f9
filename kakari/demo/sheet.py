"""The demo's schedule sheet: made once, in the shared drive, as an office would have one."""

from contextlib import closing
from pathlib import Path

from errors.google import SheetRefused
from kakari.bootstrap import origins_of
from kakari.settings import Settings
from simulator.office import PROJECTS_SPACE, SHARED_DRIVE_ID
from tasks.schedule_file import HEADERS
from workspace.caller import Caller
from workspace.calls import Calls
from workspace.clients import GoogleClients
from workspace.sheets_http import SheetsHTTP

NAME = "予定表"
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FILE = """\
# Which sheet is kept in step; see docs/schedule.md.
spreadsheet = "{spreadsheet}"
space = "{space}"
every_minutes = {every}
digest = "08:30"
"""


def furnish(settings: Settings, file: Path, every_minutes: float) -> None:
    """Make the installation's sheet and its schedule file."""
    with closing(GoogleClients(origins_of(settings), settings.google_key_file)) as clients:
        make(clients, file, every_minutes)


def make(clients: GoogleClients, file: Path, every_minutes: float) -> None:
    """Make the sheet with its headers, and the schedule file that names it."""
    made = clients.drive_files.create(
        body={"name": NAME, "mimeType": SPREADSHEET, "parents": [SHARED_DRIVE_ID]},
        supportsAllDrives=True,
        fields="id",
    )
    with clients.transport() as http:
        spreadsheet = made.execute(http=http)["id"]
    type_into(clients, spreadsheet, "A1", [[names[0] for names in HEADERS.values()]])
    text = FILE.format(spreadsheet=spreadsheet, space=PROJECTS_SPACE.name, every=every_minutes)
    file.write_text(text, encoding="utf-8")


def type_into(clients: GoogleClients, spreadsheet: str, at: str, rows: list[list[str]]) -> None:
    """Type into cells of the first tab, as a person does."""
    sheet = SheetsHTTP(Calls(clients, Caller(), refused=SheetRefused), clients.origins.sheets_url)
    sheet.values_update(spreadsheet, at, {"valueInputOption": "USER_ENTERED"}, {"values": rows})
