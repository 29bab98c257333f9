"""The way of a job: asked, claimed, planned, decided, ended.

A change made by a worker carries its :class:`Lease` and happens only while that lease stands:
a worker that was taken over, or that woke up after its lease ran out, changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, or_, select, update
from sqlalchemy.orm import Session

from errors.asking import AlreadyDecided, JobUnknown, StalePlan
from errors.work import LeaseLost
from ledger import blobs, numbers, owed
from ledger.database import insert_or_ignore, now
from ledger.models import (
    WORKABLE,
    Approval,
    EffectRow,
    EffectState,
    Job,
    JobState,
    PlanRow,
)
from ledger.plan import Plan, bind


@dataclass(frozen=True)
class Lease:
    """A worker's hold on a job, told from all others by the attempt number."""

    job: str
    attempt: int
    owner: str


@dataclass(frozen=True)
class Asked:
    """A request as it comes from the front desk."""

    id: str
    task: str
    request: Mapping[str, Any]
    subject: str
    asker: str
    asker_name: str
    locale: str
    space: str
    thread: str | None
    form: str | None = None


def ask(tx: Session, asked: Asked) -> bool:
    """Write a request down, with the card it is owed; False if its form was sent before."""
    moment = now()
    fresh = insert_or_ignore(
        tx,
        Job,
        **vars(asked) | {"request": dict(asked.request)},
        asked_at=moment,
        state=JobState.PLANNING,
        since=moment,
        bindings={},
        attempt=0,
        fruitless=0,
    )
    if fresh:
        owed.owe_card(tx, asked.id, asked.space, asked.thread)
    return fresh


def claim(tx: Session, owner: str, seconds: float) -> tuple[Lease, Job] | None:
    """Claim the job that has waited longest for a worker, for some seconds.

    One conditional update decides between workers; whoever changed the row has the job.
    """
    while True:
        found = tx.execute(
            select(Job.id, Job.attempt).where(claimable()).order_by(Job.since).limit(1)
        ).first()
        if found is None:
            return None
        claimed = tx.connection().execute(
            update(Job)
            .where(Job.id == found.id, Job.attempt == found.attempt, claimable())
            .values(
                attempt=Job.attempt + 1,
                fruitless=Job.fruitless + 1,
                lease_owner=owner,
                lease_until=now() + timedelta(seconds=seconds),
            )
        )
        if claimed.rowcount:
            return Lease(found.id, found.attempt + 1, owner), tx.get_one(Job, found.id)


def claimable() -> ColumnElement[bool]:
    """Return the condition under which a job wants a worker and has none."""
    free = or_(Job.lease_until.is_(None), Job.lease_until < now())
    return and_(Job.state.in_(WORKABLE), free)


def give_back(tx: Session, lease: Lease) -> None:
    """Let another worker go on: this one is being stopped, which is no failed attempt."""
    _change(tx, lease, lease_until=None, lease_owner=None, fruitless=Job.fruitless - 1)


def rest(tx: Session, lease: Lease, seconds: float) -> None:
    """Let the job lie for some seconds, then let any worker go on."""
    _change(tx, lease, lease_until=now() + timedelta(seconds=seconds), lease_owner=None)


def fence(tx: Session, lease: Lease, seconds: float | None = None) -> None:
    """Raise LeaseLost unless the lease still stands; make it last ``seconds`` from now at least.

    The job's row is written, so that in PostgreSQL too nobody can claim it before we commit.
    """
    moment = now()
    until = moment + timedelta(seconds=seconds or 0)
    longer = case((Job.lease_until < until, until), else_=Job.lease_until)
    held = tx.connection().execute(
        update(Job).where(_held(lease), Job.lease_until > moment).values(lease_until=longer)
    )
    if not held.rowcount:
        raise LeaseLost


def planned(
    tx: Session, lease: Lease, plan: Plan, rendered: Mapping[str, bytes], *, approval: bool
) -> None:
    """Keep the plan and show it, or where the task wants no approval go on with it."""
    if not approval:
        assert not plan.slots, "slots are bound by an approval"
    fence(tx, lease)
    blobs.keep(tx, lease.job, rendered)
    insert_or_ignore(
        tx,
        PlanRow,
        hash=plan.hash,
        job_id=lease.job,
        body=plan.model_dump(mode="json"),
        made_at=now(),
    )
    if not approval:
        _write_effects(tx, lease.job, plan, {})
    _enter(
        tx,
        lease.job,
        JobState.WAITING if approval else JobState.QUEUED,
        plan_hash=plan.hash,
        lease_owner=None,
        lease_until=None,
        fruitless=0,
    )


def plan_of(tx: Session, job: Job) -> Plan | None:
    """Return the plan that the job stands on now."""
    if job.plan_hash is None:
        return None
    row = tx.get_one(PlanRow, (job.plan_hash, job.id))
    return Plan.model_validate(row.body)


def approve(
    tx: Session, job_id: str, plan_hash: str, person: str, person_name: str, zone: ZoneInfo
) -> None:
    """Take a person's word for exactly this plan: bind its slots and queue its effects.

    Raises StalePlan if the job shows another plan by now, AlreadyDecided if somebody was first.
    """
    job = _waiting(tx, job_id, plan_hash)
    plan = plan_of(tx, job)
    assert plan is not None
    _decide(tx, job, plan_hash, person, person_name, "approved")
    year = now().astimezone(zone).year
    bindings = {slot.name: numbers.draw(tx, slot, job_id, year) for slot in plan.slots}
    _write_effects(tx, job_id, plan, bindings)
    _enter(tx, job_id, JobState.QUEUED, bindings=bindings)


