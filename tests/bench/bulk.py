"""Measure 4: three jobs of a hundred files of 1 MB onto a disk, with one worker and with three."""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from cards.job_card import APPLY
from tests.bench import templates
from tests.bench.office import Office
from tests.bench.report import Row, median

JOBS = 3
AIM = 2.5


@dataclass(frozen=True)
class Effort:
    rounds: int = 2
    files: int = 100
    size: int = 1024 * 1024


def measure(folder: Path, effort: Effort) -> list[Row]:
    shapes, place = folder / "bulk-templates", folder / "place"
    page = templates.bulk(shapes, effort.files, effort.size)
    place.mkdir()
    spans: dict[int, list[float]] = {1: [], JOBS: []}
    where = {"templates": str(shapes), "project_place": f"disk:{place.absolute()}"}
    with Office(folder / "bulk", **where).open() as office:
        for _ in range(effort.rounds):
            for workers, measured in spans.items():
                with office.workers(workers):
                    measured.append(_makespan(office, page))
                for project in place.iterdir():
                    shutil.rmtree(project)
    ratios = [one / three for one, three in zip(spans[1], spans[JOBS], strict=True)]
    cores = len(os.sched_getaffinity(0))
    return [
        Row(
            f"{JOBS} jobs of {effort.files} files of 1 MB: 3 workers, times as fast as 1",
            f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})",
            f"≥ {AIM} with 3 cores",
            median(ratios) >= AIM,
            {"ratios": ratios, "seconds": {str(k): v for k, v in spans.items()}, "cores": cores},
        ),
        Row(
            f"  tap → last outcome of all, 1 / 3 workers, on {cores} cores",
            f"{median(spans[1]):.2f} s / {median(spans[JOBS]):.2f} s",
        ),
    ]


def _makespan(office: Office, page: dict[str, str]) -> float:
    """Have three plans approved at once; return the seconds until the last file is there."""
    asked = [office.ask(page) for _ in range(JOBS)]
    began = time.time()
    for _, card in asked:
        office.alice.tap(card, APPLY.ja)
    jobs = [job for job, _ in asked]
    office.await_ends(*jobs)
    return office.last_outcome(*jobs) - began
