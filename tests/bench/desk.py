"""Measure 1: the front desk under load, beside Slack's Bolt that only enqueues."""

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import redis
import requests
from sqlalchemy import func, select

from bot.admission import THREADS
from kakari.demo.conversation import PAGES
from kakari.demo.stack import HOST, TEMPLATES, Stack
from ledger.bell import ENOUGH, QUEUE
from ledger.database import Ledger
from ledger.models import Job, OwedMessage
from tests.bench import bolt, load, slow, stages, templates
from tests.bench.asker import Asker, Request
from tests.bench.report import Row, median, ms, percentile

CONNECTIONS = 16
AT_MOST = 1500
"""Requests a second that are prepared; a round that used them all up would end early."""
RATIO, P99 = 1.2, 0.1
STRANGERS, SLOWER = 200, 2.0
OWN = "heat_treatment_shop"
"""A field of the demo project's last page that has another text in every request."""


@dataclass(frozen=True)
class Effort:
    rounds: int = 3
    seconds: float = 3.0
    threads: tuple[int, ...] = (1, 2, 8)
    """Other numbers of threads to look at, for fewer and shorter rounds."""


@dataclass
class Side:
    """One of the two servers, and what it has answered."""

    name: str
    port: int
    path: str
    answer: str
    """What every answer says, beside 200."""
    rates: list[float] = field(default_factory=list)
    took: list[list[float]] = field(default_factory=list)
    answered: int = 0

    def round(
        self,
        requests: Sequence[Request],
        folder: Path,
        seconds: float,
        connections: int = CONNECTIONS,
    ) -> None:
        """Put the server under load once."""
        file = folder / "requests"
        load.write([_wire(each, self.port, self.path) for each in requests], file)
        command = [sys.executable, "-m", "tests.bench.load"]
        arguments = [self.port, file, connections, seconds]
        done = subprocess.run(
            [*command, *map(str, arguments)], capture_output=True, check=True, timeout=seconds + 60
        )
        result = json.loads(done.stdout)
        wrong = {
            k: n for k, n in result["answers"].items() if self.answer not in k or k[:3] != "200"
        }
        assert not wrong, wrong
        self.rates.append(len(result["took"]) / result["seconds"])
        self.took.append(result["took"])
        self.answered += len(result["took"])

    @property
    def p50(self) -> float:
        return percentile([each for round_ in self.took for each in round_], 0.5)

    @property
    def worst_p99(self) -> float:
        return max(percentile(round_, 0.99) for round_ in self.took)

    def figures(self) -> dict[str, object]:
        return {
            "requests_a_second": self.rates,
            "p50_ms": self.p50 * 1000,
            "p99_ms": [percentile(each, 0.99) * 1000 for each in self.took],
            "answered": self.answered,
        }


def measure(folder: Path, effort: Effort) -> list[Row]:
    shapes = Path(shutil.copytree(TEMPLATES, folder / "desk-templates"))
    one_page = templates.bulk(shapes, files=1, size=1)
    stack = Stack(folder / "desk", templates=str(shapes), open_requests="100000")
    stack.furnish()
    stack.start_simulator()
    stack.start_valkey()
    stack.migrate()
    try:
        rows = _heavy(stack, effort) + _one_page(stack, effort, one_page) + _light(stack, effort)
        rows += _slow(stack, effort) + _stages(stack, effort)
        for threads in effort.threads:
            rows += _threads(stack, threads, effort)
        return rows
    finally:
        stack.stop()


def _heavy(stack: Stack, effort: Effort) -> list[Row]:
    with _servers(stack, THREADS) as (ours, theirs):
        _forms(stack, ours, theirs, effort.rounds, effort.seconds)
        lost = _lost(stack, ours, theirs)
    ratios = [a / b for a, b in zip(ours.rates, theirs.rates, strict=True)]
    spread = f"{min(ratios):.2f}–{max(ratios):.2f}"
    return [
        Row(
            "Front desk, a request accepted: times Bolt’s requests a second",
            f"{median(ratios):.2f} ({spread})",
            f"≥ {RATIO}",
            median(ratios) >= RATIO,
            {"ratios": ratios, "kakari": ours.figures(), "bolt": theirs.figures()},
        ),
        Row("  requests a second, Kakari / Bolt", _both(ours, theirs)),
        Row("  p50, Kakari / Bolt", f"{ms(ours.p50)} / {ms(theirs.p50)}"),
        Row(
            f"  p99 at {CONNECTIONS} connections, the worst round",
            f"{ms(ours.worst_p99)} / {ms(theirs.worst_p99)}",
            "< 100 ms",
            ours.worst_p99 < P99,
        ),
        Row("  accepted and not in the ledger, or doubled", str(lost), "0", lost == 0),
    ]


