"""Files in a shared drive, from their reserved id to their end."""

import hashlib
import io

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload, MediaIoBaseUpload

from simulator.keys import SERVICE_ACCOUNT
from simulator.office import (
    ALICE,
    CHARLIE,
    PROJECTS_FOLDER_ID,
    PROJECTS_FOLDER_NAME,
    SHARED_DRIVE_ID,
    SHARED_DRIVE_NAME,
)

FOLDER = "application/vnd.google-apps.folder"
TREE = {"supportsAllDrives": True}
SEARCH = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}


def reason(caught) -> tuple[int, str]:
    return caught.value.status_code, caught.value.error_details[0]["reason"]


@pytest.fixture
def make_file(drive):
    def make(name="file.txt", content=b"hello", **body):
        body = {"name": name, "parents": [PROJECTS_FOLDER_ID]} | body
        media = MediaInMemoryUpload(content, "text/plain")
        return drive.files().create(body=body, media_body=media, fields="*", **TREE).execute()

    return make


def test_a_create_answers_the_four_default_fields(drive):
    body = {"name": "見積", "mimeType": FOLDER, "parents": [PROJECTS_FOLDER_ID]}
    made = drive.files().create(body=body, **TREE).execute()
    assert made == {"kind": "drive#file", "id": made["id"], "name": "見積", "mimeType": FOLDER}


def test_a_reused_id_answers_409_and_doubles_nothing(drive):
    file_id = drive.files().generateIds(count=1).execute()["ids"][0]
    body = {"id": file_id, "name": "once", "mimeType": FOLDER, "parents": [PROJECTS_FOLDER_ID]}
    drive.files().create(body=body, **TREE).execute()
    with pytest.raises(HttpError) as caught:
        drive.files().create(body=body, **TREE).execute()
    assert reason(caught) == (409, "fileIdInUse")
    assert len(drive.files().list(q="name = 'once'", **SEARCH).execute()["files"]) == 1


def test_the_id_of_a_deleted_file_stays_used(drive):
    file_id = drive.files().generateIds(count=1).execute()["ids"][0]
    body = {"id": file_id, "mimeType": FOLDER, "parents": [PROJECTS_FOLDER_ID]}
    drive.files().create(body=body, **TREE).execute()
    drive.files().delete(fileId=file_id, **TREE).execute()
    with pytest.raises(HttpError) as caught:
        drive.files().create(body=body, **TREE).execute()
    assert caught.value.status_code == 409


def test_an_id_that_was_handed_to_somebody_else_is_not_usable(drive, service):
    file_id = service("drive", subject=ALICE.email).files().generateIds(count=1).execute()["ids"][0]
    body = {"id": file_id, "name": "x", "mimeType": FOLDER, "parents": [PROJECTS_FOLDER_ID]}
    with pytest.raises(HttpError, match="not usable"):
        drive.files().create(body=body, **TREE).execute()


def test_a_reserved_id_is_not_for_google_sheets(drive):
    file_id = drive.files().generateIds(count=1).execute()["ids"][0]
    body = {
        "id": file_id,
        "mimeType": "application/vnd.google-apps.spreadsheet",
        "parents": [PROJECTS_FOLDER_ID],
    }
    with pytest.raises(HttpError, match="not supported"):
        drive.files().create(body=body, **TREE).execute()


def test_ids_are_handed_out_up_to_a_thousand(drive, session, simulator):
    assert len(set(drive.files().generateIds(count=1000).execute()["ids"])) == 1000
    url = simulator.origin + "/drive/v3/files/generateIds?count=1001"
    assert session.get(url).status_code == 400


@pytest.mark.parametrize("parents", [None, ["root"]])
def test_a_service_account_has_no_storage_of_its_own(drive, parents):
    body = {"name": "x", "mimeType": FOLDER} | ({"parents": parents} if parents else {})
    with pytest.raises(HttpError, match="Service Accounts do not have storage quota") as caught:
        drive.files().create(body=body, **TREE).execute()
    assert reason(caught) == (403, "storageQuotaExceeded")


