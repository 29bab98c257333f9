"""Ordinary clients of Sheets, from the package registry, work here as they do at Google's."""

import warnings

import gspread
import httplib2
import pytest
import requests

from simulator.office import PROJECTS_FOLDER_ID

GOOGLES = (
    "https://sheets.googleapis.com",
    "https://www.googleapis.com",
)


@pytest.fixture
def gc(simulator, credentials):
    """gspread, pointed here by the one documented way to extend it."""

    class HTTPClient(gspread.HTTPClient):
        def request(self, method, endpoint, *args, **kwargs):
            return super().request(method, here(endpoint, simulator.origin), *args, **kwargs)

    client = gspread.Client(auth=credentials(), http_client=HTTPClient)
    yield client
    client.http_client.session.close()


def here(url: str, origin: str) -> str:
    for googles in GOOGLES:
        url = url.replace(googles, origin, 1) if url.startswith(googles) else url
    return url


@pytest.fixture
def schedule(gc):
    """A spreadsheet with a small schedule in its first sheet."""
    spreadsheet = gc.create("工程表", folder_id=PROJECTS_FOLDER_ID)
    spreadsheet.sheet1.update(
        [
            ["案件番号", "件名", "納期", "金額"],
            ["2026-001", "ブラケット金型", "2026-12-01", "1,200"],
            ["2026-002", "治具", "2026-11-30", "=D2*2"],
        ],
        raw=False,
    )
    return spreadsheet


def test_gspread_reads_records_and_finds_cells(schedule):
    sheet = schedule.sheet1
    assert sheet.get_all_records()[1] == {
        "案件番号": "2026-002", "件名": "治具", "納期": "2026-11-30", "金額": 2400,
    }  # fmt: skip
    found = sheet.find("治具")
    assert (found.row, found.col) == (3, 2)
    assert [cell.value for cell in sheet.range("A2:B3")][1] == "ブラケット金型"
    assert sheet.col_values(1) == ["案件番号", "2026-001", "2026-002"]
    assert sheet.acell("D3", value_render_option="FORMULA").value == "=D2*2"
    assert sheet.find("ありません") is None


def test_gspread_writes_appends_sorts_and_deletes(schedule):
    sheet = schedule.sheet1
    answer = sheet.append_row(["2026-003", "=1+1"])
    assert answer["updates"]["updatedRange"] == "Sheet1!A4:B4"
    sheet.sort((3, "asc"), (1, "des"), range="A2:D4")
    assert sheet.col_values(1)[1:] == ["2026-002", "2026-001", "2026-003"]
    assert sheet.acell("B4").value == "=1+1"
    sheet.insert_rows([["先頭"]], row=2)
    sheet.delete_rows(3)
    assert sheet.col_values(1)[1:] == ["先頭", "2026-001", "2026-003"]
    sheet.batch_update([{"range": "A2:B2", "values": [["x", "y"]]}])
    sheet.batch_clear(["A2"])
    assert sheet.row_values(2) == ["", "y"]


def test_gspread_arranges_sheets(schedule):
    made = schedule.add_worksheet("納品", rows=10, cols=4)
    made.update_title("納品 2026")
    made.resize(rows=20)
    made.freeze(rows=1)
    made.hide()
    copied = schedule.duplicate_sheet(
        schedule.sheet1.id, new_sheet_name="写し", insert_sheet_index=2
    )
    schedule.reorder_worksheets([copied, schedule.sheet1, made])
    assert [sheet.title for sheet in schedule.worksheets()] == ["写し", "Sheet1", "納品 2026"]
    again = schedule.worksheet("納品 2026")
    assert (again.row_count, again.frozen_row_count, again.isSheetHidden) == (20, 1, True)
    schedule.del_worksheet(copied)
    with pytest.raises(gspread.WorksheetNotFound):
        schedule.worksheet("写し")


def test_gspread_formats_protects_names_and_notes(schedule):
    sheet = schedule.sheet1
    sheet.format("A1:D1", {"textFormat": {"bold": True}})
    sheet.set_basic_filter("A1:D3")
    sheet.merge_cells("E1:F1")
    sheet.update_note("A2", "至急")
    sheet.define_named_range("A2:D3", "projects")
    sheet.add_protected_range("A2:A3", description="key")
    sheet.columns_auto_resize(0, 4)
    sheet.hide_columns(4, 6)
    assert sheet.get_note("A2") == "至急"
    assert schedule.list_named_ranges()[0]["name"] == "projects"
    assert schedule.list_protected_ranges(sheet.id)[0]["description"] == "key"
    assert schedule.values_get("projects")["values"][0][0] == "2026-001"
    sheet.unmerge_cells("E1:F1")
    sheet.clear_basic_filter()


