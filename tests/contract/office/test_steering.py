"""The engine is stopped between effects, goes on, and takes back, in a Drive that misbehaves."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from cards.sentences import Noun
from effects import registry
from effects.base import Data, Done, Kind, Outcome, Reversal, Undoing, Undone, Unknown, World
from errors.google import OutcomeUnknown, TryLater
from ledger import history, jobs, leases, steering, work
from ledger.audit import What
from ledger.database import Ledger
from ledger.models import EffectState, JobState
from ledger.plan import Effect, Plan
from simulator.faults import Fault
from simulator.server import SimulatorServer
from tests.contract.office.conftest import Work
from tests.unit.ledger.office import approve, decision, show_plan
from worker.applying import Applying, Ending
from workspace.clients import GoogleClients


def counts(of: Work) -> Counter[EffectState]:
    return Counter(step.state for step in of.steps())


def calls(simulator: SimulatorServer) -> list[dict[str, Any]]:
    return simulator.world.calls.to_json()


def finish(of: Work) -> None:
    """Apply everything and end the job, so that it can be undone."""
    lease = of.claim()
    assert of.engine(lease).run() == Ending()
    with of.ledger.write() as tx:
        jobs.finish(tx, lease)
    ask_to_undo(of)


def ask_to_undo(of: Work) -> None:
    with of.ledger.write() as tx:
        steering.undo(tx, decision(of.job, of.plan))


@contextmanager
def running(of: Applying) -> Iterator[list[Ending]]:
    """Run the engine beside the test."""
    ended: list[Ending] = []
    thread = threading.Thread(target=lambda: ended.append(of.run()))
    thread.start()
    yield ended
    thread.join(60)
    assert ended


def test_a_cancel_comes_between_effects_and_a_retry_does_the_rest(
    approved: Work, simulator: SimulatorServer
) -> None:
    simulator.world.faults.delay = 0.05
    lease = approved.claim()
    with approved.ledger.write() as tx:
        jobs.running(tx, lease)
    applying = approved.engine(lease)
    with running(applying) as ended:
        while len(applying.done) < 5:
            threading.Event().wait(0.005)
        with approved.ledger.write() as tx:
            steering.cancel(tx, decision(approved.job, approved.plan))
        sent = {step.effect.key for step in approved.steps() if step.state != EffectState.PLANNED}
    assert ended == [Ending(cancelled=True)]
    done = {step.effect.key for step in approved.steps() if step.state == EffectState.DONE}
    assert done == sent, "what was on its way came back, and nothing went out after the cancel"
    assert len(approved.there()) == len(done) < 60
    with approved.ledger.write() as tx:
        jobs.stop(tx, lease)
        steering.retry(tx, decision(approved.job, approved.plan))
    simulator.world.calls.clear()
    assert approved.engine().run() == Ending()
    assert len(approved.there()) == 60


def test_a_cancelled_job_finds_out_what_became_of_calls_that_were_on_their_way(
    approved: Work, simulator: SimulatorServer
) -> None:
    dead = approved.claim()
    first_run = approved.engine(dead)
    first_run.run()
    with approved.ledger.write() as tx:
        jobs.running(tx, dead)
        keys = [effect.key for effect in approved.plan.effects]
        work.intend(tx, dead, keys[:10], EffectState.INTENDED, 30)
        leases.give_back(tx, dead)
        steering.cancel(tx, decision(approved.job, approved.plan))
    simulator.world.calls.clear()
    assert approved.engine().run() == Ending(), "everything turns out to be there"
    assert counts(approved) == {EffectState.DONE: 60}


def test_an_undo_takes_back_everything_the_last_first(
    approved: Work, simulator: SimulatorServer
) -> None:
    finish(approved)
    simulator.world.calls.clear()
    approved.undoing().run()
    assert approved.there() == {}
    assert counts(approved) == {EffectState.UNDONE: 60}
    with approved.ledger.read() as tx:
        notes = history.notes(tx, approved.job)
    at = {note.effect: note.id for note in notes if note.what == What.EFFECT_UNDONE}
    for effect in approved.plan.effects:
        assert all(at[effect.key] < at[above] for above in effect.after)
    alone = [call for call in calls(simulator) if not call["batch"]]
    assert len(alone) <= 6, "alike ones share a request; a level of one folder has none to share"


@pytest.mark.parametrize("fault", ["apply-then-drop", "drop-before-apply", "503", "429"])
def test_an_undo_comes_to_its_end_whatever_ails_google(
    approved: Work, simulator: SimulatorServer, fault: str
) -> None:
    finish(approved)
    simulator.world.faults.set([Fault("drive.files.update", fault, probability=0.3, times=15)])
    lease = approved.claim()
    for _ in range(10):
        try:
            approved.undoing(lease).run()
            break
        except TryLater:
            pass
    assert approved.there() == {}
    assert counts(approved) == {EffectState.UNDONE: 60}


def test_what_a_person_changed_is_left_with_all_the_folders_above_it(
    approved: Work, clients: GoogleClients
) -> None:
    finish(approved)
    (changed,) = [e for e in approved.plan.effects if e.key == "/file 19"]
    rename = clients.drive_files.update(
        fileId=changed.data["id"], body={"name": "mine.txt"}, supportsAllDrives=True
    )
    with clients.transport() as http:
        rename.execute(http=http)
    approved.undoing().run()
    left = {step.effect.key: step.error for step in approved.steps() if step.error}
    assert set(left) == {"/file 19", "/19", "/4", "/"}
    assert "mine.txt" in str(left["/file 19"])
    assert counts(approved)[EffectState.UNDONE] == 56


def test_what_was_on_its_way_when_the_job_stopped_is_found_and_taken_back(
    approved: Work,
) -> None:
    dead = approved.claim()
    approved.engine(dead).run()
    with approved.ledger.write() as tx:
        # As if the worker had died before it could write down the outcomes of the files.
        keys = [e.key for e in approved.plan.effects if e.kind == "drive.file"]
        work.intend(tx, dead, keys, EffectState.INTENDED, 30)
        jobs.fail(tx, dead, {"en": "no", "ja": "不可"})
    ask_to_undo(approved)
    approved.undoing().run()
    assert approved.there() == {}
    assert counts(approved) == {EffectState.UNDONE: 60}


def test_an_undo_that_was_killed_goes_on_where_it_stopped(
    approved: Work, simulator: SimulatorServer
) -> None:
    finish(approved)
    late = approved.claim()
    keys = [effect.key for effect in approved.plan.effects if effect.kind == "drive.file"]
    with approved.ledger.write() as tx:
        work.intend(tx, late, keys, EffectState.UNDOING, 30)
        leases.give_back(tx, late)
    approved.undoing().run()
    assert approved.there() == {}
    simulator.world.calls.clear()
    approved.undoing(late).run()
    assert calls(simulator) == [], "the late one finds nothing to do"


class LetterData(Data):
    to: str


class Letter(Kind[LetterData]):
    """A kind that cannot be asked for at its target, and one that is never taken back."""

    name = "letter"
    noun = Noun("{n} letter", "{n} letters", "手紙{n}件")
    sign = "✉"
    deadline = 5.0
    identity = False
    Data = LetterData

    def __init__(self) -> None:
        self.posted: list[str] = []
        self.answers = True

    def line(self, data: LetterData) -> str:
        return data.to

    def apply(self, effects: Sequence[tuple[str, LetterData]], world: World) -> list[Outcome]:
        self.posted += [data.to for _, data in effects]
        return [Done() if self.answers else Unknown(OutcomeUnknown(reason="no answer"))]


class Note(Letter):
    name = "note"
    identity = True
    reversal = Reversal.REVERSIBLE
    undo_batch = 1
    undo_deadline = 5.0

    def undo(self, effects: Sequence[tuple[LetterData, object]], world: World) -> list[Undoing]:
        return [Undone() for _ in effects]


@pytest.fixture
def letter(monkeypatch: pytest.MonkeyPatch) -> Letter:
    letter = Letter()
    monkeypatch.setitem(registry.KINDS, "letter", letter)
    monkeypatch.setitem(registry.KINDS, "note", Note())
    return letter


def post(ledger: Ledger, clients: GoogleClients) -> Work:
    """Return a job that writes a note and then two letters."""
    effects = (
        Effect(key="note", kind="note", data={"to": "file"}),
        Effect(key="a", kind="letter", data={"to": "Suzuki"}, after=("note",)),
        Effect(key="b", kind="letter", data={"to": "Tanaka"}, after=("a",)),
    )
    job, plan = show_plan(ledger, Plan(effects=effects))
    approve(ledger, job, plan)
    return Work(ledger, clients, job, plan, threading.Event())


def test_a_kind_without_an_identity_is_sent_once_and_a_person_is_asked(
    letter: Letter, ledger: Ledger, clients: GoogleClients
) -> None:
    of = post(ledger, clients)
    letter.answers = False
    lease = of.claim()
    assert of.engine(lease).run() == Ending(unsure=True)
    with ledger.write() as tx:
        jobs.ask_back(tx, lease)
        assert jobs.find(tx, of.job).state == JobState.UNSURE
        steering.answer(tx, decision(of.job, of.plan), "a", happened=True)
    letter.answers = True
    assert of.engine().run() == Ending()
    assert letter.posted == ["Suzuki", "Tanaka"]


def test_one_that_did_not_happen_after_all_is_sent_again(
    letter: Letter, ledger: Ledger, clients: GoogleClients
) -> None:
    of = post(ledger, clients)
    lease = of.claim()
    with ledger.write() as tx:
        work.intend(tx, lease, ["note", "a"], EffectState.INTENDED, 10)
        done = [work.Settled(of.plan.effects[0], EffectState.DONE)]
        work.settle(tx, lease, done)
    assert of.engine(lease).run() == Ending(unsure=True)
    assert letter.posted == [], "a worker that finds it sent sends it no second time"
    with ledger.write() as tx:
        jobs.ask_back(tx, lease)
        steering.answer(tx, decision(of.job, of.plan), "a", happened=False)
    assert of.engine().run() == Ending()
    assert letter.posted == ["Suzuki", "Tanaka"]


def test_what_is_final_is_left_and_said_so_and_the_rest_is_taken_back(
    letter: Letter, ledger: Ledger, clients: GoogleClients
) -> None:
    of = post(ledger, clients)
    finish(of)
    of.undoing().run()
    assert [step.state for step in of.steps()] == [
        EffectState.UNDONE,
        EffectState.LEFT,
        EffectState.LEFT,
    ]
    assert of.steps()[1].error == {
        "en": "This cannot be taken back.",
        "ja": "これは元に戻せません。",
    }
