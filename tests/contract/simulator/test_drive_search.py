"""``files.list``: its query language, order, corpora and pages."""

import pytest
from googleapiclient.errors import HttpError

from simulator.drive.query import QueryError, has_word, parse
from simulator.office import PROJECTS_FOLDER_ID, SHARED_DRIVE_ID

FOLDER = "application/vnd.google-apps.folder"
SEARCH = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}


@pytest.fixture
def found(drive):
    def find(q: str, **parameters) -> list[str]:
        answer = drive.files().list(q=q, **SEARCH | parameters).execute()
        return [file["name"] for file in answer["files"]]

    return find


@pytest.fixture
def office_files(drive, make_folder):
    """Two projects, one of them with a drawing in it."""
    first = make_folder("K-001 順送金型", appProperties={"job": "1"})
    make_folder("K-002 O'Brien", appProperties={"job": "2"}, modifiedTime="2026-01-02T03:04:05Z")
    body = {"name": "図面 rev10.pdf", "mimeType": "application/pdf", "parents": [first]}
    drive.files().create(body=body, supportsAllDrives=True).execute()
    return first


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("name = 'K-001 順送金型'", ["K-001 順送金型"]),
        (r"name = 'K-002 O\'Brien'", ["K-002 O'Brien"]),
        ("name contains 'K-00'", ["K-001 順送金型", "K-002 O'Brien"]),
        ("name contains '金型'", ["K-001 順送金型"]),
        ("name contains 'ev10'", []),
        ("mimeType = 'application/pdf'", ["図面 rev10.pdf"]),
        ("mimeType != 'application/vnd.google-apps.folder'", ["図面 rev10.pdf"]),
        ("appProperties has { key='job' and value='2' }", ["K-002 O'Brien"]),
        ("appProperties has {key='job' and value='2'} and trashed = false", ["K-002 O'Brien"]),
        ("modifiedTime < '2026-02-01T00:00:00'", ["K-002 O'Brien"]),
        ("modifiedTime > '2026-02-01T00:00:00+09:00' and name contains 'K'", ["K-001 順送金型"]),
        ("not name contains 'K' and not name contains 'プ'", ["図面 rev10.pdf"]),
        ("(name contains 'rev10' or name contains 'K-002') and trashed=false",
         ["K-002 O'Brien", "図面 rev10.pdf"]),
        ("trashed = true", []),
    ],
)  # fmt: skip
def test_a_query_finds_what_it_says(office_files, found, q, names):
    assert found(q, orderBy="name") == names


def test_a_folder_lists_what_lies_in_it(office_files, found):
    assert found(f"'{office_files}' in parents") == ["図面 rev10.pdf"]
    assert found(f"'{office_files}' in parents and name = 'other'") == []
    either = f"'{office_files}' in parents or '{PROJECTS_FOLDER_ID}' in parents"
    assert len(found(either)) == 3


def test_files_of_shared_drives_are_listed_only_when_asked_for(office_files, drive):
    assert drive.files().list(q="name contains 'K'").execute()["files"] == []
    with pytest.raises(HttpError):
        drive.files().list(includeItemsFromAllDrives=True).execute()


def test_one_drive_can_be_searched_by_itself(office_files, found, drive):
    assert "図面 rev10.pdf" in found("", corpora="drive", driveId=SHARED_DRIVE_ID)
    with pytest.raises(HttpError) as caught:
        found("", corpora="drive", driveId="0Aelsewhere")
    assert caught.value.status_code == 404


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("name", ["a10", "a9", "b"]),
        ("name desc", ["b", "a9", "a10"]),
        ("name_natural", ["a9", "a10", "b"]),
        ("folder,name_natural desc", ["a10", "b", "a9"]),
        ("modifiedTime", ["a9", "a10", "b"]),
        ("", ["b", "a10", "a9"]),
    ],
)
def test_the_order_is_the_one_asked_for_and_otherwise_latest_first(
    drive, make_folder, found, order, names
):
    parent = make_folder()
    for name, mime_type in [("a9", "text/plain"), ("a10", FOLDER), ("b", "text/plain")]:
        second = {"a9": 1, "a10": 2, "b": 3}[name]
        body = {
            "name": name,
            "mimeType": mime_type,
            "parents": [parent],
            "modifiedTime": f"2026-01-01T00:00:0{second}Z",
        }
        drive.files().create(body=body, supportsAllDrives=True).execute()
    assert found(f"'{parent}' in parents", orderBy=order) == names


def test_pages_follow_each_other_without_a_gap(drive, make_folder):
    parent = make_folder()
    names = [make_folder(f"f{n}", parent) and f"f{n}" for n in range(5)]
    seen, request = (
        [],
        drive.files().list(q=f"'{parent}' in parents", orderBy="name", pageSize=2, **SEARCH),
    )
    while request:
        answer = request.execute()
        seen += [file["name"] for file in answer["files"]]
        request = drive.files().list_next(request, answer)
    assert seen == names


def test_a_page_token_belongs_to_its_query(drive, make_folder):
    for n in range(2):
        make_folder(f"f{n}")
    token = drive.files().list(pageSize=1, **SEARCH).execute()["nextPageToken"]
    with pytest.raises(HttpError):
        drive.files().list(q="trashed=false", pageToken=token, **SEARCH).execute()


@pytest.mark.parametrize(
    "q",
    [
        "name",
        "name = unquoted",
        "name = 'open",
        "name > 'a'",
        "colour = 'red'",
        "'x' in colours",
        "trashed = maybe",
        "(name = 'a'",
        "name = 'a' name = 'b'",
        "modifiedTime > 'yesterday'",
        "appProperties has { key='a' }",
        "name = 'a' and",
    ],
)
def test_a_query_that_is_none_is_refused(found, q):
    with pytest.raises(QueryError):
        parse(q, "root")
    with pytest.raises(HttpError) as caught:
        found(q)
    assert caught.value.status_code == 400
    assert caught.value.error_details[0]["location"] == "q"


def test_contains_finds_beginnings_of_words():
    assert has_word("HelloWorld again", "hello")
    assert has_word("HelloWorld again", "AGAIN")
    assert not has_word("HelloWorld again", "world")
    assert has_word("順送金型", "金型")
