"""A ledger from before the work was done meets a Drive in which it was."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cards.job_card import HEADLINES, RETRY, UNDO, card_message
from kakari.backup import restoring, saving
from kakari.backup.archive import Archive
from ledger import jobs, steering
from ledger.database import Ledger
from ledger.models import EffectState
from simulator.server import SimulatorServer
from tasks import preview
from tests.contract.office.conftest import Work
from tests.contract.office.test_engine import creates
from tests.unit.ledger.office import TOKYO, decision
from worker.applying import Ending


@pytest.fixture
def forgetful(approved: Work, tmp_path: Path) -> Iterator[Work]:
    """The work is done, and then its ledger is restored from a backup of before."""
    out = io.BytesIO()
    saving.save(approved.ledger, out)
    assert approved.engine().run() == Ending()
    ledger = Ledger(f"sqlite:///{tmp_path / 'restored.db'}")
    with Archive(out, "backup.zip") as archive:
        restoring.restore(ledger, archive, {}, TOKYO)
    yield Work(ledger, approved.clients, approved.job, approved.plan, threading.Event())
    ledger.close()


def test_the_card_asks_a_person_to_look_and_offers_both_ways(forgetful: Work) -> None:
    with forgetful.ledger.read() as tx:
        view = preview.view(tx, jobs.find(tx, forgetful.job))
    card = str(card_message(view, "https://kakari.example.com/chat"))
    assert HEADLINES["unsure"].ja in card
    assert "時点のバックアップから復元しました" in card
    assert RETRY.ja in card
    assert UNDO.ja in card


def test_going_on_finds_what_is_there_and_makes_only_what_is_missing(
    forgetful: Work, simulator: SimulatorServer
) -> None:
    with forgetful.ledger.write() as tx:
        steering.retry(tx, decision(forgetful.job, forgetful.plan))
    simulator.world.calls.clear()
    assert forgetful.engine().run() == Ending()
    assert creates(simulator) == 0
    assert {step.state for step in forgetful.steps()} == {EffectState.DONE}


def test_taking_it_back_takes_back_what_the_ledger_did_not_know_of(forgetful: Work) -> None:
    with forgetful.ledger.write() as tx:
        steering.undo(tx, decision(forgetful.job, forgetful.plan))
    forgetful.undoing().run()
    assert forgetful.there() == {}
