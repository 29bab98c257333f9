"""A ledger, a simulated spreadsheet that people edit, and a worker that brings them in step."""

import pytest

from ledger.database import Ledger
from simulator.server import SimulatorServer
from tests.contract.google import calm, clients, simulator
from tests.contract.schedule.office import Office, new_sheet
from workspace.clients import GoogleClients

__all__ = ["calm", "clients", "simulator"]


@pytest.fixture
def ledger(sqlite_ledger: Ledger) -> Ledger:
    """What is asked of the ledger here, its own tests try on both databases."""
    return sqlite_ledger


@pytest.fixture
def office(
    ledger: Ledger, clients: GoogleClients, simulator: SimulatorServer, valkey_url: str
) -> Office:
    return new_sheet(Office(ledger, clients, simulator, valkey_url))
