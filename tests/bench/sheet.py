"""Measure 5: a schedule sheet of which one row in a hundred has changed."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import gspread

from ledger import projects, schema
from ledger.database import Ledger
from simulator.office import PROJECTS_SPACE
from simulator.server import SimulatorServer
from tests.bench.report import Row, median
from tests.contract.schedule.office import Office, new_sheet
from tests.valkey_server import valkey_server
from workspace.clients import GoogleClients
from workspace.origins import Origins

TRIP = 0.1
"""Seconds put into every answer of the simulated Google."""
CHANGED = 100
"""One row in so many."""
CALLS = 4


@dataclass(frozen=True)
class Effort:
    sizes: tuple[int, ...] = (100, 1_000, 10_000)
    rounds: int = 3


@dataclass(frozen=True)
class Sync:
    """One sync: how long it took, its calls, and the CPU time of reading and merging."""

    seconds: float
    calls: int
    cpu: float


def measure(folder: Path, effort: Effort) -> list[Row]:
    rows, per_row = [], {}
    for size in effort.sizes:
        with _office(folder / f"sheet-{size}") as office:
            _fill(office, size)
            syncs = [_sync(office, size, number) for number in range(effort.rounds)]
            plain = _plain(office, size)
        seconds = median([sync.seconds for sync in syncs])
        calls = max(sync.calls for sync in syncs)
        per_row[size] = median([sync.cpu for sync in syncs]) / size
        changed = max(size // CHANGED, 1)
        rows += [
            Row(
                f"{size:,} rows, {changed} changed: calls to Sheets",
                str(calls),
                f"≤ {CALLS}",
                calls <= CALLS,
                {"syncs": [vars(sync) for sync in syncs]},
            ),
            Row(
                "  the sync, against a call for each changed row (plain gspread)",
                f"{seconds:.2f} s / {plain:.2f} s = {seconds / plain:.2f}",
                figures={"plain": plain},
            ),
            Row(
                "  CPU of a worker to read and merge, per row",
                f"{per_row[size] * 1e6:.0f} µs",
            ),
        ]
    few, many = min(per_row), max(per_row)
    if few != many:
        grown = per_row[many] / per_row[1_000 if 1_000 in per_row else few]
        rows.append(
            Row(
                f"CPU per row, {many:,} rows against 1,000",
                f"{grown:.2f} times",
                "≤ 1.5",
                grown <= 1.5,
                {"per_row": per_row},
            )
        )
    return rows


@contextmanager
def _office(folder: Path) -> Iterator[Office]:
    folder.mkdir()
    with ExitStack() as stack:
        valkey = stack.enter_context(valkey_server())
        simulator = SimulatorServer()
        simulator.start()
        stack.callback(simulator.stop)
        key = folder / "key.json"
        simulator.world.keys.write_service_account_key(key, simulator.origin)
        clients = stack.enter_context(
            closing(GoogleClients(Origins.simulator(simulator.origin), key))
        )
        ledger = stack.enter_context(closing(Ledger(f"sqlite:///{folder / 'ledger.db'}")))
        schema.upgrade(ledger)
        for what in ("Read", "Write"):  # the plain way would wait for most of its time
            simulator.world.sheets_calls.set(what, None)
        yield new_sheet(Office(ledger, clients, simulator, valkey.connection_url))


def _fill(office: Office, size: int) -> None:
    with office.ledger.write() as tx:
        for number in range(size):
            projects.add(
                tx,
                f"P-{number:05}",
                None,
                PROJECTS_SPACE.name,
                {
                    "customer": f"客先{number % 50}",
                    "name": f"金型 {number}",
                    "due": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}",
                    "person": f"担当{number % 9}",
                    "amount": str(number * 100),
                },
            )
    assert office.sync().state == "done"
    assert len(office.cells()) == size + 1


def _sync(office: Office, size: int, number: int) -> Sync:
    for each in range(0, size, CHANGED):
        office.change(f"P-{each:05}", state=f"状態{number}")
    office.ask()
    office.calls()
    stop = threading.Event()
    runner = office.runner(stop)
    with _far_away(office):
        began, cpu = time.perf_counter(), time.thread_time()
        assert runner.run_one(stop)  # looks and plans, in this thread
        cpu = time.thread_time() - cpu
        assert runner.run_one(stop)
        seconds = time.perf_counter() - began
    calls = len(office.calls())
    assert next(iter(office.rows().values()))[5] == f"状態{number}"
    return Sync(seconds, calls, cpu)


def _plain(office: Office, size: int) -> float:
    """Do the same as most do it: read all, then a call for each row that has changed."""
    client = gspread.Client(auth=None, session=object(), http_client=lambda *_: office.people)
    worksheet = client.open_by_key(office.spreadsheet).sheet1
    with _far_away(office):
        began = time.perf_counter()
        worksheet.get_all_values()
        for each in range(0, size, CHANGED):
            worksheet.update([["済"]], f"G{each + 2}")
        return time.perf_counter() - began


@contextmanager
def _far_away(office: Office) -> Iterator[None]:
    office.simulator.world.faults.delay = TRIP
    try:
        yield
    finally:
        office.simulator.world.faults.delay = 0
