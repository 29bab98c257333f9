"""Measure 2: from the moment a request is sent until a worker has it."""

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from kakari.demo.conversation import PAGES
from ledger.models import Job, JobState
from tests.bench.asker import Asker
from tests.bench.desk import OWN
from tests.bench.office import POLL, Office
from tests.bench.report import Row, ms, percentile
from tests.bench.worker import ANSWERED

WARM_UP = 3
AIM = 0.015


def measure(folder: Path, asks: int) -> list[Row]:
    with Office(folder / "claim").open() as office, office.workers(2):
        asker = Asker(office.stack)
        original = asker.last_page(PAGES, OWN)
        sent: list[float] = []
        answered: list[float] = []
        for request in asker.copies(original, WARM_UP + asks):
            sent.append(time.time())
            asker.post(request)
            answered.append(time.time())
            _await_rest(office, len(sent))
        popped = sorted(map(_moment, office.logged(ANSWERED)))
        claimed = sorted(map(_moment, office.logged("job.claimed")))
    assert len(sent) == len(popped) == len(claimed), (len(sent), len(popped), len(claimed))
    spans = {
        "asked → claimed": _between(sent, claimed),
        "asked → answered": _between(sent, answered),
        "asked → a worker begins to answer the bell": _between(sent, popped),
        "that → the claim is committed": _between(popped, claimed),
    }
    p50 = percentile(spans["asked → claimed"], 0.5)
    return [
        Row(
            f"Asked → claimed by a worker, p50 of {asks}",
            f"{ms(p50)} (p90 {ms(percentile(spans['asked → claimed'], 0.9))})",
            "≤ 15 ms",
            p50 <= AIM,
            {name: [each * 1000 for each in span] for name, span in spans.items()},
        ),
        *(
            Row(f"  {name}", f"{ms(percentile(span, 0.5))}")
            for name, span in list(spans.items())[1:]
        ),
    ]


def _await_rest(office: Office, asked: int) -> None:
    """Wait until everything asked for is planned, so that the next request meets an idle office."""
    deadline = time.monotonic() + 30
    while True:
        with office.ledger.read() as tx:
            states = tx.scalars(select(Job.state)).all()
        if len(states) == asked and set(states) == {JobState.WAITING}:
            break
        assert time.monotonic() < deadline, states
        time.sleep(POLL)
    time.sleep(5 * POLL)  # the worker is back at the bell


def _between(starts: Sequence[float], ends: Sequence[float]) -> list[float]:
    """Return the seconds from each start to its end, those of the warm-up left out."""
    return [end - start for start, end in zip(starts, ends, strict=True)][WARM_UP:]


def _moment(line: dict[str, str]) -> float:
    return datetime.fromisoformat(line["timestamp"]).timestamp()
