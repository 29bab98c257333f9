"""A ledger, a simulated spreadsheet that people edit, and a worker that brings them in step."""

from collections.abc import Iterator

import pytest
import stamina

from ledger.database import Ledger
from simulator.server import SimulatorServer
from tests.contract.schedule.office import Office, new_sheet
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
    monkeypatch.setattr(engine, "FIRST_PAUSE", 0.01)
    simulator.world.faults.set([])
    simulator.world.faults.delay = 0
    for what in ("Read", "Write"):
        simulator.world.sheets_calls.set(what, None)
    with stamina.set_testing(True, attempts=10, cap=True):
        yield
    simulator.world.faults.set([])


@pytest.fixture
def ledger(sqlite_ledger: Ledger) -> Ledger:
    """What is asked of the ledger here, its own tests try on both databases."""
    return sqlite_ledger


@pytest.fixture
def office(
    ledger: Ledger, clients: GoogleClients, simulator: SimulatorServer, valkey_url: str
) -> Office:
    return new_sheet(Office(ledger, clients, simulator, valkey_url))
