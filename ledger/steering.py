"""What people decide about work that was approved: cancel it, go on with it, take it back.

Like a decision about a plan it locks the job's row, and it is bound to what the card showed.
"""

from typing import Any

from sqlalchemy.orm import Session

from errors.asking import (
    AlreadyDecided,
    AlreadyEnded,
    BeingUndone,
    NothingToRetry,
    NothingToUndo,
    NotUnsure,
    StalePlan,
    UndoneBefore,
)
from ledger import blobs, documents, jobs, numbers, work
from ledger.approvals import Decision, record
from ledger.audit import What
from ledger.models import EffectState, Job, JobState

CANCELLABLE = (JobState.PLANNING, JobState.QUEUED, JobState.RUNNING, JobState.UNSURE)
"""The states that are stopped by a cancel; a plan that waits is discarded."""
STOPPED = (JobState.FAILED, JobState.CANCELLED, JobState.UNSURE)
REVERSED = frozenset({EffectState.UNDOING, EffectState.UNDONE, EffectState.LEFT})
"""The states of effects that an undo has come to."""


def cancel(tx: Session, decision: Decision) -> None:
    """Stop the job: at once, or where a worker is at it at the next effect boundary.

    Raises BeingUndone, AlreadyEnded and JobUnknown.
    """
    job = jobs.find(tx, decision.job, locked=True)
    if job.state == JobState.UNDOING:
        raise BeingUndone
    if job.state not in (*CANCELLABLE, JobState.WAITING):
        raise AlreadyEnded
    if job.cancelled_by is not None:
        raise AlreadyDecided(who=job.cancelled_by)
    record(tx, job, decision, What.DISCARDED if job.state == JobState.WAITING else What.CANCELLED)
    if job.state == JobState.RUNNING:
        # A worker has it, or one comes: whether what is on its way got through is still open.
        rests = job.lease_owner is None
        until = None if rests else job.lease_until
        jobs.change(tx, job.id, cancelled_by=decision.person_name, lease_until=until)
        return
    # Nothing is on its way: effects are sent in RUNNING only, and a worker that is planning
    # finds its lease gone.
    jobs.enter(
        tx,
        job.id,
        JobState.CANCELLED,
        failure=None,
        cancelled_by=decision.person_name,
        lease_owner=None,
        lease_until=None,
        not_before=None,
    )
    documents.withdraw(tx, job.id)
    if not work.counts(tx, job.id):
        blobs.release(tx, job.id)


def retry(tx: Session, decision: Decision) -> None:
    """Go on where the job stopped; what is done stays as it is.

    Raises NothingToRetry, UndoneBefore, TakenSince, StalePlan and JobUnknown.
    """
    job = stopped(tx, decision)
    record(tx, job, decision, What.RETRIED)
    fresh: dict[str, Any] = {
        "failure": None,
        "cancelled_by": None,
        "fruitless": 0,
        "turn_of": decision.person,
    }
    if not work.counts(tx, job.id):  # it failed before there was anything to approve
        jobs.enter(tx, job.id, JobState.PLANNING, **fresh, plan_hash=None)
        return
    work.reopen(tx, job.id)
    numbers.restore(tx, job.id)
    jobs.enter(tx, job.id, JobState.QUEUED, **fresh)


def stopped(tx: Session, decision: Decision) -> Job:
    """Return the job that can be retried, locked. Raises as ``retry`` does."""
    job = _as_shown(tx, decision)
    counts = work.counts(tx, job.id)
    if counts.keys() & REVERSED:
        raise UndoneBefore
    if job.state not in STOPPED or (job.state == JobState.CANCELLED and not counts):
        raise NothingToRetry
    documents.demand_free(tx, job.id)
    return job


def undo(tx: Session, decision: Decision) -> None:
    """Take back what the job did.

    Raises NothingToUndo, BeingUndone, RestedOn, StalePlan and JobUnknown.
    """
    job = undoable(tx, decision)
    record(tx, job, decision, What.UNDO_ASKED)
    jobs.enter(
        tx,
        job.id,
        JobState.UNDOING,
        failure=None,
        cancelled_by=None,
        fruitless=0,
        turn_of=decision.person,
    )


def undoable(tx: Session, decision: Decision) -> Job:
    """Return the job that can be undone, locked. Raises as ``undo`` does."""
    job = _as_shown(tx, decision)
    if job.state == JobState.UNDOING:
        raise BeingUndone
    if not can_undo(job, work.counts(tx, job.id)):
        raise NothingToUndo
    documents.demand_unused(tx, job.id)
    return job


def can_undo(job: Job, counts: work.Counts) -> bool:
    """Say whether the job has ended and something of it may be there."""
    there = (EffectState.DONE, EffectState.INTENDED, EffectState.UNDOING)
    return job.state in (*STOPPED, JobState.DONE) and any(counts[state] for state in there)


def answer(tx: Session, decision: Decision, key: str, *, happened: bool) -> None:
    """Say whether an effect happened that cannot be asked for at its target, and go on.

    Raises NotUnsure, StalePlan and JobUnknown.
    """
    job = _as_shown(tx, decision)
    if job.state != JobState.UNSURE or not work.answer(tx, job.id, key, happened=happened):
        raise NotUnsure
    record(tx, job, decision, What.ANSWERED)
    jobs.enter(tx, job.id, JobState.QUEUED, failure=None, fruitless=0, turn_of=decision.person)


def _as_shown(tx: Session, decision: Decision) -> Job:
    job = jobs.find(tx, decision.job, locked=True)
    if (job.plan_hash or "") != decision.plan:
        raise StalePlan
    return job
