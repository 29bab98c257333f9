"""Values go in and come out as Sheets takes and gives them."""

import pytest
from googleapiclient.errors import HttpError


def refusal(call, *arguments, **more) -> str:
    with pytest.raises(HttpError) as caught:
        call(*arguments, **more)
    assert caught.value.status_code == 400
    return caught.value.reason


def test_what_is_written_is_read_back_without_its_empty_ends(book):
    answer = book.put("A1", [["案件番号", None, ""], [], ["", "2026-001", 5, True]], "RAW")
    assert (answer["updatedRange"], answer["updatedCells"]) == ("Sheet1!A1:D3", 6)
    assert (answer["updatedRows"], answer["updatedColumns"]) == (2, 4)
    assert book.raw("Sheet1") == [["案件番号"], [], ["", "2026-001", 5, True]]
    assert book.values("A3:D3") == [["", "2026-001", "5", "TRUE"]]


def test_a_range_is_answered_as_far_as_the_grid_goes(book):
    call = book.sheets.values().get(spreadsheetId=book.id, range="sheet1!$b$2:c")
    assert call.execute() == {"range": "Sheet1!B2:C1000", "majorDimension": "ROWS"}


def test_what_is_typed_is_read_by_the_spreadsheets_locale(book):
    properties = {"locale": "ja_JP"}
    book.batch({"updateSpreadsheetProperties": {"properties": properties, "fields": "locale"}})
    book.put("A1:C1", [["2026/12/1", "131200円", "'=1+1"]])
    assert book.raw("A1:C1") == [[46357, 131200, "=1+1"]]
    assert book.values("A1:C1") == [["2026/12/1", "131,200円", "=1+1"]]


def test_raw_text_stays_text_also_when_it_looks_like_more(book):
    book.put("A1:C1", [["=1+1", "2026-12-01", "12%"]], "RAW")
    assert book.raw("A1:C1") == [["=1+1", "2026-12-01", "12%"]]
    assert book.cells("A1", "effectiveValue") == [[{"stringValue": "=1+1"}]]


def test_dates_are_serial_numbers_or_as_they_are_shown(book):
    book.put("A1:B1", [["2026-12-01", 5]])
    read = {"valueRenderOption": "UNFORMATTED_VALUE"}
    assert book.values("A1:B1", **read) == [[46357, 5]]
    read["dateTimeRenderOption"] = "FORMATTED_STRING"
    assert book.values("A1:B1", **read) == [["2026-12-01", 5]]


def test_formulas_are_kept_and_worked_out(book):
    book.put(
        "A1",
        [
            [100, "=A1*1.1", "=SUM(A1:B1)", "=-A1^2", "=1/0", "=SUM(A:A)"],
            ["x", "=A2+1", "=NOPE(1)", "=1+", "=Nowhere!A1", '=IF(A1>=100,A2&"!",0)'],
        ],
    )  # fmt: skip
    assert book.values("A1:F2") == [
        ["100", "110", "210", "10000", "#DIV/0!", "100"],
        ["x", "#VALUE!", "#NAME?", "#ERROR!", "#REF!", "x!"],
    ]
    assert book.formulas("B1:C1") == [["=A1*1.1", "=SUM(A1:B1)"]]
    (cell,) = book.cells("E1", "effectiveValue")[0]
    message = "Function DIVIDE parameter 2 cannot be zero."
    assert cell == {"errorValue": {"type": "DIVIDE_BY_ZERO", "message": message}}


def test_a_formula_shows_dates_and_amounts_like_what_it_refers_to(book):
    book.put("A1", [["2026-12-01", "=A1+7", "$5", "=SUM(C1:C1)*2"]])
    assert book.values("A1:D1") == [["2026-12-01", "2026-12-08", "$5", "$10"]]


def test_formulas_in_a_circle_or_in_a_long_chain_come_to_an_end(book):
    book.put("A1:B1", [["=B1", "=A1"]])
    book.put("C1", [[1], *([f"=C{row}+1"] for row in range(1, 600))])
    assert book.values("A1:B1") == [["#REF!", "#REF!"]]
    assert book.raw("C600") == [[600]]


def test_a_lone_cell_is_where_writing_begins_and_a_range_is_where_it_ends(book):
    book.put("Y999", [[1, 2], [3, 4]])
    assert refusal(book.put, "A1:B2", [[1, 2, 3]]) == (
        "Requested writing within range [Sheet1!A1:B2], but tried writing to column [C]"
    )
    assert refusal(book.put, "Y1000", [[1], [2]]).endswith("but tried writing to row [1001]")
    assert refusal(book.put, "A1001", [[1]]) == (
        "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"
    )


@pytest.mark.parametrize("text", ["Nope!A1", "'Sheet1", "A1:B2:C3", "A0", "名前"])
def test_a_range_that_means_nothing_is_refused(book, text):
    assert refusal(book.values, text) == f"Unable to parse range: {text}"


def test_an_option_that_is_needed_is_asked_for(book):
    call = book.sheets.values().update(spreadsheetId=book.id, range="A1", body={"values": [[1]]})
    assert "'valueInputOption' is required" in refusal(call.execute)
    assert "Invalid values[0][1]: list_value" in refusal(book.put, "A1", [[1, [2]]])


def test_columns_first_is_the_same_the_other_way_round(book):
    body = {"majorDimension": "COLUMNS", "values": [[1, 2], [3]]}
    values = book.sheets.values()
    values.update(spreadsheetId=book.id, range="A1", valueInputOption="RAW", body=body).execute()
    assert book.raw("A1:B2") == [[1, 3], [2]]
    assert book.values("A1:B2", majorDimension="COLUMNS") == [["1", "2"], ["3"]]


