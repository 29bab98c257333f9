"""``spreadsheets.batchUpdate``: all requests or none, and what follows the cells about."""

import pytest
from googleapiclient.errors import HttpError

ROWS, COLUMNS = "ROWS", "COLUMNS"


def span(dimension, start, end, sheet=0):
    return {"sheetId": sheet, "dimension": dimension, "startIndex": start, "endIndex": end}


def area(top=0, bottom=None, left=0, right=None, sheet=0):
    found = {"sheetId": sheet, "startRowIndex": top, "endRowIndex": bottom}
    found |= {"startColumnIndex": left, "endColumnIndex": right}
    return {key: value for key, value in found.items() if value is not None}


def insert(dimension, start, end):
    return {"insertDimension": {"range": span(dimension, start, end)}}


def delete(dimension, start, end):
    return {"deleteDimension": {"range": span(dimension, start, end)}}


def refusal(book, *requests) -> str:
    with pytest.raises(HttpError) as caught:
        book.batch(*requests)
    assert caught.value.status_code == 400
    return caught.value.reason


def titles(book):
    return [sheet["properties"]["title"] for sheet in book.get()["sheets"]]


def test_one_refusal_undoes_all_requests_before_it(book, drive):
    book.put("A1", [["before"]])
    seen = drive.files().get(fileId=book.id, fields="version,name", supportsAllDrives=True)
    before = seen.execute()
    cells = {"rows": [{"values": [{"userEnteredValue": {"stringValue": "after"}}]}]}
    reason = refusal(
        book,
        {"updateCells": {**cells, "start": {"sheetId": 0}, "fields": "userEnteredValue"}},
        {"addSheet": {"properties": {"title": "another"}}},
        insert(ROWS, 0, 5),
        {"updateSpreadsheetProperties": {"properties": {"title": "x"}, "fields": "title"}},
        {"deleteSheet": {"sheetId": 77}},
    )
    assert reason == "Invalid requests[4].deleteSheet: No grid with id: 77"
    assert book.values("A1") == [["before"]]
    assert titles(book) == ["Sheet1"]
    assert seen.execute() == before


def test_cells_take_what_the_mask_names_and_keep_the_rest(book):
    book.put("A1:B1", [["old", "old"]])
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}, "note": "n"}
    book.batch(
        {"repeatCell": {"range": area(0, 1, 0, 2), "cell": bold, "fields": "note,userEnteredFormat"}},
        {
            "updateCells": {
                "range": area(0, 1, 0, 2),
                "rows": [{"values": [{"userEnteredValue": {"numberValue": 0}}]}],
                "fields": "userEnteredValue,userEnteredFormat.numberFormat",
            }
        },
    )  # fmt: skip
    assert book.cells("A1:B1", "userEnteredValue") == [[{"numberValue": 0}, None]]
    assert book.cells("A1:B1", "note") == [["n", "n"]]
    (first, _) = book.cells("A1:B1", "userEnteredFormat")[0]
    assert first == {"textFormat": {"bold": True}}
    (first, _) = book.cells("A1:B1", "effectiveFormat")[0]
    assert first["textFormat"]["bold"] is True
    assert first["textFormat"]["fontSize"] == 10


def test_a_program_writes_formulas_as_such_and_text_is_never_one(book):
    values = [{"formulaValue": "=2*3"}, {"stringValue": "=2*3"}, {"boolValue": False}]
    row = {"values": [{"userEnteredValue": value} for value in values]}
    book.batch({"appendCells": {"sheetId": 0, "rows": [row], "fields": "userEnteredValue"}})
    assert book.raw("A1:C1") == [[6, "=2*3", False]]


def test_a_repeated_formula_counts_up(book):
    book.put("A1:A3", [[1], [2], [3]])
    cell = {"userEnteredValue": {"formulaValue": "=A1*$A$1"}}
    repeat = {"range": area(0, 3, 1, 2), "cell": cell, "fields": "userEnteredValue"}
    book.batch({"repeatCell": repeat})
    assert book.formulas("B1:B3") == [["=A1*$A$1"], ["=A2*$A$1"], ["=A3*$A$1"]]


