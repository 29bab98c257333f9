"""The sheet and the ledger agree after a sync, or people are told where they do not."""

from tests.contract.schedule.office import HEADERS, Office


def test_a_new_project_becomes_a_row(office: Office) -> None:
    office.project(
        "P-2026-0001", customer="鈴木製作所", name="金型", due="2026-12-01", amount="131200"
    )
    done = office.sync()
    assert done.state == "done", done.failure
    assert office.rows() == {
        "P-2026-0001": ["鈴木製作所", "金型", "", "2026/12/01", "", "", "131,200"]
    }
    assert "P-2026-0001" in done.lines[0]
    assert done.link
    assert office.spreadsheet in done.link
    assert office.sync().notes == ("The sheet and Kakari agree.",)


def test_what_either_side_changed_is_carried_over(office: Office) -> None:
    office.project("P-1", name="A", due="2026-12-01")
    office.project("P-2", name="B", due="2026-12-02")
    office.sync()
    office.put("E2", [["2026/12/24", "佐藤", "進行中", "¥131,200"]])
    office.change("P-2", person="鈴木", due="2027-01-15")
    done = office.sync()
    assert done.state == "done", done.failure
    assert office.known("P-1") == {
        "name": "A",
        "due": "2026-12-24",
        "person": "佐藤",
        "state": "進行中",
        "amount": "131200",
    }
    assert office.rows()["P-2"] == ["", "B", "", "2027/01/15", "鈴木"]


def test_what_both_changed_waits_for_a_person(office: Office) -> None:
    office.project("P-1", name="A", due="2026-12-01", note="x")
    office.sync()
    office.put("E2", [["2026/12/24"]])
    office.change("P-1", due="2026-12-08", note="y")
    asks = office.sync()
    (question,) = asks.questions
    assert "2026-12-24" in question.text
    assert "2026-12-08" in question.text
    assert [choice.label for choice in question.choices] == [
        "Sheet: 2026-12-24",
        "Kakari: 2026-12-08",
    ]
    assert office.rows()["P-1"][3] == "2026/12/24"
    assert office.rows()["P-1"][7] == "y", "the rest is carried over"
    office.answer(asks, 0, "Kakari: 2026-12-08")
    assert office.view(asks.job).questions == ()
    office.sync()
    assert office.rows()["P-1"][3] == "2026/12/08"
    assert office.known("P-1")["due"] == "2026-12-08"


def test_four_calls_whatever_is_to_be_written(office: Office) -> None:
    for number in range(40):
        office.project(f"P-{number:02}", name=f"N{number}", due="2026-12-01")
    office.sync()
    for number in range(0, 40, 5):
        office.change(f"P-{number:02}", due="2027-01-04", person="佐藤")
    office.calls()
    office.sync()
    assert office.calls() == [
        "sheets.spreadsheets.get",
        "sheets.spreadsheets.values.batchGet",
        "sheets.spreadsheets.values.batchGet",
        "sheets.spreadsheets.batchUpdate",
    ]
    assert office.rows()["P-35"][3:5] == ["2027/01/04", "佐藤"]
    assert len(office.cells()) == 41
    assert office.cells()[0] == HEADERS


def test_formats_and_rules_of_the_people_stay_and_only_new_dates_get_a_format(
    office: Office,
) -> None:
    office.project("P-1", name="A", due="2026-12-01", state="受注")
    office.sync()
    states = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "受注"}]}}
    bold = {"textFormat": {"bold": True}, "numberFormat": {"type": "DATE", "pattern": "m/d"}}
    cells = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 4}
    office.request(setDataValidation={"range": cells, "rule": states})
    office.request(
        repeatCell={
            "range": cells | {"endRowIndex": 2},
            "cell": {"userEnteredFormat": bold},
            "fields": "userEnteredFormat",
        }
    )
    office.change("P-1", due="2027-01-04", state="完了")
    office.project("P-2", name="B", due="2026-12-02")
    office.sync()
    params = {"ranges": "E2:G3", "fields": "sheets.data.rowData.values"}
    shown = office.people.spreadsheets_get(office.spreadsheet, params)["sheets"][0]["data"][0]
    (due, _, state), (new, *_) = [row["values"] for row in shown["rowData"]]
    assert (due["formattedValue"], due["userEnteredFormat"]) == ("1/4", bold)
    assert (state["formattedValue"], state["userEnteredFormat"]) == ("完了", bold)
    assert state["dataValidation"] == new["dataValidation"] == states
    assert new["formattedValue"] == "2026/12/02"
    assert new["userEnteredFormat"] == {"numberFormat": {"type": "DATE", "pattern": "yyyy/mm/dd"}}