def test_a_person_has_a_my_drive_that_others_do_not_see(service):
    hers = service("drive", subject=ALICE.email).files()
    made = hers.create(body={"name": "private", "mimeType": FOLDER}).execute()
    assert hers.list(q="'root' in parents").execute()["files"] == [made]
    with pytest.raises(HttpError) as caught:
        service("drive", subject=CHARLIE.email).files().get(fileId=made["id"]).execute()
    assert caught.value.status_code == 404


def test_a_folder_shared_from_a_my_drive_is_seen_and_takes_nothing_of_a_service_account(
    drive, simulator
):
    state = simulator.world.drive
    hers = state.root_of(ALICE.email)
    shared = {"file_id": "1SHARED", "shared_with": {SERVICE_ACCOUNT: "writer"}}
    folder = state.add("案件", FOLDER, hers, ALICE.email, **shared)
    state.add("見積", FOLDER, folder, ALICE.email, file_id="1BELOW")
    seen = drive.files().get(fileId="1BELOW", fields="name,driveId", **TREE).execute()
    assert seen == {"name": "見積"}
    for parent in ("1SHARED", "1BELOW"):
        body = {"name": "x", "mimeType": FOLDER, "parents": [parent]}
        with pytest.raises(HttpError) as caught:
            drive.files().create(body=body, **TREE).execute()
        assert reason(caught) == (403, "storageQuotaExceeded")


def test_an_unknown_parent_is_not_found(drive):
    with pytest.raises(HttpError, match="File not found: nowhere") as caught:
        drive.files().create(body={"name": "x", "parents": ["nowhere"]}, **TREE).execute()
    assert reason(caught) == (404, "notFound")


def test_a_file_is_no_parent(drive, make_file):
    with pytest.raises(HttpError) as caught:
        drive.files().create(body={"name": "x", "parents": [make_file()["id"]]}, **TREE).execute()
    assert reason(caught) == (403, "parentNotAFolder")


@pytest.mark.parametrize(
    "call",
    [
        lambda files, file_id: files.get(fileId=file_id),
        lambda files, file_id: files.update(fileId=file_id, body={"name": "x"}),
        lambda files, file_id: files.copy(fileId=file_id, body={}),
        lambda files, file_id: files.delete(fileId=file_id),
        lambda files, _file_id: files.create(body={"parents": [PROJECTS_FOLDER_ID]}),
    ],
)
def test_a_call_that_does_not_know_shared_drives_finds_nothing_there(drive, make_file, call):
    with pytest.raises(HttpError) as caught:
        call(drive.files(), make_file()["id"]).execute()
    assert reason(caught) == (404, "notFound")


def test_content_is_described_by_size_and_checksums(make_file):
    made = make_file(content="納品書".encode())
    assert made["size"] == "9"
    assert made["md5Checksum"] == hashlib.md5("納品書".encode()).hexdigest()
    assert made["sha256Checksum"] == hashlib.sha256("納品書".encode()).hexdigest()


def test_a_link_leads_to_the_simulators_own_page(simulator, make_file):
    made = make_file()
    assert made["webViewLink"] == f"{simulator.origin}/#drive/{made['id']}"


def test_a_link_leads_to_where_people_open_the_page_if_that_is_elsewhere(
    simulator, make_file, monkeypatch
):
    monkeypatch.setattr(simulator.world.drive, "page_origin", "http://localhost:8085")
    made = make_file()
    assert made["webViewLink"] == f"http://localhost:8085/#drive/{made['id']}"


def test_a_folder_has_no_content(drive):
    with pytest.raises(HttpError) as caught:
        drive.files().get_media(fileId=PROJECTS_FOLDER_ID, **TREE).execute()
    assert reason(caught) == (403, "fileNotDownloadable")


def test_an_update_renames_and_counts_the_version_up(drive, make_file):
    made = make_file()
    renamed = (
        drive.files()
        .update(
            fileId=made["id"],
            body={"name": "新しい名前"},
            fields="name,version,md5Checksum",
            **TREE,
        )
        .execute()
    )
    assert renamed["name"] == "新しい名前"
    assert int(renamed["version"]) > int(made["version"])
    assert renamed["md5Checksum"] == made["md5Checksum"]