def test_what_goes_beyond_the_cells_or_the_grid_is_refused(book):
    given = {"rows": [{"values": [{}, {}]}], "fields": "*"}
    assert refusal(book, {"updateCells": {**given, "range": area(0, 1, 0, 1)}}).endswith(
        "Attempting to write column: 1, beyond the last requested column of: 0"
    )
    repeat = {"cell": {}, "fields": "note", "range": area(1000, None, 0, 2)}
    assert refusal(book, {"repeatCell": repeat}) == (
        "Invalid requests[0].repeatCell: Range (Sheet1!A1001:B) exceeds grid limits. "
        "Max rows: 1000, max columns: 26"
    )
    # A range that begins inside is taken as far as the grid goes.
    book.batch({"repeatCell": repeat | {"range": area(999, 1003, 25, 28)}})


def test_a_mask_is_needed_and_names_what_there_is(book):
    repeat = {"cell": {}, "range": area(0, 1)}
    assert refusal(book, {"repeatCell": repeat}) == (
        "Invalid requests[0].repeatCell: At least one field must be listed in 'fields'. "
        "(Use '*' to indicate all fields.)"
    )
    assert "Invalid field" in refusal(book, {"repeatCell": repeat | {"fields": "colour"}})
    assert refusal(book) == "Must specify at least one request."
    assert "no behaviour yet" in refusal(book, {"addChart": {}})


def test_sheets_are_added_moved_renamed_copied_and_deleted(book):
    made = book.batch(
        {"addSheet": {"properties": {"title": "納品", "gridProperties": {"rowCount": 5}}}},
        {"addSheet": {"properties": {"index": 0, "sheetId": 7}}},
        {"duplicateSheet": {"sourceSheetId": 0, "newSheetName": "写し", "insertSheetIndex": 3}},
    )["replies"]
    first = made[0]["addSheet"]["properties"]
    assert (first["title"], first["index"]) == ("納品", 1)
    assert first["gridProperties"] == {"rowCount": 5, "columnCount": 26}
    assert titles(book) == ["Sheet3", "Sheet1", "納品", "写し"]
    change = {"properties": {"sheetId": 7, "title": "先頭", "index": 3, "hidden": True,
                             "gridProperties": {"frozenRowCount": 1, "rowCount": 3}},
              "fields": "title,index,hidden,gridProperties(rowCount,frozenRowCount)"}  # fmt: skip
    book.batch({"updateSheetProperties": change}, {"deleteSheet": {"sheetId": 0}})
    assert titles(book) == ["納品", "先頭", "写し"]
    shown = book.get()["sheets"][1]["properties"]
    assert shown["hidden"]
    assert shown["gridProperties"] == {"rowCount": 3, "columnCount": 26, "frozenRowCount": 1}


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"addSheet": {"properties": {"title": "sheet1"}}}, 'A sheet with the name "sheet1" already exists.'),
        ({"addSheet": {"properties": {"title": "x" * 101}}}, "cannot be greater than 100 characters"),
        ({"addSheet": {"properties": {"sheetId": -1}}}, "Sheet id must be non-negative."),
        ({"addSheet": {"properties": {"gridProperties": {"rowCount": 500_000}}}}, "above the limit of 10000000 cells"),
        ({"deleteSheet": {"sheetId": 0}}, "You can't remove all the visible sheets in a document."),
        ({"updateSheetProperties": {"properties": {"hidden": True}, "fields": "hidden"}}, "You can't hide all the sheets in a document."),
        (insert(ROWS, 1000, 1001), "must be less than the grid size (1000) if inheritFromBefore is false"),
        (insert(ROWS, 1001, 1002), "range.startIndex is larger than current grid size (1000)"),
        (delete(ROWS, 0, 1000), "You can't delete all the rows on the sheet."),
        (delete(ROWS, 1000, 1001), "Cannot delete a row that doesn't exist. Tried to delete row index 1000 but there are only 1000 rows."),
        ({"sortRange": {"range": area(0, 2, 0, 2), "sortSpecs": [{"dimensionIndex": 5}]}}, "is outside of the range"),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_cannot_be_is_refused_in_googles_words(book, request_, reason):
    assert reason in refusal(book, request_)


