"""Documents through the engine: one number and one file each, wherever a worker dies."""

import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from effects.base import World
from effects.registry import kind
from errors.work import LeaseLost
from ledger import documents, jobs, leases, work
from ledger.database import Ledger
from ledger.documents import DocumentState, Search
from ledger.models import EffectState
from tests.unit.document.test_drafting import Desk
from tests.unit.ledger.office import approve, claim, show_plan
from worker.applying import Applying
from worker.contents import StoredContents
from worker.undoing import TakingBack


@pytest.fixture
def desk(ledger: Ledger, tmp_path: Path) -> Desk:
    (tmp_path / "place").mkdir()
    return Desk(ledger, tmp_path / "place")


def approved(desk: Desk, **head: str) -> str:
    blobs: dict[str, bytes] = {}
    plan = desk.plan(blobs=blobs, **head)
    job, _ = show_plan(desk.ledger, plan, blobs)
    approve(desk.ledger, job, plan)
    return job


def world(desk: Desk, job: str) -> World:
    with desk.ledger.read() as tx:
        bindings = jobs.find(tx, job).bindings
    contents = StoredContents(desk.ledger, desk.setting.templates, bindings)
    return World(job=job, contents=contents, ledger=desk.ledger)


@pytest.mark.parametrize("stored", [False, True], ids=["before it was stored", "after that"])
def test_a_worker_that_died_leaves_its_number_to_the_next(
    desk: Desk, tmp_path: Path, *, stored: bool
) -> None:
    job = approved(desk)
    dead = claim(desk.ledger)
    with desk.ledger.write() as tx:
        jobs.running(tx, dead)
        issue = work.steps(tx, job)[0].effect
        assert work.intend(tx, dead, [issue.key], EffectState.INTENDED, 30)
    if stored:
        of = kind("document")
        of.apply([(issue.key, of.data(issue))], world(desk, job))
    with desk.ledger.write() as tx:
        leases.give_back(tx, dead)
    Applying(desk.ledger, claim(desk.ledger), world(desk, job), threading.Event()).run()
    with desk.ledger.read() as tx:
        (found,) = documents.search(tx, Search())
        (file,) = (tmp_path / "place").iterdir()
        assert found.state is DocumentState.ISSUED
        assert found.row.number.endswith("-0001")
        assert file.read_bytes() == documents.pdf(tx, found.row.number)
        assert list(documents.broken_links(tx)) == []


def test_a_worker_that_was_taken_over_stores_no_document(desk: Desk) -> None:
    job = approved(desk)
    stopped, _ = claim(desk.ledger, seconds=-1), claim(desk.ledger)
    with desk.ledger.read() as tx:
        issue = work.steps(tx, job)[0].effect
    of = kind("document")
    late = replace(world(desk, job), fence=partial(leases.fence, lease=stopped))
    with pytest.raises(LeaseLost):
        of.apply([(issue.key, of.data(issue))], late)
    with desk.ledger.read() as tx:
        assert not documents.stored(tx, [issue.data["number"]])


def test_a_month_taken_back_leaves_every_number_in_the_register_as_void(
    desk: Desk, tmp_path: Path
) -> None:
    desk.issue(what="delivery_note", issued="2026-11-10")
    job = approved(desk, source="month", month="2026-11")
    lease = claim(desk.ledger)
    Applying(desk.ledger, lease, world(desk, job), threading.Event()).run()
    TakingBack(desk.ledger, lease, world(desk, job), threading.Event()).run()
    with desk.ledger.write() as tx:
        jobs.undone(tx, lease)
        (found,) = documents.search(tx, Search(kind="invoice"))
        assert found.state is DocumentState.VOID
        assert documents.pdf(tx, found.row.number).startswith(b"%PDF")
    assert list((tmp_path / "place").iterdir()) == []
    # What it took in can be invoiced again, with a new number.
    assert desk.plan(source="month", month="2026-11").documents