def test_many_ranges_are_read_and_written_in_one_call_or_not_at_all(book):
    values = book.sheets.values()
    data = [{"range": "A1", "values": [["x"]]}, {"range": "B2:B3", "values": [[1], [2]]}]
    body = {"valueInputOption": "RAW", "data": data}
    answer = values.batchUpdate(spreadsheetId=book.id, body=body).execute()
    assert (answer["totalUpdatedCells"], answer["totalUpdatedSheets"]) == (3, 1)
    data[1]["range"] = "B2:C2"
    data[0]["values"] = [["y"]]
    call = values.batchUpdate(spreadsheetId=book.id, body=body)
    assert refusal(call.execute).startswith("Invalid data[1]: Requested writing within range")
    read = values.batchGet(spreadsheetId=book.id, ranges=["A1", "B2:B3", "C1"]).execute()
    assert [each.get("values") for each in read["valueRanges"]] == [[["x"]], [["1"], ["2"]], None]


def test_appending_finds_the_last_table_in_the_range(book):
    """The example of Google's guide: A1:C2 and B4:D6 are two tables."""
    table = [["x"] * 3] * 2
    book.put("A1:C2", table)
    book.put("B4:D6", [*table, ["x"] * 3])
    values = book.sheets.values()

    def append(where, **more):
        call = values.append(
            spreadsheetId=book.id, range=where, valueInputOption="RAW", body={"values": [["n"]]},
            **more,
        )  # fmt: skip
        answer = call.execute()
        book.sheets.values().clear(
            spreadsheetId=book.id, range=answer["updates"]["updatedRange"], body={}
        ).execute()
        return answer.get("tableRange"), answer["updates"]["updatedRange"]

    for text in ("Sheet1", "B4", "C5:D5", "B2:D4", "A3:G10"):
        assert append(text) == ("Sheet1!B4:D6", "Sheet1!B7")
    assert append("A1") == ("Sheet1!A1:C2", "Sheet1!A3")
    assert append("E4") == (None, "Sheet1!E4")


def test_appending_makes_room_by_inserting_or_at_the_end_of_the_grid(book):
    book.put("A1", [["head"], ["below"]])
    book.put("A4", [["other"]])
    values = book.sheets.values()
    more = {"valueInputOption": "RAW", "body": {"values": [["new"], ["newer"]]}}
    values.append(
        spreadsheetId=book.id, range="A1", insertDataOption="INSERT_ROWS", **more
    ).execute()
    assert book.values("A:A") == [["head"], ["below"], ["new"], ["newer"], [], ["other"]]
    book.put("C1002", [["last"]])
    values.append(spreadsheetId=book.id, range="C1002", **more).execute()
    grid = book.get()["sheets"][0]["properties"]["gridProperties"]
    assert grid == {"rowCount": 1004, "columnCount": 26}


def test_clearing_takes_values_and_leaves_formats_and_notes(book):
    book.put("A1:B1", [["12%", "x"]])
    note = {"range": _range(0, 1, 0, 1), "cell": {"note": "見て"}, "fields": "note"}
    book.batch({"repeatCell": note})
    values = book.sheets.values()
    cleared = values.clear(spreadsheetId=book.id, range="A1:B5000", body={}).execute()
    assert cleared == {"spreadsheetId": book.id, "clearedRange": "Sheet1!A1:B1000"}
    assert book.values("A1:B1") == []
    assert book.cells("A1", "note") == [["見て"]]
    book.put("A1", [[0.5]])
    assert book.values("A1") == [["50%"]]


def test_a_text_cell_keeps_what_is_typed(book):
    text = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    repeat = {"range": _range(0, 1, 0, 1), "cell": text, "fields": "userEnteredFormat"}
    book.batch({"repeatCell": repeat})
    book.put("A1:B1", [["0012", "0012"]])
    assert book.raw("A1:B1") == [["0012", 12]]


def test_cells_are_found_by_data_filters_too(book):
    book.put("A1", [["a", "b"], ["c", "d"]])
    row = {"dimensionRange": {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}}
    metadata = {"metadataKey": "k", "visibility": "DOCUMENT", "location": row}
    book.batch({"createDeveloperMetadata": {"developerMetadata": metadata}})
    by_key = {"developerMetadataLookup": {"metadataKey": "k"}}
    by_place = {"gridRange": _range(0, 2, 0, 1)}
    values = book.sheets.values()
    read = values.batchGetByDataFilter(
        spreadsheetId=book.id, body={"dataFilters": [by_key, by_place]}
    ).execute()
    found = [each["valueRange"]["values"] for each in read["valueRanges"]]
    assert found == [[["c", "d"]], [["a"], ["c"]]]
    body = {"valueInputOption": "RAW", "data": [{"dataFilter": by_key, "values": [["C"]]}]}
    values.batchUpdateByDataFilter(spreadsheetId=book.id, body=body).execute()
    assert book.values("A1:B2") == [["a", "b"], ["C", "d"]]
    values.batchClearByDataFilter(spreadsheetId=book.id, body={"dataFilters": [by_key]}).execute()
    assert book.values("A1:B2") == [["a", "b"]]


def _range(top, bottom, left, right):
    return {
        "startRowIndex": top, "endRowIndex": bottom,
        "startColumnIndex": left, "endColumnIndex": right,
    }  # fmt: skip
