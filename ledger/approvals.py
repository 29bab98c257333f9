"""What people decide about a plan that waits: approve it, discard it, or ask for another one.

The job's row is locked while it is decided upon, so of two people who tap at once one wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from errors.asking import AlreadyDecided, AlreadyEnded, StalePlan
from ledger import blobs, jobs, numbers, work
from ledger.database import now
from ledger.models import Approval, Job, JobState

APPROVED, DISCARDED, EDITED = "approved", "discarded", "edited"


@dataclass(frozen=True)
class Decision:
    """Who decides about which plan of which job."""

    job: str
    plan: str
    """The hash of the plan that was shown."""
    person: str
    person_name: str


def approve(tx: Session, decision: Decision, zone: ZoneInfo) -> None:
    """Take a person's word for exactly this plan: bind its slots and queue its effects.

    Raises as ``waiting`` does.
    """
    job = waiting(tx, decision.job, decision.plan)
    plan = jobs.plan_of(tx, job)
    assert plan is not None
    _record(tx, decision, APPROVED)
    year = now().astimezone(zone).year
    bindings = {slot.name: numbers.draw(tx, slot, job.id, year) for slot in plan.slots}
    work.write(tx, job.id, plan, bindings)
    jobs.enter(tx, job.id, JobState.QUEUED, bindings=bindings, planned_again=False)


def discard(tx: Session, decision: Decision) -> None:
    """Drop a plan. Raises as ``waiting`` does."""
    job = waiting(tx, decision.job, decision.plan)
    _record(tx, decision, DISCARDED)
    jobs.enter(tx, job.id, JobState.CANCELLED)
    blobs.release(tx, job.id)


def edit(tx: Session, decision: Decision, request: Mapping[str, Any], subject: str) -> None:
    """Plan the job anew with another request. Raises as ``waiting`` does."""
    job = waiting(tx, decision.job, decision.plan)
    _record(tx, decision, EDITED)
    jobs.enter(
        tx, job.id, JobState.PLANNING, request=dict(request), subject=subject, plan_hash=None
    )


def waiting(tx: Session, job_id: str, plan_hash: str) -> Job:
    """Return the job, which waits with this plan and is locked until the transaction's end.

    Raises StalePlan if it shows another plan by now, AlreadyDecided if somebody was first,
    AlreadyEnded and JobUnknown.
    """
    job = jobs.find(tx, job_id, locked=True)
    if job.state == JobState.WAITING and job.plan_hash == plan_hash:
        return job
    if job.state in (JobState.WAITING, JobState.PLANNING):
        raise StalePlan
    decider = decided_by(tx, job_id)
    raise AlreadyDecided(who=decider) if decider else AlreadyEnded()


def decided_by(tx: Session, job_id: str) -> str | None:
    """Return the name of whoever approved or discarded the job's plan last, if anybody did."""
    return tx.scalar(
        select(Approval.person_name)
        .where(Approval.job_id == job_id, Approval.verdict != EDITED)
        .order_by(Approval.id.desc())
        .limit(1)
    )


def _record(tx: Session, decision: Decision, verdict: str) -> None:
    tx.add(
        Approval(
            job_id=decision.job,
            plan_hash=decision.plan,
            person=decision.person,
            person_name=decision.person_name,
            verdict=verdict,
            at=now(),
        )
    )
