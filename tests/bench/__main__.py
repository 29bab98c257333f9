"""`make bench`: measure, print a table, and with --json write the figures."""

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kakari import logs
from tests.bench import bulk, claim, desk, paper, sheet, tree
from tests.bench.report import Row, percentile, table

STATE = Path("var")
"""On a real disk, as the ledger is: in memory a durable commit would cost nothing."""


@dataclass(frozen=True)
class Measure:
    full: Callable[[Path], list[Row]]
    quick: Callable[[Path], list[Row]]


MEASURES = {
    "desk": Measure(
        lambda folder: desk.measure(folder, desk.Effort()),
        lambda folder: desk.measure(folder, desk.Effort(rounds=1, seconds=1, threads=())),
    ),
    "claim": Measure(
        lambda folder: claim.measure(folder, asks=20),
        lambda folder: claim.measure(folder, asks=5),
    ),
    "tree": Measure(
        lambda folder: tree.measure(folder, tree.Effort()),
        lambda folder: tree.measure(folder, tree.Effort(rounds=1, threads=("32",), slow=False)),
    ),
    "bulk": Measure(
        lambda folder: bulk.measure(folder, bulk.Effort()),
        lambda folder: bulk.measure(folder, bulk.Effort(rounds=1, files=20)),
    ),
    "sheet": Measure(
        lambda folder: sheet.measure(folder, sheet.Effort()),
        lambda folder: sheet.measure(folder, sheet.Effort(sizes=(100,), rounds=1)),
    ),
    "paper": Measure(
        lambda folder: paper.measure(folder, paper.Effort()),
        lambda folder: paper.measure(folder, paper.Effort(rounds=1, documents=20)),
    ),
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MEASURES)))
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures here.")
@click.option("--quick", is_flag=True, help="See that everything runs; the figures say little.")
def main(names: tuple[str, ...], file: Path | None, *, quick: bool) -> None:
    """Measure NAMES, or everything: desk, claim, tree, bulk, sheet, paper.

    docs/benchmarks.md says how.
    """
    logs.set_up("console", "bench")
    STATE.mkdir(exist_ok=True)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir=STATE, prefix="bench-") as made:
        folder = Path(made).absolute()
        machine = _machine(folder)
        click.echo("  ".join(f"{name}: {value}" for name, value in machine.items()))
        for name in names or MEASURES:
            began = time.monotonic()
            measure = MEASURES[name].quick if quick else MEASURES[name].full
            found = measure(folder)
            click.echo(f"\n{name} ({time.monotonic() - began:.0f} s)\n{table(found)}")
            rows += found
    if file is not None:
        result = {"machine": machine, "quick": quick, "rows": [row.to_json() for row in rows]}
        file.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    missed = sum(row.met is False for row in rows)
    click.echo(f"\n{missed} aims missed" if missed else "\nAll aims met")


def _machine(folder: Path) -> dict[str, Any]:
    """Say what the figures depend on, and how busy the machine was with other things."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "cores": len(os.sched_getaffinity(0)),
        "load before": round(os.getloadavg()[0], 2),
        "fsync p50 ms": round(_fsync(folder) * 1000, 2),
        "python": platform.python_version(),
        "system": f"{sys.platform} {platform.machine()}",
    }


def _fsync(folder: Path) -> float:
    """Return how long this disk takes to make 4 KB durable."""
    took = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(100):
            file.write(b"x" * 4096)
            began = time.perf_counter()
            os.fsync(file)
            took.append(time.perf_counter() - began)
    return percentile(took, 0.5)


if __name__ == "__main__":
    main()
