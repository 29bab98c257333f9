"""Whatever the sheet is like, people get one sentence, and nothing of theirs is changed."""

import pytest

from errors.google import SheetMissing
from errors.schedule import (
    HeadersMissing,
    HeaderTwice,
    KeyColumnMissing,
    TabMissing,
    TooManyRows,
    TwoHeaders,
)
from errors.settings import ScheduleFileBroken
from tasks import schedule_file
from tasks.schedule import survey
from tests.contract.schedule.office import HEADERS, Office
from tests.contract.schedule.test_people_rearrange import filled


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


def test_no_sheet_no_access_no_tab(office: Office) -> None:
    office.project("P-1", name="A")
    office.more = {"tab": "来年"}
    assert office.failure(office.sync()) == TabMissing.__name__
    office.more = {}
    office.spreadsheet = "1" * 44
    view = office.sync()
    assert office.failure(view) == SheetMissing.__name__
    assert view.failure
    assert office.clients.account in view.failure


def test_a_sheet_of_50_000_rows_is_an_archive(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "MOST_ROWS", 5)
    filled(office, 5)
    assert office.failure(office.sync()) == TooManyRows.__name__


def test_another_file_in_its_place_is_asked_about_and_not_filled(office: Office) -> None:
    filled(office, 8)
    office.people.values_clear(office.spreadsheet, "'Sheet1'!A2:I20")
    office.put("B2", [["別の", "ファイル"]])
    asks = office.sync()
    assert "8 of the rows" in asks.questions[0].text
    assert len(office.cells()) == 2


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
