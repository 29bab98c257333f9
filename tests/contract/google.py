"""The simulated Google, and Kakari's own clients for it; a folder's ``conftest`` takes what it needs."""

from collections.abc import Iterator

import pytest
import stamina

from simulator.server import SimulatorServer
from worker import engine
from workspace.clients import GoogleClients
from workspace.origins import Origins


@pytest.fixture(scope="session")
def simulator() -> Iterator[SimulatorServer]:
    server = SimulatorServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def clients(
    simulator: SimulatorServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GoogleClients]:
    key = tmp_path_factory.mktemp("key") / "key.json"
    simulator.world.keys.write_service_account_key(key, simulator.origin)
    clients = GoogleClients(Origins.simulator(simulator.origin), key)
    yield clients
    clients.close()


@pytest.fixture(autouse=True)
def calm(simulator: SimulatorServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No faults, no delay and no quota of Sheets, and no long waits between retries."""
    monkeypatch.setattr(engine, "FIRST_PAUSE", 0.01)
    simulator.world.faults.set([])
    simulator.world.faults.delay = 0
    simulator.world.calls.clear()
    for what in ("Read", "Write"):
        simulator.world.sheets_calls.set(what, None)
    with stamina.set_testing(True, attempts=10, cap=True):
        yield
    simulator.world.faults.set([])