@pytest.mark.parametrize("resumable", [False, True])
def test_an_update_replaces_content(drive, make_file, resumable):
    made = make_file(content=b"old")
    media = MediaIoBaseUpload(io.BytesIO(b"new"), "text/plain", resumable=resumable)
    drive.files().update(fileId=made["id"], media_body=media, **TREE).execute()
    assert drive.files().get_media(fileId=made["id"], **TREE).execute() == b"new"


def test_a_move_takes_a_file_from_one_folder_to_another(drive, make_file, make_folder):
    made, target = make_file(), make_folder()
    moved = (
        drive.files()
        .update(
            fileId=made["id"],
            addParents=target,
            removeParents=PROJECTS_FOLDER_ID,
            fields="parents",
            **TREE,
        )
        .execute()
    )
    assert moved == {"parents": [target]}


def test_a_file_has_one_parent(drive, make_file, make_folder):
    one, other = make_folder(), make_folder()
    with pytest.raises(HttpError) as caught:
        drive.files().update(
            fileId=make_file()["id"], addParents=f"{one},{other}", **TREE
        ).execute()
    assert reason(caught) == (403, "cannotAddParent")


def test_a_folder_does_not_go_into_itself(drive, make_folder):
    outer = make_folder()
    inner = make_folder(parent=outer)
    with pytest.raises(HttpError) as caught:
        drive.files().update(
            fileId=outer, addParents=inner, removeParents=PROJECTS_FOLDER_ID, **TREE
        ).execute()
    assert caught.value.status_code == 403


def test_what_lies_in_a_trashed_folder_is_trashed_too(drive, make_folder):
    outer = make_folder()
    inner = make_folder(parent=outer)
    drive.files().update(fileId=outer, body={"trashed": True}, **TREE).execute()
    fields = "trashed,explicitlyTrashed"
    seen = drive.files().get(fileId=inner, fields=fields, **TREE).execute()
    assert seen == {"trashed": True, "explicitlyTrashed": False}
    drive.files().update(fileId=outer, body={"trashed": False}, **TREE).execute()
    seen = drive.files().get(fileId=inner, fields=fields, **TREE).execute()
    assert seen == {"trashed": False, "explicitlyTrashed": False}


def test_a_contributor_may_add_and_edit_but_not_trash_or_delete(drive, simulator):
    office = (SERVICE_ACCOUNT,)
    shared = simulator.world.drive.add_shared_drive("図面", office, contributors=office)
    body = {"name": "見積", "mimeType": FOLDER, "parents": [shared.id]}
    made = drive.files().create(body=body, fields="id,capabilities", **TREE).execute()
    drive.files().update(fileId=made["id"], body={"name": "請求"}, **TREE).execute()

    for refused in (
        drive.files().update(fileId=made["id"], body={"trashed": True}, **TREE),
        drive.files().delete(fileId=made["id"], **TREE),
    ):
        with pytest.raises(HttpError) as caught:
            refused.execute()
        assert reason(caught) == (403, "insufficientFilePermissions")
    assert not made["capabilities"]["canTrash"]


def test_a_delete_answers_204_and_takes_everything_below(session, simulator, drive, make_folder):
    outer = make_folder()
    inner = make_folder(parent=outer)
    url = f"{simulator.origin}/drive/v3/files/{outer}?supportsAllDrives=true"
    answer = session.delete(url)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Content-Type"] == "text/html"
    with pytest.raises(HttpError):
        drive.files().get(fileId=inner, **TREE).execute()


def test_a_copy_lies_beside_its_original_under_a_name_that_says_so(drive, make_file):
    made = make_file("template.txt", b"text")
    copied = drive.files().copy(fileId=made["id"], body={}, fields="*", **TREE).execute()
    assert copied["name"] == "Copy of template.txt"
    assert copied["parents"] == made["parents"]
    assert drive.files().get_media(fileId=copied["id"], **TREE).execute() == b"text"


