"""Starting, stopping, and what a restart remembers."""

import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
import requests

from simulator import office
from simulator.keys import Keys
from simulator.server import PortBusy, SimulatorServer


@contextmanager
def running(state_dir, **arguments):
    server = SimulatorServer()
    server.start(state_dir=state_dir, **arguments)
    try:
        yield server
    finally:
        server.stop()


def test_a_restart_finds_everything_where_it_was(tmp_path):
    with running(tmp_path) as first:
        world = first.world
        posted = world.chat.post(office.PROJECTS_SPACE.name, {"text": "残る"}, office.ALICE.user())
        world.chat.remember_request("r1", office.ALICE.name, posted["name"])
        parent = world.drive.file(office.PROJECTS_FOLDER_ID)
        details = world.drive.content("図面".encode())
        kept = world.drive.add(
            "a.txt", "text/plain", parent, office.ALICE.email, file_id="1a", **details
        )
        gone = world.drive.add("b", "text/plain", parent, office.ALICE.email, file_id="1b")
        world.drive.remove(gone)
        reserved = world.drive.ids.mint("somebody")
        world.app = type(world.app)(endpoint_url="http://127.0.0.1:1/")
        kid = world.keys.google.key_id
    with running(tmp_path) as second:
        world = second.world
        assert world.chat.messages(office.PROJECTS_SPACE.name) == [posted]
        assert world.chat.has_thread(posted["thread"]["name"])
        assert world.chat.request("r1")["message"] == posted["name"]
        assert world.drive.file("1a") == kept
        assert world.drive.blobs.get(kept.sha256).decode() == "図面"
        assert world.drive.is_used("1b")
        assert world.drive.ids.is_genuine(reserved, "somebody")
        assert world.app.endpoint_url == "http://127.0.0.1:1/"
        assert world.keys.google.key_id == kid
        assert [person.name for person in world.chat.people()].count(office.ALICE.name) == 1


def test_changes_are_written_while_it_runs(tmp_path):
    with running(tmp_path) as server:
        written = tmp_path / "world.json"
        server.world.chat.post(office.PROJECTS_SPACE.name, {"text": "durable"}, office.ALICE.user())
        server.world._touched.set()
        for _ in range(200):
            if written.exists() and "durable" in written.read_text():
                break
            server.world._stopping.wait(0.02)
        assert "durable" in written.read_text()


def test_what_is_secret_is_for_its_owner_only(tmp_path):
    with running(tmp_path) as server:
        key = tmp_path / "keys" / "service-account.json"
        server.world.keys.write_service_account_key(key, server.origin)
    for path in [key, *tmp_path.glob("*.pem"), tmp_path / "world.json"]:
        assert path.stat().st_mode & 0o777 == 0o600


def test_the_key_file_is_one_google_would_hand_out(tmp_path):
    key = tmp_path / "key.json"
    Keys().write_service_account_key(key, "http://127.0.0.1:9000")
    account = json.loads(key.read_text())
    assert account["type"] == "service_account"
    assert account["client_email"] == "kakari@kakari-demo.iam.gserviceaccount.com"
    assert account["project_id"] == "kakari-demo"
    assert account["token_uri"] == "http://127.0.0.1:9000/token"


def test_a_busy_port_is_named_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortBusy, match=str(port)):
            SimulatorServer().start(port, state_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_stopping_ends_connections_that_are_kept_open():
    server = SimulatorServer()
    origin = server.start()
    with requests.Session() as session:
        assert session.get(origin + "/_sim/health").status_code == 200
        server.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(origin + "/_sim/health")


def test_the_discovery_documents_name_the_host_they_were_asked_at(simulator):
    url = simulator.origin + "/discovery/v1/apis/drive/v3/rest"
    document = requests.get(url, headers={"Host": "simulator:8085"}, timeout=10).json()
    assert document["rootUrl"] == "http://simulator:8085/"
    assert document["batchPath"] == "batch/drive/v3"
    missing = simulator.origin + "/discovery/v1/apis/drive/v2/rest"
    assert requests.get(missing, timeout=10).status_code == 404


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_the_foreground_it_says_where_it_is_and_stops_at_a_signal(tmp_path, number):
    key = tmp_path / "key.json"
    program = (
        "import sys; from pathlib import Path; from simulator.server import serve;"
        "serve('127.0.0.1', 0, Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", program, str(key), str(tmp_path / "state")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        origin = process.stdout.readline().split()[-1]
        assert str(key) in process.stdout.readline()
        assert json.loads(key.read_text())["token_uri"] == origin + "/token"
        assert requests.get(origin + "/_sim/health", timeout=10).json() == {"status": "ok"}
        process.send_signal(number)
        assert process.wait(10) == 0
    assert (tmp_path / "state" / "world.json").exists()
