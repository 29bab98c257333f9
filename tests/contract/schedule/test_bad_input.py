"""Whatever the sheet is like, people get one sentence, and nothing of theirs is changed."""

import pytest

from errors.google import NoSpreadsheet, SheetForbidden, SheetMissing
from errors.schedule import (
    HeadersMissing,
    HeaderTwice,
    KeyColumnMissing,
    TabMissing,
    TooManyRows,
    TwoHeaders,
)
from errors.settings import ScheduleFileBroken
from simulator.keys import SERVICE_ACCOUNT
from simulator.office import ALICE
from simulator.sheets.state import SPREADSHEET
from tasks import schedule_file
from tests.contract.schedule.office import HEADERS, Office
from tests.contract.schedule.test_people_rearrange import filled


def alices(office: Office, mime_type: str, shared: dict[str, str]) -> str:
    """Give Alice a file in her own drive, shared as it is said; return its id."""
    drive = office.simulator.world.drive
    mine, file_id = drive.root_of(ALICE.email), drive.ids.mint(ALICE.email)
    file = drive.add("予定表", mime_type, mine, ALICE.email, file_id=file_id)
    drive.share(file, ALICE.email, shared)
    return file.id


def share(office: Office, roles: dict[str, str]) -> None:
    """Let Alice share her file otherwise."""
    drive = office.simulator.world.drive
    drive.share(drive.file(office.spreadsheet), ALICE.email, roles)


@pytest.mark.parametrize(
    ("top", "error"),
    [
        ([[""] * 9], HeadersMissing),
        ([["得意先", "件名", "納期", *[""] * 6]], KeyColumnMissing),
        ([HEADERS, [""] * 9, HEADERS], TwoHeaders),
        ([[*HEADERS, "納期"]], HeaderTwice),
    ],
)
def test_a_table_that_is_none_says_what_to_do(
    office: Office, top: list[list[str]], error: type[Exception]
) -> None:
    office.put("A1", top)
    before = office.cells()
    view = office.sync()
    assert view.state == "failed"
    assert office.failure(view) == error.__name__
    assert office.cells() == before


def test_a_tab_that_is_not_there_is_told_with_those_that_are(office: Office) -> None:
    office.more = {"tab": "来年"}
    view = office.sync()
    assert office.failure(view) == TabMissing.__name__
    assert "Sheet1" in (view.failure or "")


def test_a_sheet_that_is_not_there_or_not_shared_names_whom_to_share_it_with(
    office: Office,
) -> None:
    for spreadsheet in ("1" * 44, alices(office, SPREADSHEET, {})):
        office.spreadsheet = spreadsheet
        view = office.sync()
        assert office.failure(view) == SheetMissing.__name__
        assert office.clients.account in (view.failure or "")


def test_a_sheet_that_may_be_read_and_not_written_says_so_and_stays(office: Office) -> None:
    office.spreadsheet = alices(office, SPREADSHEET, {SERVICE_ACCOUNT: "writer"})
    office.put("A1", [HEADERS])
    office.project("P-1", name="金型")
    share(office, {SERVICE_ACCOUNT: "reader"})
    assert office.failure(office.sync()) == SheetForbidden.__name__
    assert office.cells() == [HEADERS]
    share(office, {SERVICE_ACCOUNT: "writer"})
    assert office.sync().state == "done"
    assert "P-1" in office.rows()


def test_an_excel_file_is_to_be_saved_as_a_spreadsheet(office: Office) -> None:
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    office.spreadsheet = alices(office, excel, {SERVICE_ACCOUNT: "writer"})
    assert office.failure(office.sync()) == NoSpreadsheet.__name__


def test_a_sheet_of_50_000_rows_is_an_archive(office: Office) -> None:
    grid = {"sheetId": 0, "gridProperties": {"rowCount": 50_001}}
    office.request(updateSheetProperties={"properties": grid, "fields": "gridProperties.rowCount"})
    office.put("B50001", [["客先"]])
    office.project("P-1", name="金型")
    view = office.sync()
    assert office.failure(view) == TooManyRows.__name__
    assert "50001" in (view.failure or "")
    assert office.rows() == {}


def test_another_file_in_its_place_is_asked_about_and_not_filled(office: Office) -> None:
    filled(office, 8)
    office.people.values_clear(office.spreadsheet, "'Sheet1'!A2:I20")
    office.put("B2", [["別の", "ファイル"]])
    asks = office.sync()
    assert "8 of the rows" in asks.questions[0].text
    assert "8 件の行がなくなっています" in office.view(asks.job, "ja").questions[0].text
    assert len(office.cells()) == 2


def test_a_copy_in_its_place_is_taken_for_what_it_is(office: Office) -> None:
    filled(office, 3)
    copied = office.clients.drive_files.copy(fileId=office.spreadsheet, supportsAllDrives=True)
    with office.clients.transport() as http:
        office.spreadsheet = copied.execute(http=http)["id"]
    office.put("G2", [["完了"]])
    assert (office.sync().state, office.known("P-1")["state"]) == ("done", "完了")
    assert len(office.cells()) == 4, "no row is added again"


def test_cells_that_are_not_understood_are_listed_and_left(office: Office) -> None:
    filled(office, 2)
    office.put("E2", [["12月上旬", "佐藤", "進行中", "10万くらい"]])
    told = office.sync()
    assert told.notes == ("Not understood, and left as they are: E2 “12月上旬”, H2 “10万くらい”",)
    office.change("P-1", due="2027-01-01", amount="5")
    office.sync()
    assert office.rows()["P-1"][3:7] == ["12月上旬", "佐藤", "進行中", "10万くらい"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "spreadsheet: Field required"),
        ('spreadsheet = "x"\nspace = "spaces/A"', "paste the sheet’s address"),
        ('spreadsheet = "1234567890"\nspace = "A"', "space"),
        ('spreadsheet = "1234567890"\nspace = "spaces/A"\nevry = 5', "evry"),
        ('spreadsheet = "1234567890"\nspace = "spaces/A"\n[columns]\nwhen = ["x"]', "when"),
        ("spreadsheet", "Expected '='"),
    ],
)
def test_a_mistake_in_the_schedule_file_is_named(tmp_path, text: str, said: str) -> None:
    file = tmp_path / "schedule.toml"
    file.write_text(text)
    with pytest.raises(ScheduleFileBroken, match=said.replace("’", ".")):
        schedule_file.read(file)
