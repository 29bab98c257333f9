"""Google's own clients run against the simulator unmodified."""

import io

import google.auth.transport.requests
import pytest
import requests
from google.oauth2 import id_token, service_account
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseDownload, MediaIoBaseUpload

from simulator.office import ALICE, PROJECTS_FOLDER_ID, PROJECTS_SPACE

TREE = {"supportsAllDrives": True}


@pytest.mark.parametrize(
    "call",
    [
        lambda service: service("gmail").users().labels().list(userId="me"),
        lambda service: service("calendar").events().list(calendarId="primary"),
        lambda service: service("drive").changes().getStartPageToken(),
        lambda service: (
            service("chat").spaces().messages().reactions().list(parent="spaces/A/messages/B")
        ),
    ],
)
def test_a_method_without_behaviour_says_so_and_is_no_server_error(service, call):
    with pytest.raises(
        HttpError, match="is routed and validated, but has no behaviour yet"
    ) as caught:
        call(service).execute()
    assert caught.value.status_code == 400


def test_a_message_is_posted_and_read_back(messages):
    posted = messages.create(parent=PROJECTS_SPACE.name, body={"text": "できました"}).execute()
    assert messages.get(name=posted["name"]).execute()["text"] == "できました"


def test_a_batch_of_folders_is_made_at_once(drive):
    ids = drive.files().generateIds(count=100, fields="ids").execute()["ids"]
    answers = {}
    batch = drive.new_batch_http_request(
        callback=lambda request_id, answer, error: answers.update({request_id: (answer, error)})
    )
    for file_id in ids:
        body = {
            "id": file_id,
            "name": file_id,
            "mimeType": "application/vnd.google-apps.folder",
            "parents": [PROJECTS_FOLDER_ID],
        }
        batch.add(drive.files().create(body=body, fields="id", **TREE), request_id=file_id)
    batch.execute()
    assert {key: answer for key, (answer, _) in answers.items()} == {i: {"id": i} for i in ids}


@pytest.mark.parametrize("resumable", [False, True], ids=["multipart", "resumable"])
@pytest.mark.parametrize("content", [b"", b"\r\n--x\n\r\n", bytes(range(256)) * 4096])
def test_content_comes_back_byte_for_byte(drive, resumable, content):
    media = MediaIoBaseUpload(
        io.BytesIO(content), "application/pdf", chunksize=256 * 1024, resumable=resumable
    )
    body = {"name": "図面.pdf", "parents": [PROJECTS_FOLDER_ID]}
    made = drive.files().create(body=body, media_body=media, fields="*", **TREE).execute()
    assert (made["name"], made["mimeType"]) == ("図面.pdf", "application/pdf")
    assert made["size"] == str(len(content))
    read = io.BytesIO()
    download = MediaIoBaseDownload(
        read, drive.files().get_media(fileId=made["id"], **TREE), chunksize=300_000
    )
    done = False
    while not done:
        _, done = download.next_chunk()
    assert read.getvalue() == content


def test_a_long_query_that_the_client_hides_in_a_post_is_a_get(drive):
    names = " or ".join(f"name = 'a rather long name, number {n}'" for n in range(100))
    found = drive.files().list(q=names, includeItemsFromAllDrives=True, **TREE).execute()
    assert found["files"] == []


def test_an_event_token_passes_googles_own_verifier(simulator):
    token = simulator.world.keys.sign_event_token(
        {
            "iss": "chat@system.gserviceaccount.com",
            "aud": "123456789012",
            "iat": 1_700_000_000,
            "exp": 4_000_000_000,
        }
    )
    with requests.Session() as session:
        claims = id_token.verify_token(
            token,
            google.auth.transport.requests.Request(session=session),
            audience="123456789012",
            certs_url=simulator.origin
            + "/service_accounts/v1/metadata/x509/chat@system.gserviceaccount.com",
        )
    assert claims["iss"] == "chat@system.gserviceaccount.com"


def test_an_id_token_for_a_target_audience_passes_googles_own_verifier(simulator, tmp_path):
    key = tmp_path / "key.json"
    simulator.world.keys.write_service_account_key(key, simulator.origin)
    credentials = service_account.IDTokenCredentials.from_service_account_file(
        key, target_audience="https://kakari.example/events"
    )
    with requests.Session() as session:
        request = google.auth.transport.requests.Request(session=session)
        credentials.refresh(request)
        claims = id_token.verify_token(
            credentials.token,
            request,
            audience="https://kakari.example/events",
            certs_url=simulator.origin + "/oauth2/v1/certs",
        )
    assert claims["email"] == "kakari@kakari-demo.iam.gserviceaccount.com"


def test_a_delegated_call_acts_as_the_person(service):
    posted = (
        service("chat", "https://www.googleapis.com/auth/chat.messages", subject=ALICE.email)
        .spaces()
        .messages()
        .create(parent=PROJECTS_SPACE.name, body={"text": "お願いします"})
        .execute()
    )
    assert posted["sender"]["name"] == ALICE.name