def _one_page(stack: Stack, effort: Effort, page: dict[str, str]) -> list[Row]:
    with _servers(stack, THREADS) as (ours, theirs):
        _forms(stack, ours, theirs, 2, effort.seconds / 2, pages=(page,), own="name")
    ratios = [a / b for a, b in zip(ours.rates, theirs.rates, strict=True)]
    return [
        Row(
            "  a form of one page instead of three",
            f"{median(ratios):.2f} × Bolt, {_both(ours, theirs)} a second",
            figures={"ratios": ratios, "kakari": ours.figures(), "bolt": theirs.figures()},
        )
    ]


def _slow(stack: Stack, effort: Effort) -> list[Row]:
    """Compare a good client's time beside slow strangers with its own alone, in turns."""
    asker = Asker(stack)
    with _servers(stack, THREADS) as (alone, _theirs):
        beside = Side(alone.name, alone.port, alone.path, alone.answer)
        original = asker.last_page(PAGES, OWN)
        count = int(AT_MOST * effort.seconds)
        for _ in range(effort.rounds):
            alone.round(asker.copies(original, count), stack.folder, effort.seconds, 1)
            with _strangers(stack, alone):
                beside.round(asker.copies(original, count), stack.folder, effort.seconds, 1)
    pairs = zip(beside.took, alone.took, strict=True)
    ratios = [percentile(a, 0.99) / percentile(b, 0.99) for a, b in pairs]
    return [
        Row(
            f"Front desk, p99 of one client beside {STRANGERS} slow unsigned ones, times alone",
            f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})",
            f"≤ {SLOWER:g}",
            median(ratios) <= SLOWER,
            {"ratios": ratios, "alone": alone.figures(), "beside": beside.figures()},
        ),
        Row(
            "  p50 and p99 of the worst round, beside them / alone",
            f"{ms(beside.p50)}, {ms(beside.worst_p99)} / {ms(alone.p50)}, {ms(alone.worst_p99)}",
        ),
    ]


@contextlib.contextmanager
def _strangers(stack: Stack, side: Side) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.bench.slow", str(side.port), side.path, str(STRANGERS)]
    stack.processes.start("strangers", command, stack.environment)
    try:
        time.sleep(slow.EVERY + 1)  # by then all have come
        assert stack.processes.running["strangers"].poll() is None
        yield
    finally:
        stack.processes.stop("strangers")


def _stages(stack: Stack, effort: Effort) -> list[Row]:
    """Say where the time of one request goes that comes alone."""
    with _servers(stack, THREADS):
        asker = Asker(stack)
        original = asker.last_page(PAGES, OWN)
    count = stages.WARM_UP + 50 * effort.rounds
    prepared = {
        "path": asker.path,
        "requests": [[each.headers, each.body.decode()] for each in asker.copies(original, count)],
    }
    file = stack.folder / "prepared.json"
    file.write_text(json.dumps(prepared))
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.stages", str(file)],
        env=stack.environment,
        capture_output=True,
        check=True,
        timeout=60,
    )
    took: dict[str, float] = json.loads(done.stdout)
    return [
        Row(
            "  one request alone, in process",
            ms(took["in all"], 2),
            figures={name: each * 1000 for name, each in took.items()},
        ),
        *(Row(f"    {name}", ms(each, 2)) for name, each in took.items() if name != "in all"),
    ]


