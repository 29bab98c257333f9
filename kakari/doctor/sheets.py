"""The office's own sheets: each is read as the tasks read it, and nothing is written there."""

from collections.abc import Iterator
from datetime import datetime

from cards.sentences import Sentence
from kakari.doctor.check import Check, Finding, Look, good, wrong
from kakari.doctor.installation import Installation
from kakari.settings import Survey
from tasks import document_sheets, schedule_file
from tasks.document.listing import Listing
from tasks.document_sheets import DocumentSheets
from tasks.schedule.survey import look as look_at_schedule
from tasks.sheet_place import SheetPlace
from workspace.drive import Drive
from workspace.sheets import Sheets

READ = Sentence("“{tab}” can be read; rows: {n}.", "シート「{tab}」を読み取れます（{n} 行）。")
WRITABLE = Sentence(
    "“{tab}” can be read and edited; rows: {n}.", "シート「{tab}」を読み書きできます（{n} 行）。"
)
READ_ONLY = Sentence(
    "“{tab}” can be read, but not edited: share its spreadsheet with {account} as an editor.",
    "シート「{tab}」は閲覧のみで編集できません。スプレッドシートを {account} と「編集者」として共有してください。",
)
NAMED = Sentence(
    "{file} names the documents’ sheets: {n}.",
    "{file} に書類用のシートが {n} 件指定されています。",
)


def checks(survey: Survey) -> Iterator[Check]:
    """Yield a check for each sheet that the settings name a file for."""
    if getattr(survey.settings, "schedule", None):
        yield Check("schedule", _schedule, ("schedule", "time_zone"), ("schema", "token"))
    if getattr(survey.settings, "document_sheets", None):
        name = "sheets-file"
        yield Check(name, _document_sheets, ("document_sheets",))
        for table, place, edited in (
            ("register", "documents", True),
            ("price-list", "prices", False),
            ("party-list", "parties", False),
        ):
            look = _listing(place, edited=edited)
            yield Check(table, look, ("document_sheets",), (name, "token"))


def _schedule(installation: Installation) -> Iterator[Finding]:
    settings = installation.settings
    assert settings.schedule is not None, "else there is no such check"
    file = schedule_file.read(settings.schedule)
    today = datetime.now(settings.zone).date()
    found = look_at_schedule(file, _sheets(installation), installation.ledger, today)
    yield _told(installation, file, found.tab.title, len(found.table.rows), edited=True)


def _document_sheets(installation: Installation) -> Iterator[Finding]:
    places = [place for _, place in _read(installation) if place is not None]
    yield good(NAMED, file=installation.settings.document_sheets, n=len(places))


def _listing(which: str, *, edited: bool) -> Look:
    def look(installation: Installation) -> Iterator[Finding]:
        place: SheetPlace | None = getattr(_read(installation), which)
        if place is not None:
            found = Listing.read(place, _sheets(installation))
            yield _told(installation, place, found.tab.title, len(found.rows), edited=edited)

    return look


def _told(
    installation: Installation, place: SheetPlace, tab: str, rows: int, *, edited: bool
) -> Finding:
    if not edited:
        return good(READ, tab=tab, n=rows)
    drive = Drive(installation.clients, installation.quota)
    if drive.may_edit(place.spreadsheet):
        return good(WRITABLE, tab=tab, n=rows)
    return wrong(READ_ONLY, tab=tab, account=installation.clients.account)


def _read(installation: Installation) -> DocumentSheets:
    file = installation.settings.document_sheets
    assert file is not None, "else there is no such check"
    return document_sheets.read(file)


def _sheets(installation: Installation) -> Sheets:
    return Sheets(installation.clients, installation.quota)
