from pathlib import Path

import pytest
import stamina

from simulator.server import SimulatorServer
from workspace.clients import GoogleClients
from workspace.drive import Drive
from workspace.origins import Origins
from workspace.quota import Quota


@pytest.fixture(scope="session")
def simulator():
    server = SimulatorServer()
    server.start(port=0)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def key_file(simulator, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("key") / "key.json"
    simulator.world.keys.write_service_account_key(path, simulator.origin)
    return path


@pytest.fixture(autouse=True)
def retries_do_not_wait():
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture(autouse=True)
def world(simulator):
    """Return what the simulator knows, without what earlier tests switched on."""
    simulator.world.faults.set([])
    simulator.world.drive_writes.set(None)
    simulator.world.chat_writes.set(None)
    simulator.world.calls.clear()
    return simulator.world


@pytest.fixture(scope="session")
def lasting_clients(simulator, key_file):
    """One for the whole run: to check its key and to build what it calls takes a while."""
    clients = GoogleClients(Origins.simulator(simulator.origin), key_file)
    yield clients
    clients.close()


@pytest.fixture
def clients(lasting_clients, world):
    return lasting_clients


@pytest.fixture
def drive(clients):
    return Drive(clients, Quota())