def _light(stack: Stack, effort: Effort) -> list[Row]:
    asker = Asker(stack)
    with _servers(stack, THREADS, answer=("createMessageAction", "blocks")) as (ours, theirs):
        original = asker.help()
        count = int(AT_MOST * effort.seconds / 2)
        for _ in range(effort.rounds):
            theirs.round([bolt.command(n) for n in range(count)], stack.folder, effort.seconds / 2)
            ours.round(asker.copies(original, count), stack.folder, effort.seconds / 2)
    ratios = [a / b for a, b in zip(ours.rates, theirs.rates, strict=True)]
    return [
        Row(
            "Front desk, /help (answer kept in the ledger; Bolt keeps nothing)",
            f"{median(ratios):.2f} × Bolt, {_both(ours, theirs)} a second",
            figures={"ratios": ratios, "kakari": ours.figures(), "bolt": theirs.figures()},
        )
    ]


def _threads(stack: Stack, threads: int, effort: Effort) -> list[Row]:
    with _servers(stack, threads) as (ours, theirs):
        _forms(stack, ours, theirs, 2, effort.seconds / 2)
    return [
        Row(
            f"  with {threads} thread{'s' if threads > 1 else ''}: requests a second, p50, p99",
            f"{_both(ours, theirs)}, {ms(ours.p50)} / {ms(theirs.p50)}, "
            f"{ms(ours.worst_p99)} / {ms(theirs.worst_p99)}",
            figures={"kakari": ours.figures(), "bolt": theirs.figures()},
        )
    ]


def _forms(
    stack: Stack,
    ours: Side,
    theirs: Side,
    rounds: int,
    seconds: float,
    pages: Sequence[dict[str, str]] = PAGES,
    own: str = OWN,
) -> None:
    asker = Asker(stack)
    original = asker.last_page(pages, own)
    count = int(AT_MOST * seconds)
    for _ in range(rounds):
        theirs.round(
            [bolt.submission(original.event, n) for n in range(count)], stack.folder, seconds
        )
        ours.round(asker.copies(original, count), stack.folder, seconds)


@contextlib.contextmanager
def _servers(
    stack: Stack, threads: int, answer: tuple[str, str] = ("CLOSE_DIALOG", "clear")
) -> Iterator[tuple[Side, Side]]:
    """Run both servers with nothing in ledger or queues that a round before left there."""
    with closing(redis.Redis.from_url(stack.redis_url)) as connection:
        connection.flushdb()
    here = stack.settings.bot_port
    ours = Side("kakari", here, Asker(stack).path, answer[0])
    theirs = Side("bolt", here + 2000 if here < 60000 else here - 2000, bolt.PATH, answer[1])
    try:
        for side in (ours, theirs):
            command = [sys.executable, "-m", "tests.bench.serve", side.name]
            stack.processes.start(
                side.name, [*command, str(side.port), str(threads)], stack.environment
            )
        for side in (ours, theirs):
            stack.processes.wait_until(side.name, partial(_answers, side.port))
        yield ours, theirs
    finally:
        stack.processes.stop("kakari", "bolt")


def _lost(stack: Stack, ours: Side, theirs: Side) -> int:
    """Count what was accepted and is not there exactly once."""
    with closing(Ledger(stack.settings.database_url)) as ledger, ledger.read() as tx:
        jobs = tx.scalar(select(func.count()).select_from(Job)) or 0
        cards = tx.scalar(select(func.count()).select_from(OwedMessage)) or 0
    with closing(redis.Redis.from_url(stack.redis_url)) as connection:
        rings = connection.llen(f"rq:queue:{QUEUE}")
        enqueued = connection.llen(f"rq:queue:{bolt.QUEUE}")
    assert enqueued == theirs.answered, (enqueued, theirs.answered)
    # Nobody answers the bell here; once it rings often enough it is left alone.
    assert rings >= min(jobs, ENOUGH), rings
    return abs(jobs - ours.answered) + abs(cards - jobs)


def _wire(request: Request, port: int, path: str) -> bytes:
    headers = request.headers | {"Host": f"{HOST}:{port}", "Content-Length": str(len(request.body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + request.body


def _both(ours: Side, theirs: Side) -> str:
    return f"{median(ours.rates):,.0f} / {median(theirs.rates):,.0f}"


def _answers(port: int) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"http://{HOST}:{port}/healthz", timeout=5).ok
    return False
