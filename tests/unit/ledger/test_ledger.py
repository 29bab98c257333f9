"""The register of events, numbers, blobs and posts, and the schema."""

import hashlib
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from errors.settings import LedgerOutdated
from ledger import approvals, blobs, events, numbers, posts, schema
from ledger.database import Ledger
from ledger.models import Blob, Number, SeenEvent
from tests.unit.ledger.office import NUMBER, ask, decision, show_plan


def test_the_second_delivery_of_an_event_gets_the_first_reply(ledger: Ledger) -> None:
    with ledger.write() as tx:
        assert events.remember(tx, "k")
        events.keep_reply(tx, "k", {"text": "first"})
    with ledger.write() as tx:
        assert not events.remember(tx, "k")
        assert events.reply_given(tx, "k") == {"text": "first"}


def test_old_events_are_forgotten_and_new_ones_kept(ledger: Ledger) -> None:
    with ledger.write() as tx:
        events.remember(tx, "old")
        events.remember(tx, "new")
        tx.get_one(SeenEvent, "old").at -= 2 * events.KEPT
    with ledger.write() as tx:
        events.forget_old(tx)
        assert tx.scalars(select(SeenEvent.key)).all() == ["new"]


def test_numbers_drawn_at_once_are_all_different_and_without_gaps(ledger: Ledger) -> None:
    def draw(job: str) -> None:
        with ledger.write() as tx:
            numbers.draw(tx, NUMBER, job, 2026)

    drawers = [threading.Thread(target=draw, args=[ask(ledger)]) for _ in range(8)]
    for drawer in drawers:
        drawer.start()
    for drawer in drawers:
        drawer.join()
    with ledger.read() as tx:
        assert sorted(tx.scalars(select(Number.number))) == list(range(1, 9))


def test_a_new_year_begins_at_one(ledger: Ledger) -> None:
    jobs = [ask(ledger) for _ in range(3)]
    with ledger.write() as tx:
        drawn = zip(jobs, (2026, 2026, 2027), strict=True)
        written = [numbers.draw(tx, NUMBER, job, year) for job, year in drawn]
    assert written == ["P-2026-0001", "P-2026-0002", "P-2027-0001"]


def test_a_number_whose_approval_fails_is_not_used_up(ledger: Ledger) -> None:
    job = ask(ledger)
    with pytest.raises(RuntimeError), ledger.write() as tx:
        numbers.draw(tx, NUMBER, job, 2026)
        raise RuntimeError
    with ledger.write() as tx:
        assert numbers.draw(tx, NUMBER, job, 2026) == "P-2026-0001"


def test_blobs_stay_while_a_live_plan_names_them(ledger: Ledger) -> None:
    body = "仕様書".encode()
    sha256 = hashlib.sha256(body).hexdigest()
    discarded, plan = show_plan(ledger)
    kept = ask(ledger)
    with ledger.write() as tx:
        blobs.keep(tx, kept, {sha256: body})
        blobs.keep(tx, discarded, {sha256: body})
        approvals.discard(tx, decision(discarded, plan))
        blobs.sweep(tx)
        assert blobs.read(tx, sha256) == body
        blobs.release(tx, kept)
        blobs.sweep(tx)
        assert tx.scalars(select(Blob)).all() == []


def test_a_post_is_one_holders_until_it_falls_silent(ledger: Ledger) -> None:
    with ledger.write() as tx:
        assert posts.hold(tx, "clock", "one", 30)
        assert posts.hold(tx, "clock", "one", 30)
        assert not posts.hold(tx, "clock", "two", 30)
        posts.leave(tx, "clock", "one")
    with ledger.write() as tx:
        assert posts.hold(tx, "clock", "two", 30)


def test_migrations_can_be_run_again(ledger: Ledger) -> None:
    schema.upgrade(ledger)
    schema.demand_current(ledger)


def test_the_newest_revision_is_known_without_alembic_as_alembic_knows_it() -> None:
    assert schema.newest() == schema.revisions()[-1]


def test_a_database_without_the_schema_is_a_sentence(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(LedgerOutdated, match="kakari migrate"):
        schema.demand_current(ledger)
    ledger.close()
