"""The wire of uploads and batches, as other clients than Google's own send it."""

import json

import pytest
import requests

from simulator.faults import Fault
from simulator.multipart import split
from simulator.office import PROJECTS_FOLDER_ID, PROJECTS_SPACE

FILES = "/drive/v3/files"
FOLDER = "application/vnd.google-apps.folder"


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_parts_are_separated_by_either_kind_of_line_end(newline):
    lines = [b"--b", b"Content-Type: text/plain", b"", b"one\r", b"--b", b"", b"two", b"--b--", b""]
    parts = split('multipart/related; boundary="b"', newline.join(lines))
    assert [part.content for part in parts] == [b"one\r", b"two"]
    assert parts[0].headers == {"content-type": "text/plain"}


def multipart(*parts: str) -> bytes:
    return ("".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n").encode()


@pytest.fixture
def upload(session, simulator):
    def upload(upload_type, body, content_type, verb="POST", path=FILES, **headers):
        url = f"{simulator.origin}/upload{path}?uploadType={upload_type}&supportsAllDrives=true"
        headers |= {"Content-Type": content_type}
        return session.request(verb, url, data=body, headers=headers)

    return upload


def test_metadata_and_content_travel_together(upload, session, simulator):
    metadata = json.dumps({"name": "見積.txt", "parents": [PROJECTS_FOLDER_ID]})
    body = multipart(
        f"Content-Type: application/json\r\n\r\n{metadata}", "Content-Type: text/plain\r\n\r\n内容"
    )
    made = upload("multipart", body, "multipart/related; boundary=b").json()
    assert (made["name"], made["mimeType"]) == ("見積.txt", "text/plain")
    url = f"{simulator.origin}{FILES}/{made['id']}?alt=media&supportsAllDrives=true"
    assert session.get(url).content.decode() == "内容"


def test_content_alone_replaces_content(upload, make_folder, session, simulator):
    made = upload(
        "multipart",
        multipart(
            "\r\n" + json.dumps({"name": "x", "parents": [make_folder()]}),
            "Content-Type: a/b\r\n\r\n1",
        ),
        "multipart/related; boundary=b",
    ).json()
    answer = upload("media", b"22", "text/plain", verb="PATCH", path=f"{FILES}/{made['id']}")
    assert answer.status_code == 200
    url = f"{simulator.origin}{FILES}/{made['id']}?alt=media&supportsAllDrives=true"
    assert session.get(url, headers={"Range": "bytes=1-"}).content == b"2"


@pytest.mark.parametrize(
    ("upload_type", "body"),
    [("multipart", b"--b\r\n\r\n{}\r\n--b--"), ("multipart", b"nothing"), ("carrier-pigeon", b"")],
)
def test_an_upload_that_cannot_be_read_is_refused(upload, upload_type, body):
    assert upload(upload_type, body, "multipart/related; boundary=b").status_code == 400


@pytest.fixture
def upload_session(upload):
    def start(name="big.bin"):
        metadata = json.dumps({"name": name, "parents": [PROJECTS_FOLDER_ID]})
        headers = {"X-Upload-Content-Type": "application/pdf"}
        answer = upload("resumable", metadata, "application/json", **headers)
        return answer.headers["Location"]

    return start


def test_a_resumable_upload_goes_on_where_it_was_cut(upload_session, session):
    chunk = b"x" * 262_144
    url = upload_session()
    first = session.put(url, data=chunk, headers={"Content-Range": "bytes 0-262143/262149"})
    assert (first.status_code, first.headers["Range"]) == (308, "bytes=0-262143")
    asked = session.put(url, headers={"Content-Range": "bytes */262149"})
    assert (asked.status_code, asked.headers["Range"]) == (308, "bytes=0-262143")
    last = session.put(url, data=b"right", headers={"Content-Range": "bytes 262144-262148/262149"})
    assert (last.status_code, last.json()["mimeType"]) == (200, "application/pdf")
    again = session.put(url, headers={"Content-Range": "bytes */262149"})
    assert again.json() == last.json()


def test_an_upload_applied_without_an_answer_is_not_applied_again(
    upload_session, session, simulator
):
    url = upload_session("once.bin")
    simulator.world.faults.set([Fault("drive.files.create", "apply-then-drop", times=1)])
    with pytest.raises(requests.ConnectionError):
        session.put(url, data=b"x")
    answer = session.put(url, headers={"Content-Range": "bytes */1"})
    assert answer.json()["name"] == "once.bin"
    names = [file.name for file in simulator.world.drive.children(PROJECTS_FOLDER_ID)]
    assert names == ["once.bin"]


@pytest.mark.parametrize("content_range", ["bytes 5-9/10", "bytes 0-3/*", "nonsense"])
def test_a_chunk_that_does_not_fit_is_refused(upload_session, session, content_range):
    answer = session.put(upload_session(), data=b"12345", headers={"Content-Range": content_range})
    assert answer.status_code == 400


def test_an_unknown_upload_session_is_not_found(session, simulator):
    url = f"{simulator.origin}/upload{FILES}?uploadType=resumable&upload_id=none"
    assert session.put(url, data=b"x").status_code == 404


def test_a_refused_call_starts_no_upload_session(upload):
    metadata = json.dumps({"name": 5})
    assert upload("resumable", metadata, "application/json").status_code == 400


def test_an_upload_that_would_be_converted_has_no_behaviour_yet(upload):
    metadata = json.dumps(
        {"mimeType": "application/vnd.google-apps.document", "parents": [PROJECTS_FOLDER_ID]}
    )
    body = multipart(f"\r\n{metadata}", "Content-Type: text/csv\r\n\r\na,b")
    answer = upload("multipart", body, "multipart/related; boundary=b")
    assert "has no behaviour yet" in answer.json()["error"]["message"]


@pytest.fixture
def batch(session, simulator):
    def send(path, *requests):
        parts = [
            f"Content-Type: application/http\r\nContent-ID: <id + {n}>\r\n\r\n{request}"
            for n, request in enumerate(requests)
        ]
        headers = {"Content-Type": "multipart/mixed; boundary=b"}
        return session.post(simulator.origin + path, data=multipart(*parts), headers=headers)

    return send


def test_a_batch_answers_each_part_under_its_own_id(batch, simulator):
    simulator.world.calls.clear()
    folder = json.dumps({"name": "f", "mimeType": FOLDER, "parents": [PROJECTS_FOLDER_ID]})
    answer = batch(
        "/batch/drive/v3",
        f"POST {FILES}?supportsAllDrives=true HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{folder}",
        f"GET {FILES}/nowhere HTTP/1.1\r\n\r\n",
    )
    first, second = split(answer.headers["Content-Type"], answer.content)
    assert first.headers["content-id"] == "<response-id + 0>"
    assert first.content.startswith(b"HTTP/1.1 200 OK\r\n")
    assert second.headers["content-id"] == "<response-id + 1>"
    assert second.content.startswith(b"HTTP/1.1 404 Not Found\r\n")
    logged = [
        (call["method"], call["status"], call["batch"]) for call in simulator.world.calls.to_json()
    ]
    assert logged == [("drive.files.create", 200, True), ("drive.files.get", 404, True)]


def test_a_part_with_a_token_of_its_own_uses_that_one(batch):
    answer = batch(
        "/batch/drive/v3", f"GET {FILES} HTTP/1.1\r\nAuthorization: Bearer nonsense\r\n\r\n"
    )
    (only,) = split(answer.headers["Content-Type"], answer.content)
    assert only.content.startswith(b"HTTP/1.1 401 Unauthorized")


def test_a_batch_of_101_calls_is_refused(batch):
    call = f"GET {FILES} HTTP/1.1\r\n\r\n"
    assert batch("/batch/drive/v3", *[call] * 100).status_code == 200
    answer = batch("/batch/drive/v3", *[call] * 101)
    assert answer.status_code == 400
    assert "limit is 100" in answer.json()["error"]["message"]


def test_a_batch_is_for_one_api(batch):
    answer = batch("/batch/drive/v3", f"GET /v1/{PROJECTS_SPACE.name} HTTP/1.1\r\n\r\n")
    (only,) = split(answer.headers["Content-Type"], answer.content)
    assert only.content.startswith(b"HTTP/1.1 404")


def test_the_plain_batch_path_is_shared_by_the_newer_apis(batch):
    answer = batch("/batch", f"GET /v1/{PROJECTS_SPACE.name} HTTP/1.1\r\n\r\n")
    (only,) = split(answer.headers["Content-Type"], answer.content)
    assert only.content.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("part", ["not a request line", ""])
def test_a_part_that_is_no_request_fails_the_batch(batch, part):
    assert batch("/batch/drive/v3", part).status_code == 400
