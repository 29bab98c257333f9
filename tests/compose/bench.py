"""`make bench-compose`: forty jobs of which most is waiting, with 1, 2, 4 and 8 worker containers."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click
import psutil
import redis
from rq import Worker
from sqlalchemy import func, select

from ledger.models import EffectRow
from tests.bench.report import Row, median, percentile, table
from tests.compose.docker import ROOT, docker
from tests.compose.installation import Installation, secret

JOBS = 40
NUMBERS = (1, 2, 4, 8)
SLOW = 0.5
"""Seconds that Google takes for every answer."""
ALONE = 5
"""Jobs that go one at a time, for the ideal."""
PSS_MB, IMAGE_MB, BUILD_SECONDS = 60, 400, 20


@click.command()
def main() -> None:
    """Measure, and print a table. docs/benchmarks.md says how."""
    with tempfile.TemporaryDirectory(prefix="kakari-bench-") as folder:
        installation = Installation(Path(folder), "kakari-bench")
        installation.furnish()
        installation.compose.remove()
        try:
            installation.compose("build")
            installation.up()
            installation.compose.ended("demo")
            rows = [*_spread(installation), *_image(installation)]
        finally:
            installation.stop()
    click.echo(table(rows))


def _spread(installation: Installation) -> Iterator[Row]:
    _workers(installation, 1)
    alone = median([_makespan(installation, 1) for _ in range(ALONE)])
    yield Row(f"one job alone, {SLOW:g} s for each of Google's answers", f"{alone:.2f} s")
    for number in NUMBERS:
        _workers(installation, number)
        took, ideal = _makespan(installation, JOBS), JOBS * alone / number
        shown = f"{took:.1f} s, ideal {ideal:.1f} s: {took / ideal:.2f} times"
        yield Row(f"{JOBS} jobs, {number} workers", shown)
    pss = [_pss(each["State"]["Pid"]) for each in installation.compose.containers("worker")]
    yield Row(
        "PSS of a worker, after work",
        f"{median(pss):.0f} MB ({min(pss):.0f}–{max(pss):.0f})",
        f"{PSS_MB} MB",
        max(pss) <= PSS_MB,
    )
    starts = _starts(installation)
    yield Row(
        f"start → listens, {len(starts)} workers at once",
        f"{median(starts):.1f} s (the last {percentile(starts, 1):.1f} s)",
    )
    _workers(installation, 0)
    _workers(installation, 1)
    yield Row("start → listens, one worker", f"{_starts(installation)[0]:.1f} s")


def _workers(installation: Installation, number: int) -> None:
    installation.compose("up", "--detach", "--no-deps", f"--scale=worker={number}", "worker")
    installation.until(lambda: len(_births(installation)) == number, f"{number} workers")


def _makespan(installation: Installation, jobs: int) -> float:
    """Return the seconds from the moment that workers find the jobs to the last outcome."""
    rooms = installation.planned(jobs)
    installation.compose("pause", "worker")
    installation.apply_all(rooms)
    installation.slow(SLOW)
    began = time.time()
    installation.compose("unpause", "worker")
    for job in rooms:
        installation.await_end(job)
    installation.slow(0)
    with installation.ledger.read() as tx:
        last = tx.scalar(select(func.max(EffectRow.settled_at)).where(EffectRow.job_id.in_(rooms)))
    assert last is not None
    return last.timestamp() - began


def _pss(init: int) -> float:
    """Return the megabytes of all processes of a container, shared pages by their share."""
    processes = [psutil.Process(init), *psutil.Process(init).children(recursive=True)]
    return sum(process.memory_full_info().pss for process in processes) / 1e6


def _births(installation: Installation) -> dict[str, datetime]:
    """Return since when each worker listens, by its container's id."""
    address = installation.compose.address("redis")
    with closing(redis.Redis(address, password=secret("kakari_redis_password"))) as connection:
        workers = Worker.all(connection=connection)
        hosts = {worker.hostname: worker.birth_date for worker in workers if worker.birth_date}
    alive = {each["Config"]["Hostname"] for each in installation.compose.containers("worker")}
    return {host: birth for host, birth in hosts.items() if host in alive}


def _starts(installation: Installation) -> list[float]:
    births = _births(installation)
    return [
        (
            births[each["Config"]["Hostname"]] - datetime.fromisoformat(each["State"]["StartedAt"])
        ).total_seconds()
        for each in installation.compose.containers("worker")
    ]


def _image(installation: Installation) -> Iterator[Row]:
    tag = f"kakari:{installation.compose.name}"
    size = int(docker("image", "inspect", "--format={{.Size}}", tag)) / 1e6
    yield Row("the image", f"{size:.0f} MB", f"< {IMAGE_MB} MB", size < IMAGE_MB)
    with tempfile.TemporaryDirectory(prefix="kakari-build-") as folder:
        source = Path(folder)
        for name in _tracked():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
        docker("build", "--quiet", "--tag", tag, folder)
        with (source / "kakari" / "cli.py").open("a") as file:
            file.write(f"# {time.time()}\n")
        began = time.monotonic()
        docker("build", "--quiet", "--tag", tag, folder)
        took = time.monotonic() - began
    yield Row(
        "a build after a change of the code",
        f"{took:.1f} s",
        f"< {BUILD_SECONDS} s",
        took < BUILD_SECONDS,
    )


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [name for name in listed.splitlines() if (ROOT / name).is_file()]


if __name__ == "__main__":
    main()
