"""Spreadsheets are files: who reaches them, what Drive knows of them, how often they are asked."""

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

from simulator.office import ALICE, BOB, PROJECTS_FOLDER_ID
from simulator.sheets.state import SPREADSHEET

ALL = {"supportsAllDrives": True}


@pytest.fixture
def of(service):
    """The spreadsheets as a person, or as the service account, reaches them."""

    def of(person=None):
        return service("sheets", subject=person.email if person else None).spreadsheets()

    return of


def status(call) -> tuple[int, str]:
    with pytest.raises(HttpError) as caught:
        call.execute()
    return caught.value.status_code, caught.value.reason


def test_a_person_makes_a_spreadsheet_in_their_own_drive(of, service):
    cells = [
        {"userEnteredValue": {"stringValue": "納期"}},
        {"userEnteredValue": {"boolValue": True}},
    ]
    body = {
        "properties": {"title": "わたしの", "locale": "ja_JP", "timeZone": "Asia/Tokyo"},
        "sheets": [{"properties": {"title": "表"}, "data": [{"rowData": [{"values": cells}]}]}],
    }
    made = of(ALICE).create(body=body).execute()
    assert made["properties"]["locale"] == "ja_JP"
    assert made["properties"]["defaultFormat"]["textFormat"]["bold"] is False
    values = of(ALICE).values().get(spreadsheetId=made["spreadsheetId"], range="表").execute()
    assert values["values"] == [["納期", "TRUE"]]
    drive = service("drive", subject=ALICE.email)
    file = drive.files().get(fileId=made["spreadsheetId"], fields="name,mimeType").execute()
    assert file == {"name": "わたしの", "mimeType": SPREADSHEET}
    assert status(of(BOB).get(spreadsheetId=made["spreadsheetId"])) == (
        403,
        "The caller does not have permission",
    )


def test_a_service_account_has_no_drive_to_make_one_in(of):
    assert status(of().create(body={}))[0] == 403


def test_a_new_spreadsheet_looks_as_google_makes_it(book):
    shown = book.get()
    assert shown["properties"]["title"] == "工程表"
    assert (shown["properties"]["locale"], shown["properties"]["timeZone"]) == ("en_US", "Etc/GMT")
    assert shown["sheets"] == [
        {
            "properties": {
                "sheetId": 0,
                "title": "Sheet1",
                "index": 0,
                "sheetType": "GRID",
                "gridProperties": {"rowCount": 1000, "columnCount": 26},
            }
        }
    ]


def test_a_mask_may_have_dots_and_slashes_and_says_whether_cells_are_shown(book):
    book.put("A1", [["x"]])
    for mask in ("sheets/properties/title", "sheets.properties.title"):
        assert book.get(fields=mask) == {"sheets": [{"properties": {"title": "Sheet1"}}]}
    data = book.get(fields="sheets.data.rowData", includeGridData=False)["sheets"][0]["data"]
    assert data[0]["rowData"][0]["values"][0]["formattedValue"] == "x"
    assert "data" in book.get(includeGridData=True)["sheets"][0]
    assert "data" not in book.get(ranges="A1")["sheets"][0]


def test_a_file_that_is_gone_or_no_spreadsheet_is_none(of, drive, book, make_folder):
    assert status(of().get(spreadsheetId="nothing")) == (404, "Requested entity was not found.")
    assert status(of().get(spreadsheetId=make_folder())) == (
        400,
        "This operation is not supported for this document",
    )
    drive.files().update(fileId=book.id, body={"trashed": True}, **ALL).execute()
    assert status(of().get(spreadsheetId=book.id))[0] == 404
    drive.files().update(fileId=book.id, body={"trashed": False}, **ALL).execute()
    of().get(spreadsheetId=book.id).execute()
    drive.files().delete(fileId=book.id, **ALL).execute()
    assert status(of().values().get(spreadsheetId=book.id, range="A1"))[0] == 404


def test_drive_sees_every_edit_and_the_name_is_one(book, drive, of):
    def file():
        fields = "name,version,modifiedTime,lastModifyingUser/emailAddress"
        return drive.files().get(fileId=book.id, fields=fields, **ALL).execute()

    before = file()
    of(ALICE).values().update(
        spreadsheetId=book.id, range="A1", valueInputOption="RAW", body={"values": [["x"]]}
    ).execute()
    after = file()
    assert int(after["version"]) > int(before["version"])
    assert after["modifiedTime"] >= before["modifiedTime"]
    assert after["lastModifyingUser"]["emailAddress"] == ALICE.email
    title = {"properties": {"title": "工程表 2027"}, "fields": "title"}
    book.batch({"updateSpreadsheetProperties": title})
    assert file()["name"] == "工程表 2027"
    version = file()["version"]
    book.get()
    assert file()["version"] == version