def test_formulas_filters_names_and_merges_follow_rows_and_columns(book):
    book.put("A1", [["=SUM(B2:B4)", "=Sheet1!B3", "=$B$9"]])
    named = {"namedRange": {"name": "rows", "range": area(2, 4, 1, 2)}}
    book.batch(
        {"addNamedRange": named},
        {"setBasicFilter": {"filter": {"range": area(0, 5, 0, 3)}}},
        {"mergeCells": {"range": area(6, 7, 0, 2), "mergeType": "MERGE_ALL"}},
        insert(ROWS, 2, 4),
        insert(COLUMNS, 0, 1),
    )
    assert book.formulas("B1:D1") == [["=SUM(C2:C6)", "=Sheet1!C5", "=$C$11"]]
    shown = book.get()
    sheet = shown["sheets"][0]
    assert shown["namedRanges"][0]["range"] == _plain(area(4, 6, 2, 3))
    assert sheet["basicFilter"]["range"] == _plain(area(0, 7, 1, 4))
    assert sheet["merges"] == [_plain(area(8, 9, 1, 3))]
    book.batch(delete(ROWS, 2, 5), delete(COLUMNS, 2, 3))
    assert book.formulas("B1:C1") == [["=SUM(#REF!)", "=#REF!"]]


def _plain(grid_range):
    """As Google prints it, without zeros."""
    return {key: value for key, value in grid_range.items() if value}


def test_a_renamed_sheet_is_renamed_in_formulas(book):
    book.put("A1", [["=Sheet1!B1+'Sheet1'!C1"]])
    change = {"properties": {"title": "工程 表"}, "fields": "title"}
    book.batch({"updateSheetProperties": change})
    assert book.formulas("A1") == [["='工程 表'!B1+'工程 表'!C1"]]


def test_sorting_takes_numbers_before_text_and_the_empty_last_either_way(book):
    values = [["b", 1], [10, 2], ["", 3], ["A", 4], [9, 5], [True, 6]]
    book.put("A1:B6", values, "RAW")

    def sort(order):
        spec = {"dimensionIndex": 0, "sortOrder": order}
        book.batch({"sortRange": {"range": area(0, 6, 0, 2), "sortSpecs": [spec]}})
        return [row[1] for row in book.raw("A1:B6")]

    assert sort("ASCENDING") == [5, 2, 4, 1, 6, 3]
    assert sort("DESCENDING") == [6, 1, 4, 2, 5, 3]


def test_formulas_of_a_sorted_row_mean_their_own_row(book):
    book.put("A1", [[3, "=A1*2"], [1, "=A2*2"], [2, "=A3*2"]])
    book.batch({"sortRange": {"range": area(0, 3, 0, 2), "sortSpecs": [{"dimensionIndex": 0}]}})
    assert book.raw("A1:B3") == [[1, 2], [2, 4], [3, 6]]
    assert book.formulas("B1:B3") == [["=A1*2"], ["=A2*2"], ["=A3*2"]]


def test_rows_move_and_carry_their_height_and_hiding(book):
    book.put("A1", [["a"], ["b"], ["c"], ["d"]])
    tall = {"range": span(ROWS, 0, 1), "properties": {"pixelSize": 50, "hiddenByUser": True},
            "fields": "pixelSize,hiddenByUser"}  # fmt: skip
    book.batch(
        {"updateDimensionProperties": tall},
        {"moveDimension": {"source": span(ROWS, 0, 1), "destinationIndex": 3}},
    )
    assert book.values("A1:A4") == [["b"], ["c"], ["a"], ["d"]]
    (sheet,) = book.get(ranges="A3", fields="sheets.data.rowMetadata")["sheets"]
    assert sheet["data"][0]["rowMetadata"] == [{"pixelSize": 50, "hiddenByUser": True}]


def test_find_and_replace_reads_anew_what_comes_of_it(book):
    book.put("A1", [["納期 未定", "未定"], ["=1+1", "x1"]])
    request = {"find": "未定", "replacement": "12/1/2026", "allSheets": True}
    (reply,) = book.batch({"findReplace": request})["replies"]
    assert reply["findReplace"] == {
        "valuesChanged": 2, "occurrencesChanged": 2, "rowsChanged": 1, "sheetsChanged": 1,
    }  # fmt: skip
    assert book.raw("A1:B1") == [["納期 12/1/2026", 46357]]
    regex = {"find": "x(\\d)", "replacement": "$1y", "searchByRegex": True, "sheetId": 0}
    book.batch({"findReplace": regex})
    assert book.values("B2") == [["1y"]]


