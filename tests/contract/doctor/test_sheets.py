"""``kakari doctor`` reads the office's sheets as the tasks do, and asks whether it may edit them."""

from contextlib import closing
from pathlib import Path

import pytest

from errors.google import SheetRefused
from kakari.bootstrap import origins_of
from kakari.demo.sheet import furnish
from kakari.settings import PREFIX, Settings
from simulator.keys import SERVICE_ACCOUNT
from simulator.office import ALICE
from tests.contract.doctor.conftest import Installation
from tests.contract.office.sheets import SPREADSHEET
from workspace.caller import Caller
from workspace.calls import Calls
from workspace.clients import GoogleClients
from workspace.sheets_http import SheetsHTTP

SHEETS = ("schedule", "sheets-file", "register", "price-list", "party-list")


def settings_of(installation: Installation) -> Settings:
    given = installation.environment.items()
    return Settings.model_validate(
        {name.removeprefix(PREFIX).lower(): value for name, value in given if PREFIX in name}
    )


@pytest.fixture
def furnished(installation: Installation) -> Installation:
    """The same with the demo's sheets, and the files that name them."""
    schedule, documents = installation.folder / "schedule.toml", installation.folder / "sheets.toml"
    furnish(settings_of(installation), schedule, documents, every_minutes=5)
    installation.set("SCHEDULE", str(schedule))
    installation.set("DOCUMENT_SHEETS", str(documents))
    return installation


def of_alice(installation: Installation, role: str | None, *header: str) -> str:
    """Have Alice make a spreadsheet and share it with the account; return its id."""
    drive, settings = installation.world.drive, settings_of(installation)
    hers, shared = drive.root_of(ALICE.email), {SERVICE_ACCOUNT: "writer"}
    file = drive.add(
        "台帳", SPREADSHEET, hers, ALICE.email, file_id="1ALICES-OWN-SHEET", shared_with=shared
    )
    with closing(GoogleClients(origins_of(settings), settings.google_key_file)) as clients:
        calls = Calls(clients, Caller(), refused=SheetRefused)
        http = SheetsHTTP(calls, clients.origins.sheets_url)
        http.values_update(file.id, "A1", {"valueInputOption": "RAW"}, {"values": [list(header)]})
    drive.share(drive.file(file.id), ALICE.email, {SERVICE_ACCOUNT: role} if role else {})
    return file.id


def name_register(installation: Installation, spreadsheet: str) -> None:
    file = Path(installation.environment[f"{PREFIX}DOCUMENT_SHEETS"])
    file.write_text(f'[documents]\nspreadsheet = "{spreadsheet}"\n', encoding="utf-8")


def test_each_sheet_is_read_and_those_that_are_written_may_be_edited(
    furnished: Installation,
) -> None:
    good = furnished.doctor().of("good")
    assert {name: good[name] for name in SHEETS[2:]} == {
        "register": "“取引台帳” can be read and edited; rows: 0.",
        "price-list": "“単価表” can be read; rows: 3.",
        "party-list": "“取引先” can be read; rows: 2.",
    }
    assert good["schedule"].endswith("can be read and edited; rows: 0.")
    assert good["sheets-file"].endswith("names the documents’ sheets: 3.")


def test_an_office_without_sheets_hears_nothing_of_them(installation: Installation) -> None:
    told = installation.doctor().findings
    assert not {each["check"] for each in told} & set(SHEETS)


def test_only_those_that_are_named_are_looked_at(furnished: Installation) -> None:
    named = furnished.folder / "sheets.toml"
    named.write_text(named.read_text().partition("[prices]")[0], encoding="utf-8")
    told = furnished.doctor()
    assert told.of("good")["sheets-file"].endswith("names the documents’ sheets: 1.")
    assert not {each["check"] for each in told.findings} & {"price-list", "party-list"}


@pytest.mark.parametrize(
    ("role", "header", "said"),
    [
        (None, ("書類番号", "状態"), SERVICE_ACCOUNT),
        ("writer", ("書類番号", "金額"), "has no row with the headers 書類番号、状態"),
        (
            "reader",
            ("書類番号", "状態"),
            f"share its spreadsheet with {SERVICE_ACCOUNT} as an editor",
        ),
    ],
    ids=["not shared", "without a header", "only to be read"],
)
def test_a_register_that_cannot_be_used_is_told_with_the_mend(
    furnished: Installation, role: str | None, header: tuple[str, ...], said: str
) -> None:
    name_register(furnished, of_alice(furnished, role, *header))
    assert said in furnished.doctor().of("wrong")["register"]


def test_a_schedule_sheet_that_is_gone_is_told_with_its_id(furnished: Installation) -> None:
    file = Path(furnished.environment[f"{PREFIX}SCHEDULE"])
    file.write_text('spreadsheet = "1NOWHERE-AT-ALL"\nspace = "spaces/A"\n', encoding="utf-8")
    assert "1NOWHERE-AT-ALL" in furnished.doctor().of("wrong")["schedule"]


def test_a_file_that_is_broken_is_told_once(furnished: Installation) -> None:
    name_register(furnished, "?")
    told = furnished.doctor()
    assert "documents.spreadsheet" in told.of("wrong")["sheets-file"]
    assert set(told.of("unseen")) == {"register", "price-list", "party-list"}
