"""The effects engine, applied to a simulated Drive that misbehaves as Google can."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import NoResultFound

from errors.google import TryLater
from errors.work import LeaseLost, Stopping
from ledger import blobs, leases, work
from ledger.database import Ledger, now
from ledger.models import EffectState, Job
from simulator.faults import Fault
from simulator.server import SimulatorServer
from tests.contract.office.conftest import Work, approve_project
from worker import engine
from worker.applying import Ending
from workspace.clients import GoogleClients

DONE = Ending()


def states(work_: Work) -> set[EffectState]:
    with work_.ledger.read() as tx:
        return {step.state for step in work.steps(tx, work_.job)}


def creates(simulator: SimulatorServer) -> int:
    """How many creates reached Drive, each part of a batch counted."""
    return sum(call["method"] == "drive.files.create" for call in simulator.world.calls.to_json())


def test_every_effect_happens_once_and_is_recorded_with_its_link(
    approved: Work, simulator: SimulatorServer
) -> None:
    assert approved.engine().run() == DONE
    assert len(approved.there()) == 60
    assert creates(simulator) == 60
    assert states(approved) == {EffectState.DONE}
    with approved.ledger.read() as tx:
        assert all(work.link(tx, approved.job, each.key) for each in approved.plan.effects)


def test_a_level_of_folders_travels_in_one_request(
    approved: Work, simulator: SimulatorServer
) -> None:
    approved.engine().run()
    calls = [c for c in simulator.world.calls.to_json() if c["method"] == "drive.files.create"]
    singles = [call for call in calls if not call["batch"]]
    # The root goes alone, so do the files; the 39 other folders are the parts of three batches.
    assert len(singles) <= 21 + 3


def test_nothing_is_sent_before_its_folder_is_there(
    approved: Work, simulator: SimulatorServer
) -> None:
    simulator.world.faults.delay = 0.02
    assert approved.engine().run() == DONE
    assert {call["status"] for call in simulator.world.calls.to_json()} == {200}


def test_answers_that_are_lost_after_the_write_double_nothing(
    approved: Work, simulator: SimulatorServer
) -> None:
    simulator.world.faults.set(
        [Fault(method="drive.files.create", kind="apply-then-drop", probability=0.3, times=12)]
    )
    assert approved.engine().run() == DONE
    assert len(approved.there()) == 60
    assert states(approved) == {EffectState.DONE}


def test_requests_that_are_lost_before_the_write_are_sent_again(
    approved: Work, simulator: SimulatorServer
) -> None:
    simulator.world.faults.set(
        [Fault(method="drive.files.create", kind="drop-before-apply", probability=0.3, times=12)]
    )
    assert approved.engine().run() == DONE
    assert len(approved.there()) == 60


def test_a_busy_google_is_waited_for(approved: Work, simulator: SimulatorServer) -> None:
    simulator.world.faults.set([Fault(method="drive.files.create", kind="503", times=5)])
    assert approved.engine().run() == DONE
    assert len(approved.there()) == 60


def test_a_google_that_stays_away_ends_the_run_with_everything_open_or_done(
    approved: Work, simulator: SimulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "TRIES", 1)
    simulator.world.faults.set([Fault(method="drive.files.*", kind="503")])
    lease = approved.claim()
    with pytest.raises(TryLater):
        approved.engine(lease).run()
    assert states(approved) <= {EffectState.PLANNED, EffectState.INTENDED}
    simulator.world.faults.set([])
    assert approved.engine(lease).run() == DONE
    assert len(approved.there()) == 60


def test_a_refusal_is_a_sentence_and_stops_what_was_not_yet_sent(
    ledger: Ledger, clients: GoogleClients
) -> None:
    refused = approve_project(ledger, clients, place="root")  # the service account's own My Drive
    refusal = refused.engine().run().refusal
    assert refusal is not None
    assert "KAKARI_PROJECT_PLACE" in refusal["en"]
    assert "KAKARI_PROJECT_PLACE" in refusal["ja"]
    assert states(refused) == {EffectState.FAILED, EffectState.PLANNED}
    assert refused.there() == {}


def test_what_a_dead_worker_began_is_looked_for_and_not_sent_again(
    approved: Work, simulator: SimulatorServer
) -> None:
    dead = approved.claim()
    first_run = approved.engine(dead)
    first_run.run()
    # As if the worker had died before it could write down any outcome.
    with approved.ledger.write() as tx:
        work.intend(
            tx, dead, [effect.key for effect in approved.plan.effects], EffectState.INTENDED, 30
        )
        past = now() - timedelta(seconds=1)
        tx.execute(update(Job).where(Job.id == approved.job).values(lease_until=past))
    simulator.world.calls.clear()
    assert approved.engine().run() == DONE
    assert creates(simulator) == 0
    assert states(approved) == {EffectState.DONE}


def test_what_a_dead_worker_only_meant_to_send_is_sent(approved: Work) -> None:
    dead = approved.claim()
    with approved.ledger.write() as tx:
        work.intend(tx, dead, ["/", "/1", "/2"], EffectState.INTENDED, 30)
        past = now() - timedelta(seconds=1)
        tx.execute(update(Job).where(Job.id == approved.job).values(lease_until=past))
    assert approved.engine().run() == DONE
    assert len(approved.there()) == 60


def test_a_worker_that_was_taken_over_starts_nothing_more(
    approved: Work, simulator: SimulatorServer
) -> None:
    late = approved.claim()
    with approved.ledger.write() as tx:
        past = now() - timedelta(seconds=1)
        tx.execute(update(Job).where(Job.id == approved.job).values(lease_until=past))
    approved.claim()
    with pytest.raises(LeaseLost):
        approved.engine(late).run()
    assert creates(simulator) == 0


def test_a_stop_comes_between_effects_and_the_next_run_goes_on_from_there(
    approved: Work, simulator: SimulatorServer
) -> None:
    simulator.world.faults.delay = 0.05
    lease = approved.claim()
    running = approved.engine(lease)
    raised: list[BaseException] = []

    def run() -> None:
        try:
            running.run()
        except Stopping as stopping:
            raised.append(stopping)

    thread = threading.Thread(target=run)
    thread.start()
    while len(running.done) < 5:
        thread.join(0.005)
    approved.stop.set()
    thread.join()
    assert raised
    with approved.ledger.write() as tx:
        done = [s for s in work.steps(tx, approved.job) if s.state == EffectState.DONE]
        assert 5 <= len(done) < 60
        assert {s.state for s in work.steps(tx, approved.job)} == {
            EffectState.DONE,
            EffectState.PLANNED,
        }
        leases.give_back(tx, lease)
    approved.stop.clear()
    simulator.world.calls.clear()
    assert approved.engine().run() == DONE
    assert creates(simulator) == 60 - len(done)
    assert len(approved.there()) == 60


def test_a_mistake_of_ours_leaves_what_it_touched_open_and_records_the_rest(
    approved: Work, simulator: SimulatorServer
) -> None:
    # A blob that is not there is no refusal of Google's: something of ours is broken.
    (sha256,) = {e.data["content"]["sha256"] for e in approved.plan.effects if "content" in e.data}
    with approved.ledger.write() as tx:
        body = blobs.read(tx, sha256)
        blobs.release(tx, approved.job)
        blobs.sweep(tx)
    lease = approved.claim()
    with pytest.raises(NoResultFound):
        approved.engine(lease).run()
    assert states(approved) == {EffectState.DONE, EffectState.INTENDED, EffectState.PLANNED}
    with approved.ledger.write() as tx:
        blobs.keep(tx, approved.job, {sha256: body})
    assert approved.engine(lease).run() == DONE
    assert len(approved.there()) == 60