def test_a_copy_goes_its_own_way_and_csv_is_the_first_sheet(book, drive, sheets):
    book.put("A1", [["名前", "=1+1"], ["a,b", '"']])
    body = {"name": "写し", "parents": [PROJECTS_FOLDER_ID]}
    copied = drive.files().copy(fileId=book.id, body=body, **ALL).execute()["id"]
    book.put("A1", [["changed"]])
    exported = drive.files().export(fileId=copied, mimeType="text/csv").execute()
    assert exported.decode() == '名前,2\r\n"a,b",""""'
    assert status(drive.files().export(fileId=copied, mimeType="application/pdf"))[0] == 400


def test_an_uploaded_csv_becomes_a_spreadsheet_as_if_it_were_typed(drive, sheets):
    def upload(text: str, mime_type: str) -> str:
        body = {"name": "工程表", "mimeType": SPREADSHEET, "parents": [PROJECTS_FOLDER_ID]}
        media = MediaInMemoryUpload(text.encode(), mime_type)
        made = drive.files().create(body=body, media_body=media, **ALL).execute()
        return made["id"]

    typed = upload('\ufeff件名,金額\r\n"金型, 大",1200\r\n治具,=B2*2\r\n', "text/csv")
    values = sheets.values().get(
        spreadsheetId=typed, range="Sheet1", valueRenderOption="UNFORMATTED_VALUE"
    )
    assert values.execute()["values"] == [["件名", "金額"], ["金型, 大", 1200], ["治具", 2400]]
    shown = sheets.get(spreadsheetId=upload("a\tb", "text/tab-separated-values"), ranges="B1")
    data = shown.execute()["sheets"][0]
    assert data["properties"]["gridProperties"] == {"rowCount": 1000, "columnCount": 26}
    with pytest.raises(HttpError, match="converting application/pdf"):
        upload("%PDF", "application/pdf")


def test_what_is_shared_is_seen_and_only_a_writer_writes(book, drive, of, service):
    made = of(BOB).create(body={"properties": {"title": "Bobs"}}).execute()["spreadsheetId"]
    bobs = service("drive", subject=BOB.email).permissions()
    granted = bobs.create(
        fileId=made, body={"type": "user", "role": "reader", "emailAddress": ALICE.email}
    ).execute()
    of(ALICE).get(spreadsheetId=made).execute()
    write = (
        of(ALICE)
        .values()
        .update(spreadsheetId=made, range="A1", valueInputOption="RAW", body={"values": [[1]]})
    )
    assert status(write) == (403, "The caller does not have permission")
    bobs.update(fileId=made, permissionId=granted["id"], body={"role": "writer"}).execute()
    write.execute()
    roles = {
        each["emailAddress"]: each["role"]
        for each in bobs.list(fileId=made, fields="permissions(emailAddress,role)").execute()[
            "permissions"
        ]
    }
    assert roles == {BOB.email: "owner", ALICE.email: "writer"}
    bobs.delete(fileId=made, permissionId=granted["id"]).execute()
    assert status(of(ALICE).get(spreadsheetId=made))[0] == 403
    bobs.create(fileId=made, body={"type": "anyone", "role": "reader"}).execute()
    of(ALICE).get(spreadsheetId=made).execute()


def test_a_sheet_is_copied_into_another_spreadsheet(book, make_spreadsheet, sheets):
    book.put("A1", [["x"]])
    other = make_spreadsheet("another")
    made = sheets.sheets().copyTo(
        spreadsheetId=book.id, sheetId=0, body={"destinationSpreadsheetId": other}
    )
    assert made.execute()["title"] == "Copy of Sheet1"
    read = sheets.values().get(spreadsheetId=other, range="'Copy of Sheet1'!A1").execute()
    assert read["values"] == [["x"]]


def test_each_user_may_read_and_write_so_often_a_minute(simulator, of, book):
    simulator.world.sheets_calls.set("Read", 2)
    read = of().get(spreadsheetId=book.id)
    read.execute()
    read.execute()
    with pytest.raises(HttpError) as caught:
        read.execute()
    assert caught.value.status_code == 429
    assert caught.value.reason.startswith(
        "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per "
        "user' of service 'sheets.googleapis.com'"
    )
    (info,) = caught.value.error_details
    assert (info["reason"], info["metadata"]["quota_limit_value"]) == ("RATE_LIMIT_EXCEEDED", "60")
    of(ALICE).get(spreadsheetId=book.id).execute()
    book.put("A1", [["writes have a bucket of their own"]])


def test_it_is_all_there_after_a_restart(simulator, book):
    book.put("A1", [["x", "=A1", "12%"]])
    location = {"dimensionRange": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}
    metadata = {"metadataKey": "k", "visibility": "PROJECT", "location": location}
    book.batch(
        {"createDeveloperMetadata": {"developerMetadata": metadata}},
        {"addNamedRange": {"namedRange": {"name": "n", "range": {"endRowIndex": 1}}}},
        {"setBasicFilter": {"filter": {"range": {"endRowIndex": 5}}}},
    )
    before = book.get(includeGridData=True)
    simulator.world.restore(simulator.world.snapshot())
    assert book.get(includeGridData=True) == before