def test_cells_are_copied_and_cut(book):
    book.put("A1", [[1, "=A1+1"]])
    copy = {"source": area(0, 1, 0, 2), "destination": area(2, 4, 0, 2)}
    book.batch({"copyPaste": copy | {"pasteType": "PASTE_NORMAL"}})
    assert book.formulas("A3:B4") == [[1, "=A3+1"], [1, "=A4+1"]]
    book.batch({"copyPaste": copy | {"pasteType": "PASTE_VALUES"}})
    assert book.formulas("A3:B3") == [[1, 2]]
    cut = {"source": area(0, 1, 0, 2), "destination": {"sheetId": 0, "rowIndex": 8}}
    book.batch({"cutPaste": cut})
    assert book.formulas("A9:B9") == [[1, "=A1+1"]]
    assert book.values("A1:B1") == []


def test_the_answer_can_show_the_rows_that_were_just_written(book):
    book.put("A1", [["2026-001", "未着手"], ["2026-002", "着手"]])
    cell = {"userEnteredValue": {"stringValue": "完了"}}
    change = {"updateCells": {"rows": [{"values": [cell]}], "fields": "userEnteredValue",
                              "start": {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}}}  # fmt: skip
    mask = "replies,updatedSpreadsheet.sheets.data.rowData.values(formattedValue)"
    body = {
        "requests": [change],
        "includeSpreadsheetInResponse": True,
        "responseIncludeGridData": True,
        "responseRanges": ["Sheet1!A2:B2", "A1"],
    }
    call = book.sheets.batchUpdate(spreadsheetId=book.id, body=body, fields=mask)
    data = call.execute()["updatedSpreadsheet"]["sheets"][0]["data"]
    assert data[0]["rowData"][0]["values"] == [{"formattedValue": v} for v in ("2026-002", "完了")]
    assert data[1]["rowData"] == [{"values": [{"formattedValue": "2026-001"}]}]
    # Without a mask the flag decides, and all of it is shown.
    whole = book.sheets.batchUpdate(spreadsheetId=book.id, body=body).execute()
    assert whole["replies"] == [{}]
    assert whole["updatedSpreadsheet"]["sheets"][0]["data"][0]["startRow"] == 1
    body["responseIncludeGridData"] = False
    without = book.sheets.batchUpdate(spreadsheetId=book.id, body=body).execute()
    assert "data" not in without["updatedSpreadsheet"]["sheets"][0]


def test_a_row_takes_its_metadata_along(book):
    book.put("A1", [["head"], ["c"], ["a"], ["b"]])
    location = {"dimensionRange": span(ROWS, 1, 2)}
    made = {"metadataKey": "project", "metadataValue": "C", "visibility": "PROJECT"}
    (reply,) = book.batch(
        {"createDeveloperMetadata": {"developerMetadata": made | {"location": location}}}
    )["replies"]
    metadata_id = reply["createDeveloperMetadata"]["developerMetadata"]["metadataId"]

    def row():
        metadata = book.sheets.developerMetadata()
        lookup = {"developerMetadataLookup": {"metadataKey": "project"}}
        found = metadata.search(spreadsheetId=book.id, body={"dataFilters": [lookup]}).execute()
        if not found:
            return None
        (match,) = found["matchedDeveloperMetadata"]
        got = metadata.get(spreadsheetId=book.id, metadataId=metadata_id).execute()
        assert got == match["developerMetadata"]
        return got["location"]["dimensionRange"]["startIndex"]

    book.batch(insert(ROWS, 0, 3))
    assert row() == 4
    book.batch({"sortRange": {"range": area(4, 7, 0, 5), "sortSpecs": [{"dimensionIndex": 0}]}})
    assert (row(), book.values("A7")) == (6, [["c"]])
    book.batch({"moveDimension": {"source": span(ROWS, 6, 7), "destinationIndex": 0}})
    assert row() == 0
    # Where only some of a row's cells are sorted, the rows themselves stay.
    book.put("A1:B2", [["c", "z"], ["d", "y"]])
    book.batch({"sortRange": {"range": area(0, 2, 1, 2), "sortSpecs": [{"dimensionIndex": 1}]}})
    assert (row(), book.values("A1:B2")) == (0, [["c", "y"], ["d", "z"]])
    book.batch(delete(ROWS, 0, 1))
    assert row() is None


