"""What goes wrong on purpose, and how much of it."""

import http.client
import time

import pytest
import requests
from googleapiclient.errors import HttpError

from simulator.faults import Fault, Faults
from simulator.office import PROJECTS_FOLDER_ID, PROJECTS_SPACE
from simulator.quota import Quota

SPACES = "/v1/spaces"


@pytest.fixture
def control(simulator):
    def post(path, body):
        return requests.post(simulator.origin + "/_sim" + path, json=body, timeout=10)

    return post


def test_every_answer_of_googles_comes_later_by_the_delay(control, session, simulator):
    control("/delay", {"seconds": 0.05})
    started = time.perf_counter()
    session.get(simulator.origin + SPACES)
    assert time.perf_counter() - started >= 0.05
    assert control("/delay", {"seconds": 0}).json() == {"seconds": 0}


@pytest.mark.parametrize(
    ("kind", "code"),
    [("429", 429), ("403", 403), ("no-permission", 403), ("500", 500), ("503", 503)],
)
def test_a_fault_strikes_its_method_as_often_as_it_says(control, session, simulator, kind, code):
    control("/faults", {"faults": [{"method": "chat.spaces.list", "kind": kind, "times": 2}]})
    answers = [session.get(simulator.origin + SPACES).status_code for _ in range(3)]
    assert answers == [code, code, 200]


def test_a_fault_may_name_a_family_of_methods(control, session, simulator):
    control("/faults", {"faults": [{"method": "drive.*", "kind": "503"}]})
    assert session.get(simulator.origin + "/drive/v3/files").status_code == 503
    assert session.get(simulator.origin + SPACES).status_code == 200


def test_a_fault_of_probability_zero_never_strikes():
    faults = Faults()
    faults.set([Fault("*", "500", probability=0.0)])
    assert faults.strike("drive.files.get") is None


def test_an_unknown_fault_is_refused(control):
    answer = control("/faults", {"faults": [{"method": "*", "kind": "rain"}]})
    assert answer.status_code == 400
    assert "apply-then-drop" in answer.json()["error"]["message"]


@pytest.mark.parametrize(("kind", "made"), [("drop-before-apply", 0), ("apply-then-drop", 1)])
def test_a_dropped_connection_gives_no_answer_whether_or_not_it_was_applied(
    control, session, simulator, kind, made
):
    control("/faults", {"faults": [{"method": "chat.*", "kind": kind, "times": 1}]})
    url = f"{simulator.origin}/v1/{PROJECTS_SPACE.name}/messages"
    with pytest.raises(requests.ConnectionError):
        session.post(url, json={"text": "x"})
    assert len(simulator.world.chat.messages(PROJECTS_SPACE.name)) == made
    assert simulator.world.calls.to_json()[-1]["status"] == 0


def test_googles_client_sends_a_dropped_post_again_by_itself(control, simulator, messages):
    """The reason why every create needs an identity of its own."""
    messages.create(parent=PROJECTS_SPACE.name, body={"text": "first"}).execute()
    fault = {"method": "chat.spaces.messages.create", "kind": "apply-then-drop", "times": 1}
    control("/faults", {"faults": [fault]})
    messages.create(parent=PROJECTS_SPACE.name, body={"text": "doubled"}).execute(num_retries=0)
    texts = [message["text"] for message in simulator.world.chat.messages(PROJECTS_SPACE.name)]
    assert texts == ["first", "doubled", "doubled"]


def test_a_slow_method_takes_its_time(control, session, simulator):
    fault = {"method": "chat.spaces.list", "kind": "slow", "seconds": 0.05}
    control("/faults", {"faults": [fault]})
    started = time.perf_counter()
    assert session.get(simulator.origin + SPACES).status_code == 200
    assert time.perf_counter() - started >= 0.05


def test_drive_writes_have_a_quota_that_is_off_unless_switched_on(control, drive):
    body = {"name": "x", "parents": [PROJECTS_FOLDER_ID]}
    create = drive.files().create(body=body, supportsAllDrives=True)
    for _ in range(3):
        create.execute()
    control("/quota", {"drive_writes_per_second": 0.001, "burst": 2})
    create.execute()
    create.execute()
    with pytest.raises(HttpError) as caught:
        create.execute()
    assert caught.value.status_code == 403
    assert caught.value.error_details[0]["reason"] == "userRateLimitExceeded"


def test_the_quota_of_a_space_can_be_switched_off(control, messages):
    control("/quota", {"chat_writes_per_second": 0.001})
    create = messages.create(parent=PROJECTS_SPACE.name, body={"text": "x"})
    create.execute()
    with pytest.raises(HttpError):
        create.execute()
    control("/quota", {"chat_writes_per_second": None})
    create.execute()


def test_a_bucket_fills_at_its_rate_up_to_its_size():
    now = 0.0
    quota = Quota(2, burst=3, clock=lambda: now)
    assert [quota.take("a") for _ in range(4)] == [True, True, True, False]
    assert quota.take("b")
    now = 0.5
    assert [quota.take("a") for _ in range(2)] == [True, False]
    now = 100.0
    assert [quota.take("a") for _ in range(4)] == [True, True, True, False]


def test_a_connection_stays_open_over_many_requests(simulator):
    connection = http.client.HTTPConnection(simulator.origin.removeprefix("http://"))
    connection.request("POST", "/token", b"grant_type=nothing")
    socket = connection.sock
    assert connection.getresponse().read()
    for _ in range(3):
        connection.request("POST", "/v1/spaces/x/messages", b"a body that nobody reads")
        assert connection.getresponse().read()
        assert connection.sock is socket
    connection.close()