def discard(tx: Session, job_id: str, plan_hash: str, person: str, person_name: str) -> None:
    """Drop a plan that waits for approval. Raises StalePlan and AlreadyDecided."""
    job = _waiting(tx, job_id, plan_hash)
    _decide(tx, job, plan_hash, person, person_name, "discarded")
    _enter(tx, job_id, JobState.CANCELLED)
    blobs.release(tx, job_id)


def edit(tx: Session, job_id: str, request: Mapping[str, Any], subject: str) -> None:
    """Plan a waiting job anew with another request. Raises AlreadyDecided once it is decided."""
    undecided(tx, job_id)
    # Whoever plans the old request just now has its lease taken away with the attempt number.
    _enter(
        tx,
        job_id,
        JobState.PLANNING,
        request=dict(request),
        subject=subject,
        plan_hash=None,
        attempt=Job.attempt + 1,
        lease_owner=None,
        lease_until=None,
    )


def running(tx: Session, lease: Lease) -> None:
    """Say that the work has begun."""
    fence(tx, lease)
    _enter(tx, lease.job, JobState.RUNNING)


def waits_for(tx: Session, lease: Lease, what: Mapping[str, str] | None) -> None:
    """Say what the job stands still for."""
    _change(tx, lease, waits_for=dict(what) if what else None)


def plan_again(tx: Session, lease: Lease) -> None:
    """Go back to planning: what was approved can no longer be done as it was shown."""
    fence(tx, lease)
    for row in tx.scalars(select(EffectRow).where(EffectRow.job_id == lease.job)):
        assert row.state == EffectState.PLANNED, "only a plan of which nothing was begun"
        tx.delete(row)
    _enter(tx, lease.job, JobState.PLANNING, plan_hash=None, lease_owner=None, lease_until=None)


def finish(tx: Session, lease: Lease) -> None:
    """End the job as done, and owe the person the result."""
    fence(tx, lease)
    _end(tx, lease.job, JobState.DONE)


def fail(tx: Session, lease: Lease, sentence: Mapping[str, str]) -> None:
    """End the job as failed, and owe the person the reason."""
    fence(tx, lease)
    _end(tx, lease.job, JobState.FAILED, failure=dict(sentence))


def find(tx: Session, job_id: str) -> Job:
    """Return the job. Raises JobUnknown."""
    job = tx.get(Job, job_id)
    if job is None:
        raise JobUnknown
    return job


def undecided(tx: Session, job_id: str) -> Job:
    """Return a job about which nobody has decided. Raises JobUnknown and AlreadyDecided."""
    job = find(tx, job_id)
    if job.state not in (JobState.WAITING, JobState.PLANNING):
        raise AlreadyDecided(who=decided_by(tx, job_id))
    return job


def decided_by(tx: Session, job_id: str) -> str:
    """Return the name of whoever decided last, for “… has already decided this”."""
    name = tx.scalar(
        select(Approval.person_name)
        .where(Approval.job_id == job_id)
        .order_by(Approval.at.desc())
        .limit(1)
    )
    return name or "Kakari"


def _waiting(tx: Session, job_id: str, plan_hash: str) -> Job:
    job = find(tx, job_id)
    if job.state == JobState.WAITING and job.plan_hash == plan_hash:
        return job
    if job.state in (JobState.WAITING, JobState.PLANNING):
        raise StalePlan
    raise AlreadyDecided(who=decided_by(tx, job_id))


def _decide(
    tx: Session, job: Job, plan_hash: str, person: str, person_name: str, verdict: str
) -> None:
    first = insert_or_ignore(
        tx,
        Approval,
        job_id=job.id,
        plan_hash=plan_hash,
        person=person,
        person_name=person_name,
        verdict=verdict,
        at=now(),
    )
    if not first:
        raise AlreadyDecided(who=decided_by(tx, job.id))


def _write_effects(tx: Session, job_id: str, plan: Plan, bindings: Mapping[str, str]) -> None:
    if plan.effects:
        tx.execute(
            EffectRow.__table__.insert(),  # type: ignore[attr-defined]
            [
                {
                    "job_id": job_id,
                    "key": effect.key,
                    "position": position,
                    "kind": effect.kind,
                    "data": bind(effect.data, bindings),
                    "after": list(effect.after),
                    "state": EffectState.PLANNED,
                }
                for position, effect in enumerate(plan.effects)
            ],
        )


def _end(tx: Session, job_id: str, state: JobState, **values: Any) -> None:
    _enter(tx, job_id, state, lease_owner=None, lease_until=None, waits_for=None, **values)
    owed.owe_result(tx, find(tx, job_id))
    blobs.release(tx, job_id)


def _enter(tx: Session, job_id: str, state: JobState, **values: Any) -> None:
    tx.execute(update(Job).where(Job.id == job_id).values(state=state, since=now(), **values))
    owed.owe_edit(tx, job_id, at_leisure=state in (JobState.QUEUED, JobState.RUNNING))


def _change(tx: Session, lease: Lease, **values: Any) -> bool:
    changed = tx.connection().execute(update(Job).where(_held(lease)).values(**values))
    return bool(changed.rowcount)


def _held(lease: Lease) -> ColumnElement[bool]:
    return and_(Job.id == lease.job, Job.attempt == lease.attempt, Job.lease_owner == lease.owner)
