import socket
import threading
from contextlib import closing

import pytest

from errors.google import DriveRefused, KeyRefused
from simulator.faults import Fault
from workspace.caller import Caller
from workspace.calls import Calls, Sort
from workspace.clients import GoogleClients
from workspace.drive import Drive
from workspace.origins import Origins
from workspace.quota import Quota


@pytest.fixture
def clients(simulator, key_file, world):
    """Of a process that has just started."""
    clients = GoogleClients(Origins.simulator(simulator.origin), key_file)
    yield clients
    clients.close()


def test_no_host_but_the_simulator_is_ever_asked_for(simulator, key_file, monkeypatch):
    asked = []
    really = socket.getaddrinfo

    def getaddrinfo(host, *args, **kwargs):
        asked.append(host)
        return really(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with closing(GoogleClients(Origins.simulator(simulator.origin), key_file)) as clients:
        clients.preload()
        Drive(clients, Quota()).new_ids(1)
    for thread in threading.enumerate():
        # google-auth would ask from a thread of its own.
        if thread.daemon and thread is not threading.current_thread():
            thread.join(0.1)

    assert set(asked) == {"127.0.0.1"}


def test_threads_that_start_together_fetch_one_token(clients, world):
    drive = Drive(clients, Quota())
    before = len(world.tokens._grants)

    together(8, lambda: drive.new_ids(1))

    assert len(world.tokens._grants) == before + 1


def test_the_next_jobs_threads_find_the_connections_open(clients):
    drive = Drive(clients, Quota())
    together(4, lambda: drive.new_ids(1))
    open_now = len(clients._idle)

    together(4, lambda: drive.new_ids(1))

    assert len(clients._idle) <= max(open_now, 4)
    assert open_now <= 4


def test_answers_never_cross_between_threads(clients):
    drive = Drive(clients, Quota())
    ids = []

    together(8, lambda: [ids.extend(drive.new_ids(3)) for _ in range(10)])

    assert len(set(ids)) == 8 * 10 * 3


def test_a_token_that_google_no_longer_takes_is_fetched_again(clients, world):
    drive = Drive(clients, Quota())
    drive.new_ids(1)
    world.faults.set([Fault("drive.files.generateIds", "expired-token", times=1)])

    assert len(drive.new_ids(1)) == 1


def test_a_key_that_google_refuses_is_known_before_the_first_job(simulator, key_file, tmp_path):
    stolen = tmp_path / "key.json"
    stolen.write_text(key_file.read_text().replace("kakari@", "someone-else@"))

    with pytest.raises(KeyRefused):
        GoogleClients(Origins.simulator(simulator.origin), stolen).preload()


def test_that_google_is_away_is_no_reason_not_to_start(clients):
    clients.preload()  # builds the clients, for which a simulator must be there
    gone = clients._credentials
    gone._token_uri = "http://127.0.0.1:9/token"
    gone.token = None

    clients.preload()


def test_what_forbids_the_call_keeps_it_from_being_sent(clients, world):
    class LeaseGone(Exception):
        pass

    def forbid(seconds):
        raise LeaseGone

    calls = Calls(clients, Caller(before_send=forbid), refused=DriveRefused)
    with pytest.raises(LeaseGone):
        calls.send(clients.drive_files.generateIds(count=1), Sort.READ, seconds=5)
    assert world.calls.to_json() == []


def together(threads, work):
    running = [threading.Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