def test_a_copy_takes_the_id_reserved_for_it(drive, make_file):
    file_id = drive.files().generateIds(count=1).execute()["ids"][0]
    body = {"id": file_id, "name": "copy"}
    copied = drive.files().copy(fileId=make_file()["id"], body=body, **TREE).execute()
    assert copied["id"] == file_id
    with pytest.raises(HttpError) as caught:
        drive.files().copy(fileId=make_file()["id"], body=body, **TREE).execute()
    assert caught.value.status_code == 409


def test_a_folder_cannot_be_copied(drive):
    with pytest.raises(HttpError) as caught:
        drive.files().copy(fileId=PROJECTS_FOLDER_ID, body={}, **TREE).execute()
    assert reason(caught) == (403, "cannotCopyFile")


def test_properties_are_merged_and_null_takes_one_away(session, simulator, make_file):
    made = make_file(appProperties={"job": "1", "effect": "2"})
    url = f"{simulator.origin}/drive/v3/files/{made['id']}?supportsAllDrives=true"
    body = {"appProperties": {"job": None, "part": "3"}}
    answer = session.patch(url + "&fields=appProperties", json=body)
    assert answer.json() == {"appProperties": {"effect": "2", "part": "3"}}


def test_a_property_has_at_most_124_bytes(make_file):
    make_file(appProperties={"k" * 24: "v" * 100})
    with pytest.raises(HttpError):
        make_file(appProperties={"k" * 24: "v" * 101})


@pytest.mark.parametrize("field", [{"size": "3"}, {"md5Checksum": "0"}, {"webViewLink": "x"}])
def test_what_google_decides_cannot_be_written(make_file, field):
    with pytest.raises(HttpError) as caught:
        make_file(**field)
    assert reason(caught) == (403, "fieldNotWritable")


def test_parents_are_not_written_directly_in_an_update(drive, make_file):
    with pytest.raises(HttpError, match="addParents and removeParents") as caught:
        drive.files().update(
            fileId=make_file()["id"], body={"parents": [PROJECTS_FOLDER_ID]}, **TREE
        ).execute()
    assert reason(caught) == (403, "fieldNotWritable")


def test_shared_drives_are_listed_for_their_members_only(service):
    alice = service("drive", subject=ALICE.email).drives()
    assert alice.list().execute()["drives"] == [
        {"kind": "drive#drive", "id": SHARED_DRIVE_ID, "name": SHARED_DRIVE_NAME}
    ]
    charlie = service("drive", subject=CHARLIE.email).drives()
    assert charlie.list().execute()["drives"] == []
    with pytest.raises(HttpError) as caught:
        charlie.get(driveId=SHARED_DRIVE_ID).execute()
    assert caught.value.status_code == 404


def test_a_repeated_request_makes_no_second_shared_drive(drive):
    made = drive.drives().create(requestId="r1", body={"name": "新"}).execute()
    with pytest.raises(HttpError) as caught:
        drive.drives().create(requestId="r1", body={"name": "新"}).execute()
    assert caught.value.status_code == 409
    body = {"name": "in it", "mimeType": FOLDER, "parents": [made["id"]]}
    inside = drive.files().create(body=body, fields="driveId", **TREE).execute()
    assert inside == {"driveId": made["id"]}


def test_about_tells_who_is_asking(drive):
    user = drive.about().get(fields="user(emailAddress)").execute()["user"]
    assert user == {"emailAddress": "kakari@kakari-demo.iam.gserviceaccount.com"}


def test_about_insists_on_fields(session, simulator):
    answer = session.get(simulator.origin + "/drive/v3/about")
    assert answer.status_code == 400
    assert "'fields' parameter is required" in answer.json()["error"]["message"]


def test_the_tree_shows_what_is_alive(simulator, session, drive, make_folder):
    make_folder("生きている")
    drive.files().update(fileId=make_folder("捨てた"), body={"trashed": True}, **TREE).execute()
    roots = session.get(simulator.origin + "/_sim/drive/tree").json()
    shared = next(root for root in roots if root["id"] == SHARED_DRIVE_ID)
    (projects,) = shared["children"]
    assert projects["name"] == PROJECTS_FOLDER_NAME
    assert [child["name"] for child in projects["children"]] == ["生きている"]