def test_gspread_shares_copies_and_knows_when_a_file_changed(gc, schedule):
    schedule.share("bob@fuji-kanagata.example", perm_type="user", role="reader", notify=False)
    given = {each["emailAddress"]: each["role"] for each in schedule.list_permissions()}
    assert given["bob@fuji-kanagata.example"] == "fileOrganizer"
    copied = gc.copy(schedule.id, title="写し", folder_id=PROJECTS_FOLDER_ID, copy_comments=False)
    assert copied.sheet1.acell("A2").value == "2026-001"
    before = copied.get_lastUpdateTime()
    copied.sheet1.update_acell("A2", "x")
    assert copied.get_lastUpdateTime() >= before
    with pytest.raises(gspread.SpreadsheetNotFound):
        gc.open_by_key("nothing")


def test_gspreads_errors_are_googles(schedule):
    for call, code, words in (
        (lambda: schedule.values_get("Nope!A1"), 400, "Unable to parse range: Nope!A1"),
        (lambda: schedule.sheet1.update_acell("AA1", "x"), 400, "exceeds grid limits"),
        (lambda: schedule.add_worksheet("Sheet1", 1, 1), 400, "already exists"),
    ):
        with pytest.raises(gspread.exceptions.APIError, match=words) as caught:
            call()
        assert caught.value.code == code


def test_gspread_formatting_sets_reads_and_validates(schedule):
    import gspread_formatting as formatting

    sheet = schedule.sheet1
    bold = formatting.cellFormat(
        backgroundColor=formatting.color(1, 0.9, 0.9), textFormat=formatting.textFormat(bold=True)
    )
    formatting.format_cell_ranges(sheet, [("A1:D1", bold), ("A2", bold)])
    formatting.set_row_height(sheet, "1", 42)
    formatting.set_frozen(sheet, rows=1)
    states = formatting.DataValidationRule(
        formatting.BooleanCondition("ONE_OF_LIST", ["未着手", "完了"]), showCustomUi=True
    )
    formatting.set_data_validation_for_cell_range(sheet, "E2:E9", states)
    assert formatting.get_user_entered_format(sheet, "A2").textFormat.bold is True
    assert formatting.get_effective_format(sheet, "B2").textFormat.bold is False
    assert formatting.get_frozen_row_count(sheet) == 1
    kept = formatting.get_data_validation_rule(sheet, "E5")
    assert [value.userEnteredValue for value in kept.condition.values] == ["未着手", "完了"]
    rules = formatting.get_conditional_format_rules(sheet)
    late = formatting.BooleanRule(
        condition=formatting.BooleanCondition("DATE_BEFORE", [formatting.ConditionValue("TODAY")]),
        format=bold,
    )
    rules.append(
        formatting.ConditionalFormatRule(
            ranges=[formatting.GridRange.from_a1_range("C2:C9", sheet)], booleanRule=late
        )
    )
    rules.save()
    (saved,) = formatting.get_conditional_format_rules(sheet)
    assert saved.booleanRule.condition.type == "DATE_BEFORE"


def test_pygsheets_works_on_cells_ranges_and_metadata(simulator, credentials, schedule):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pygsheets.client import Client

    class Http(httplib2.Http):
        def request(self, uri, *args, **kwargs):
            return super().request(here(uri, simulator.origin), *args, **kwargs)

    http = Http()
    client = Client(credentials(), http=http, retries=0, check=False)
    sheet = client.open_by_key(schedule.id).sheet1
    assert sheet.get_value("B2") == "ブラケット金型"
    sheet.update_values("A4", [["2026-003", "検査具", "2027-01-15", 5]])
    sheet.sort_range("A2", "D4", basecolumnindex=0, sortorder="DESCENDING")
    assert sheet.get_col(1, include_tailing_empty=False)[1:] == ["2026-003", "2026-002", "2026-001"]
    cell = sheet.cell("A2")
    cell.note = "新しい"
    cell.set_text_format("bold", True)
    assert sheet.cell("A2").note == "新しい"
    sheet.create_developer_metadata("owner", "kakari")
    (metadata,) = sheet.get_developer_metadata("owner")
    assert metadata.value == "kakari"
    sheet.replace("検査具", "検査治具")
    assert sheet.get_value("B2") == "検査治具"
    sheet.rows = 12
    assert sheet.rows == 12
    sheet.delete_rows(2)
    assert sheet.get_value("A2") == "2026-002"
    http.close()


def test_a_refused_token_is_the_same_refusal_as_elsewhere(simulator):
    answer = requests.get(f"{simulator.origin}/v4/spreadsheets/x", timeout=10)
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
