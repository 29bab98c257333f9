"""What people decide about a plan that waits: approve it, discard it, or ask for another one.

The job's row is locked while it is decided upon, so of two people who tap at once one wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from errors.asking import (
    AlreadyApproved,
    AlreadyDecided,
    AlreadyEnded,
    OwnRequest,
    StalePlan,
)
from ledger import audit, authors, blobs, documents, jobs, numbers, work
from ledger.audit import What, Who
from ledger.database import now, today
from ledger.models import Approval, Job, JobState


@dataclass(frozen=True)
class Decision:
    """Who decides about which plan of which job."""

    job: str
    plan: str
    """The hash of the plan that was shown."""
    person: str
    person_name: str
    reason: str = ""
    """Why, where that was asked for."""


def approve(
    tx: Session, decision: Decision, zone: ZoneInfo, needed: int = 1, *, own: bool = True
) -> bool:
    """Take a person's word for exactly this plan; say whether that is enough.

    With the last of ``needed`` people its slots are bound and its effects queued. Unless ``own``,
    the word of those who wrote the request does not count. A plan whose day has passed, or that
    rests on what is no longer so, is planned anew instead.
    Raises OwnRequest, AlreadyApproved if the person has given their word before and more people
    have to, and as ``waiting`` does.
    """
    job = waiting(tx, decision.job, decision.plan)
    barred = () if own else authors.of(tx, job)
    if decision.person in barred:
        raise OwnRequest
    plan = jobs.plan_of(tx, job)
    assert plan is not None
    day = today(zone)
    if plan.day not in (None, day) or documents.outdated(tx, plan):
        jobs.plan_anew(tx, job.id)
        return False
    before = {person for person in approved_by(tx, job) if person not in barred}
    given = before | {decision.person}
    if given == before and len(given) < needed:
        raise AlreadyApproved(missing=needed - len(given))
    record(tx, job, decision, What.APPROVED)
    if len(given) < needed:
        jobs.change(tx, job.id, approvals_needed=needed)
        return False
    bindings = {slot.name: numbers.draw(tx, slot, job.id, day.year) for slot in plan.slots}
    documents.freeze(tx, job.id, plan, bindings)
    work.write(tx, job.id, plan, bindings)
    jobs.enter(
        tx,
        job.id,
        JobState.QUEUED,
        bindings=bindings,
        planned_again=False,
        not_before=plan.not_before,
    )
    return True


def discard(tx: Session, decision: Decision) -> None:
    """Drop a plan. Raises as ``waiting`` does."""
    job = waiting(tx, decision.job, decision.plan)
    record(tx, job, decision, What.DISCARDED)
    jobs.enter(tx, job.id, JobState.CANCELLED)
    numbers.void(tx, job.id)
    blobs.release(tx, job.id)


def edit(tx: Session, decision: Decision, request: Mapping[str, Any], subject: str) -> None:
    """Plan the job anew with another request. Raises as ``waiting`` does."""
    job = waiting(tx, decision.job, decision.plan)
    record(tx, job, decision, What.EDITED)
    jobs.enter(
        tx,
        job.id,
        JobState.PLANNING,
        request=dict(request),
        subject=subject,
        plan_hash=None,
        turn_of=decision.person,
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
    """Return the name of whoever decided about the job last, if anybody did."""
    return tx.scalar(
        select(Approval.person_name)
        .where(Approval.job_id == job_id, Approval.verdict != What.EDITED)
        .order_by(Approval.id.desc())
        .limit(1)
    )


def approved_by(tx: Session, job: Job) -> dict[str, str]:
    """Return who has approved the plan that the job stands on: their names by Chat's.

    Of a plan that waits, since it waits: one that was planned again is approved again.
    """
    given = select(Approval.person, Approval.person_name).where(
        Approval.job_id == job.id,
        Approval.plan_hash == job.plan_hash,
        Approval.verdict == What.APPROVED,
    )
    if job.state == JobState.WAITING:
        given = given.where(Approval.at >= job.since)
    return {row.person: row.person_name for row in tx.execute(given.order_by(Approval.id))}


def record(tx: Session, job: Job, decision: Decision, verdict: What) -> None:
    """Write down who decided what of a job; the audit says the same for good.

    The plan is the one that the job stands on, whatever the tapped button says.
    """
    tx.add(
        Approval(
            job_id=job.id,
            plan_hash=job.plan_hash or "",
            person=decision.person,
            person_name=decision.person_name,
            verdict=verdict,
            at=now(),
        )
    )
    who = Who(decision.person, decision.person_name)
    why = {"en": decision.reason, "ja": decision.reason} if decision.reason else None
    audit.note(tx, job.id, verdict, who, plan=job.plan_hash, details=why)
