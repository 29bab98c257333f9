"""Measure 3: a project of 40 folders and 60 files, counted in round trips to Google."""

import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cards.job_card import APPLY
from kakari.bootstrap import origins_of
from simulator.office import PROJECTS_FOLDER_ID
from tests.bench import templates
from tests.bench.office import Office
from tests.bench.report import Row, median
from workspace.clients import GoogleClients
from workspace.drive import Drive
from workspace.drive_file import NewFile, NewFolder
from workspace.quota import Quota

TRIP = 0.1
"""Seconds put into every answer of the simulated Google."""
AIM = 9.0
FOLDERS, FILES = 40, 60


@dataclass(frozen=True)
class Effort:
    rounds: int = 2
    threads: tuple[str, ...] = ("16", "24", "32")
    slow: bool = True
    """Also what takes half a minute: Drive's sustained rate alone, and one call after another."""


def measure(folder: Path, effort: Effort) -> list[Row]:
    shapes = folder / "tree-templates"
    page = templates.tree(shapes)
    trips: dict[str, list[float]] = {threads: [] for threads in effort.threads}
    with Office(folder / "tree", templates=str(shapes)).open() as office:
        for _ in range(effort.rounds):
            for threads, measured in trips.items():
                with office.workers(1, bench_threads=threads):
                    measured.append(_apply(office, page) / TRIP)
        rows = _rows(trips)
        if effort.slow:
            rows.append(_one_by_one(office))
            with office.workers(1, drive_writes_burst="3"):
                seconds = _apply(office, page)
            rows.append(
                Row(
                    "  at Drive’s 3 writes a second from the start (burst 3): the quota is the limit",
                    f"{seconds:.1f} s, {(FOLDERS + FILES) / seconds:.2f} writes a second",
                    figures={"seconds": seconds},
                )
            )
    return rows


def _rows(trips: dict[str, list[float]]) -> list[Row]:
    default = "32" if "32" in trips else next(iter(trips))
    measured = trips[default]
    first = Row(
        f"Tap → last outcome, {FOLDERS} folders + {FILES} files, in round trips of 100 ms",
        f"{median(measured):.1f} ({min(measured):.1f}–{max(measured):.1f})",
        f"≤ {AIM:.0f}",
        median(measured) <= AIM,
        {"threads": trips},
    )
    others = [
        Row(f"  with {threads} threads", f"{median(m):.1f} ({min(m):.1f}–{max(m):.1f})")
        for threads, m in trips.items()
        if threads != default
    ]
    return [first, *others]


def _apply(office: Office, page: dict[str, str]) -> float:
    """Ask for the project and tap Apply; return the seconds until its last effect is settled."""
    office.refill()
    job, card = office.ask(page)
    office.refill()
    time.sleep(1.5)  # the card's write is over, and the space may take another one
    office.stack.control("delay", {"seconds": TRIP})
    try:
        tapped = time.time()
        office.alice.tap(card, APPLY.ja)
        office.await_ends(job)
    finally:
        office.stack.control("delay", {"seconds": 0})
    return office.last_outcome(job) - tapped


def _one_by_one(office: Office) -> Row:
    """Make as many folders and files through the same port, one call after another."""
    office.refill()
    clients = GoogleClients(
        origins_of(office.stack.settings), office.stack.settings.google_key_file
    )
    with closing(clients):
        clients.preload()
        drive = Drive(clients, Quota())
        ids = drive.new_ids(FOLDERS + FILES)
        office.stack.control("delay", {"seconds": TRIP})
        began = time.perf_counter()
        try:
            parent = PROJECTS_FOLDER_ID
            for number, each in enumerate(ids[:FOLDERS]):
                drive.create_folders([NewFolder(each, f"f{number}", parent, "bench")])
                parent = ids[0]
            for number, each in enumerate(ids[FOLDERS:]):
                content = templates.TEXT.encode()
                drive.create_file(
                    NewFile(each, f"{number}.txt", parent, "bench", "text/plain", content)
                )
            seconds = time.perf_counter() - began
        finally:
            office.stack.control("delay", {"seconds": 0})
    return Row(
        "  one call after another, through the same ports",
        f"{seconds / TRIP:.1f}",
        figures={"seconds": seconds},
    )