def test_metadata_is_changed_and_deleted_by_what_it_is_or_where_it_lies(book):
    def create(**location):
        made = {"metadataKey": "k", "visibility": "DOCUMENT", "location": location}
        return {"createDeveloperMetadata": {"developerMetadata": made}}

    book.batch(
        create(spreadsheet=True), create(sheetId=0), create(dimensionRange=span(COLUMNS, 2, 3))
    )
    shown = book.get()
    assert shown["developerMetadata"][0]["location"] == {
        "locationType": "SPREADSHEET", "spreadsheet": True,
    }  # fmt: skip
    assert shown["sheets"][0]["developerMetadata"][0]["location"]["locationType"] == "SHEET"
    column = {"developerMetadataLookup": {"locationType": "COLUMN"}}
    change = {"dataFilters": [column], "developerMetadata": {"metadataValue": "v"}}
    (reply,) = book.batch({"updateDeveloperMetadata": change | {"fields": "metadataValue"}})[
        "replies"
    ]
    (changed,) = reply["updateDeveloperMetadata"]["developerMetadata"]
    assert (changed["metadataValue"], changed["metadataKey"]) == ("v", "k")
    here = {"gridRange": area(0, 1, 2, 3)}
    (reply,) = book.batch({"deleteDeveloperMetadata": {"dataFilter": here}})["replies"]
    gone = reply["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]
    assert [each["location"]["locationType"] for each in gone] == ["SHEET", "COLUMN"]
    assert "single row or column" in refusal(book, create(dimensionRange=span(ROWS, 0, 2)))


def test_a_protected_range_keeps_others_out_and_lets_its_editors_in(book, service):
    protect = {"range": area(0, 1), "editors": {"users": []}}
    (reply,) = book.batch({"addProtectedRange": {"protectedRange": protect}})["replies"]
    made = reply["addProtectedRange"]["protectedRange"]
    assert made["editors"]["users"] == ["kakari@kakari-demo.iam.gserviceaccount.com"]
    alice = type(book)(
        service("sheets", subject="alice@fuji-kanagata.example").spreadsheets(), book.id
    )
    alice.put("A2", [["free"]])
    with pytest.raises(HttpError, match="You are trying to edit a protected cell"):
        alice.put("A1", [["locked"]])
    book.put("A1", [["mine"]])


def test_rules_filter_views_and_validation_are_kept_and_returned(book):
    rule = {"ranges": [area(0, 5, 0, 1)],
            "booleanRule": {"condition": {"type": "BLANK"}, "format": {"textFormat": {"bold": True}}}}  # fmt: skip
    choice = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "着手"}]}}
    replies = book.batch(
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"addFilterView": {"filter": {"title": "今週", "range": area(0, 9, 0, 3)}}},
        {"setDataValidation": {"range": area(1, 2, 2, 3), "rule": choice}},
    )["replies"]
    view = replies[1]["addFilterView"]["filter"]
    sheet = book.get()["sheets"][0]
    assert sheet["conditionalFormats"][0]["booleanRule"] == rule["booleanRule"]
    assert sheet["filterViews"][0]["title"] == "今週"
    assert book.cells("C2", "dataValidation") == [[choice]]
    book.batch(
        {"deleteFilterView": {"filterId": view["filterViewId"]}},
        {"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}},
    )
    assert {"filterViews", "conditionalFormats"}.isdisjoint(book.get()["sheets"][0])


def test_merged_cells_keep_their_first_value_and_cannot_be_cut(book):
    book.put("A1:B2", [["a", "b"], ["c", "d"]])
    book.batch({"mergeCells": {"range": area(0, 2, 0, 2), "mergeType": "MERGE_COLUMNS"}})
    assert book.values("A1:B2") == [["a", "b"]]
    cut = {"unmergeCells": {"range": area(0, 1, 0, 1)}}
    assert "You must select all cells in a merged range" in refusal(book, cut)
    book.batch({"unmergeCells": {"range": area(0, 2, 0, 2)}})
    assert "merges" not in book.get()["sheets"][0]
