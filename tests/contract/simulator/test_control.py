"""The simulator's own controls."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
import requests
from googleapiclient.errors import HttpError

from simulator import office


@pytest.fixture
def control(simulator):
    def send(verb, path, body=None):
        return requests.request(verb, simulator.origin + "/_sim" + path, json=body, timeout=10)

    return send


def test_it_says_that_it_is_well(control):
    assert control("GET", "/health").json() == {"status": "ok"}


def test_the_chat_app_is_configured_bit_by_bit(control):
    command = {"id": 1, "name": "/project", "description": "案件", "opens_dialog": True}
    control("POST", "/app", {"endpoint_url": "http://127.0.0.1:1/events"})
    configured = control("POST", "/app", {"commands": [command]}).json()
    assert configured == control("GET", "/app").json()
    assert configured["endpoint_url"] == "http://127.0.0.1:1/events"
    assert configured["commands"] == [command | {"kind": "SLASH_COMMAND"}]
    assert (configured["wire"], configured["project_number"]) == ("addon", "123456789012")


def test_its_clock_can_be_another_than_this_machines(control):
    assert control("POST", "/clock", {"seconds_ahead": 3600}).json() == {"seconds_ahead": 3600}
    shown = parsedate_to_datetime(control("GET", "/health").headers["Date"])
    assert 3595 < (shown - datetime.now(UTC)).total_seconds() < 3605


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/app", {"colour": "red"}),
        ("/people", {"name": "users/1"}),
        ("/delay", {"seconds": "soon"}),
        ("/delay", {}),
        ("/clock", {"seconds_ahead": "soon"}),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(control, path, body):
    answer = control("POST", path, body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_the_quota_of_sheets_is_set_by_the_minute(control):
    answer = control("POST", "/quota", {"sheets_writes_per_minute": 30}).json()
    assert answer["sheets"] == {"reads_per_minute": None, "writes_per_minute": 30}


def test_people_and_spaces_can_be_added(control, chat):
    person = {"name": "users/9", "display_name": "Dana", "email": "dana@x.example", "locale": "en"}
    space = {"name": "spaces/NEW", "display_name": "新しい部屋", "members": ["users/9"]}
    assert control("POST", "/people", person).json() == person
    control("POST", "/spaces", space)
    assert chat.spaces().get(name="spaces/NEW").execute()["displayName"] == "新しい部屋"


def test_a_reset_forgets_what_was_done_and_keeps_who_is_there(
    control, simulator, messages, make_folder
):
    make_folder()
    messages.create(parent=office.PROJECTS_SPACE.name, body={"text": "x"}).execute()
    control("POST", "/reset")
    world = simulator.world
    assert world.chat.messages(office.PROJECTS_SPACE.name) == []
    assert world.drive.children(office.PROJECTS_FOLDER_ID) == []
    assert control("GET", "/calls").json() == []
    assert office.ALICE in world.chat.people()


def test_the_calls_can_be_read_and_forgotten(control, chat):
    control("DELETE", "/calls")
    chat.spaces().list().execute()
    (call,) = control("GET", "/calls").json()
    assert call["method"] == "chat.spaces.list"
    assert (call["status"], call["batch"]) == (200, False)
    assert call["subject"] == "kakari@kakari-demo.iam.gserviceaccount.com"
    assert call["ms"] > 0
    control("DELETE", "/calls")
    assert control("GET", "/calls").json() == []


def test_a_call_is_logged_with_what_it_made_also_if_that_was_there_before(control, messages):
    control("DELETE", "/calls")
    mine = messages.create(
        parent=office.PROJECTS_SPACE.name, body={"text": "x"}, messageId="client-x"
    )
    mine.execute()
    with pytest.raises(HttpError):
        mine.execute()
    logged = [(call["resource"], call["status"]) for call in control("GET", "/calls").json()]
    assert logged == [("client-x", 200), ("client-x", 409)]
