"""What a ledger that comes out of a backup may no longer take for true.

After the moment of the backup the world went on: effects were sent, people decided, processes
died. So every effect that was still to be done counts as sent without an outcome, which the engine
looks for before it sends it, and asks a person where it cannot; and what was under way waits for a
person, who may have stopped it or taken it back since.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ledger import jobs, work
from ledger.database import now
from ledger.models import (
    FOR_GOOD,
    WORKABLE,
    EffectRow,
    EffectState,
    Job,
    JobState,
    LeaseRow,
    OwedMessage,
)

TO_BE_DONE = (EffectState.PLANNED, EffectState.FAILED)


@dataclass(frozen=True)
class Held:
    """How many jobs wait for a person: because of the restore, and for a decision as before."""

    unsure: int
    waiting: int


def doubt(tx: Session, why: Mapping[str, str]) -> Held:
    """Let nothing go on by itself that may have gone on since; ``why`` is said on the cards.

    Nothing else may use the ledger meanwhile.
    """
    _let_go(tx)
    goes_on = select(Job.id).where(Job.state.not_in(FOR_GOOD))
    tx.execute(
        update(EffectRow)
        .where(EffectRow.job_id.in_(goes_on), EffectRow.state.in_(TO_BE_DONE))
        .values(state=EffectState.INTENDED)
    )
    told_as = f"restored-{now():%y%m%d%H%M%S}"
    under_way = tx.scalars(select(Job).where(Job.state.in_((*WORKABLE, JobState.UNSURE)))).all()
    unsure = [job.id for job in under_way if not _only_tells(tx, job)]
    for job_id in unsure:
        jobs.doubt(tx, job_id, why, told_as)
    waiting = tx.scalars(select(Job.id).where(Job.state == JobState.WAITING)).all()
    for job_id in waiting:
        # From now on, so that it does not expire before anybody could decide.
        jobs.enter(tx, job_id, JobState.WAITING, waits_for=dict(why), reminded=False)
    return Held(len(unsure), len(waiting))


def _let_go(tx: Session) -> None:
    """Free what was held by processes that are gone."""
    tx.execute(delete(LeaseRow))
    tx.execute(update(OwedMessage).values(held_by=None, held_until=None))
    tx.execute(update(Job).values(lease_owner=None, lease_until=None))


def _only_tells(tx: Session, job: Job) -> bool:
    """Say whether the job does nothing but tell its end, as a reminder does.

    That message has an id, so it is there once even if it was sent before.
    """
    return job.state in (JobState.QUEUED, JobState.RUNNING) and not work.counts(tx, job.id)
