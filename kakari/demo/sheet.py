"""The demo's sheets: made once, in the shared drive, as an office would have them."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from errors.google import SheetRefused
from kakari.bootstrap import origins_of
from kakari.settings import Settings
from simulator.office import PROJECTS_SPACE, SHARED_DRIVE_ID
from tasks.document_sheets import PartySheet, PriceSheet, RegisterSheet
from tasks.schedule_file import HEADERS
from tasks.sheet_place import SheetPlace
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
REGISTER = "取引台帳"
DOCUMENTS_FILE = """\
# Where documents are registered, and where prices and parties stand; see docs/invoices.md.
[documents]
spreadsheet = "{spreadsheet}"
tab = "取引台帳"

[prices]
spreadsheet = "{spreadsheet}"
tab = "単価表"

[parties]
spreadsheet = "{spreadsheet}"
tab = "取引先"
"""
PRICES = (
    ("金型設計", "480000", "式", "標準税率"),
    ("試作トライ", "65000", "回", "標準税率"),
    ("お茶・菓子", "150", "個", "軽減税率"),
)
PARTIES = (
    ("株式会社鈴木製作所", "御中", "416-0001", "静岡県富士市髙島町 10-1", "", "月末締め翌月末払い"),
    ("富士精工㈱", "御中", "417-0052", "静岡県富士市中央町 2-3", "購買部", "20日締め翌月10日払い"),
)


def furnish(settings: Settings, schedule: Path, documents: Path, every_minutes: float) -> None:
    """Make the installation's sheets and the files that name them, where they are not there."""
    with closing(GoogleClients(origins_of(settings), settings.google_key_file)) as clients:
        if not schedule.exists():
            make_schedule(clients, schedule, every_minutes)
        if not documents.exists():
            make_documents(clients, documents)


def make_schedule(clients: GoogleClients, file: Path, every_minutes: float) -> None:
    """Make the schedule sheet with its headers, and the file that names it."""
    spreadsheet = _made(clients, {NAME: [[names[0] for names in HEADERS.values()]]})
    text = FILE.format(spreadsheet=spreadsheet, space=PROJECTS_SPACE.name, every=every_minutes)
    file.write_text(text, encoding="utf-8")


def make_documents(clients: GoogleClients, file: Path) -> None:
    """Make the documents' sheets as an office has them, and the file that names them."""
    tabs = {
        REGISTER: [_headers(RegisterSheet)],
        "単価表": [_headers(PriceSheet), *PRICES],
        "取引先": [_headers(PartySheet), *PARTIES],
    }
    file.write_text(DOCUMENTS_FILE.format(spreadsheet=_made(clients, tabs)), encoding="utf-8")


def _headers(of: type[SheetPlace]) -> list[str]:
    return [names[0] for names in of.HEADERS.values()]


def _made(clients: GoogleClients, tabs: Mapping[str, Any]) -> str:
    """Make a spreadsheet called as its first tab, with what is typed into each; return its id."""
    name, *more = tabs
    body = {"name": name, "mimeType": SPREADSHEET, "parents": [SHARED_DRIVE_ID]}
    changes: list[Any] = [{"addSheet": {"properties": {"title": title}}} for title in more]
    first = {"properties": {"sheetId": 0, "title": name}, "fields": "title"}
    changes.append({"updateSheetProperties": first})
    made = clients.drive_files.create(body=body, supportsAllDrives=True, fields="id")
    with clients.transport() as http:
        spreadsheet = str(made.execute(http=http)["id"])
    calls = Calls(clients, Caller(), refused=SheetRefused)
    people = SheetsHTTP(calls, clients.origins.sheets_url)
    people.batch_update(spreadsheet, {"requests": changes})
    for title, rows in tabs.items():
        how: Any = {"valueInputOption": "USER_ENTERED"}
        people.values_update(spreadsheet, f"'{title}'!A1", how, {"values": rows})
    return spreadsheet
