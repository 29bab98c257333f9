"""The way of a job: asked, planned, worked on, ended. What people decide is in ``approvals``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from errors.asking import JobUnknown, TooManyOpen
from ledger import askers, audit, authors, blobs, documents, numbers, owed, work
from ledger.audit import What, Who
from ledger.database import insert_or_ignore, now
from ledger.leases import Lease, fence
from ledger.models import Job, JobState, PlanRow
from ledger.plan import Plan


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


def ask(tx: Session, asked: Asked, most_open: int | None = None) -> bool:
    """Write a request down, with the card it is owed; False if its form was sent before.

    Raises TooManyOpen, with nothing written, where the asker has ``most_open`` requests open.
    """
    if most_open is not None and not askers.has_room(tx, asked.asker, most_open):
        if asked.form and tx.scalar(select(Job.id).where(Job.form == asked.form)):
            return False
        raise TooManyOpen(n=most_open)
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
        planned_again=False,
    )
    if fresh:
        owed.owe_card(tx, asked.id, asked.space, asked.thread)
        audit.note(tx, asked.id, What.ASKED, Who(asked.asker, asked.asker_name))
    return fresh


def ask_again(
    tx: Session,
    job: Job,
    job_id: str,
    asker: str,
    asker_name: str,
    most_open: int | None = None,
) -> bool:
    """Ask for what a job was to do, as a job of its own; False if that has been done before.

    Raises TooManyOpen as ``ask`` does.
    """
    fresh = ask(
        tx,
        Asked(
            id=job_id,
            task=job.task,
            request=job.request,
            subject=job.subject,
            asker=asker,
            asker_name=asker_name,
            locale=job.locale,
            space=job.space,
            thread=job.thread,
            form=f"{authors.AGAIN}{job.id}",
        ),
        most_open,
    )
    if fresh:
        audit.note(tx, job.id, What.ASKED_AGAIN, Who(asker, asker_name))
    return fresh


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
    audit.note(tx, lease.job, What.PLANNED, plan=plan.hash)
    if not approval:
        work.write(tx, lease.job, plan, {})
    found = {"subject": plan.subject} if plan.subject else {}
    enter(
        tx,
        lease.job,
        JobState.WAITING if approval else JobState.QUEUED,
        **found,
        plan_hash=plan.hash,
        lease_owner=None,
        lease_until=None,
        fruitless=0,
        reminded=False,
        not_before=None if approval else plan.not_before,
    )


def plan_of(tx: Session, job: Job) -> Plan | None:
    """Return the plan that the job stands on now."""
    if job.plan_hash is None:
        return None
    row = tx.get_one(PlanRow, (job.plan_hash, job.id))
    return Plan.model_validate(row.body)


def running(tx: Session, lease: Lease) -> None:
    """Say that the work has begun."""
    fence(tx, lease)
    enter(tx, lease.job, JobState.RUNNING)


def plan_again(tx: Session, lease: Lease) -> None:
    """Go back to planning: what was approved can no longer be done as it was shown."""
    fence(tx, lease)
    work.drop(tx, lease.job)
    enter(
        tx,
        lease.job,
        JobState.PLANNING,
        plan_hash=None,
        bindings={},
        planned_again=True,
        lease_owner=None,
        lease_until=None,
    )


def plan_anew(tx: Session, job_id: str) -> None:
    """Plan a job again that waits: what it showed can no longer be done, or not that day."""
    enter(tx, job_id, JobState.PLANNING, plan_hash=None, planned_again=True)


def finish(tx: Session, lease: Lease) -> None:
    """End the job as done, and owe the person the result."""
    fence(tx, lease)
    _end(tx, lease.job, JobState.DONE)


def fail(tx: Session, lease: Lease, sentence: Mapping[str, str]) -> None:
    """End the job as failed, and owe the person the reason."""
    fence(tx, lease)
    _end(tx, lease.job, JobState.FAILED, failure=dict(sentence))


def stop(tx: Session, lease: Lease) -> None:
    """End the job as cancelled, at the effect boundary it was asked to stop at."""
    fence(tx, lease)
    documents.withdraw(tx, lease.job)
    _end(tx, lease.job, JobState.CANCELLED)


def ask_back(tx: Session, lease: Lease) -> None:
    """Let the job lie until a person has said whether an effect happened."""
    fence(tx, lease)
    _end(tx, lease.job, JobState.UNSURE)


def doubt(tx: Session, job_id: str, why: Mapping[str, str], told_as: str) -> None:
    """Let the job lie until a person has looked, whoever was at it.

    It may have come further than the ledger knows, so its end may have been told by the usual id:
    ``told_as`` is another one.
    """
    _end(tx, job_id, JobState.UNSURE, told_as, failure=dict(why))


def undone(tx: Session, lease: Lease) -> None:
    """End the job as taken back, as far as that could be."""
    fence(tx, lease)
    numbers.void(tx, lease.job)
    _end(tx, lease.job, JobState.UNDONE)


def remind(tx: Session, before: datetime) -> list[str]:
    """Owe a reminder of each plan that has waited since before that moment; once for each."""
    old = select(Job).where(Job.state == JobState.WAITING, Job.since < before, ~Job.reminded)
    reminded = list(tx.scalars(old.with_for_update(skip_locked=True)))
    for job in reminded:
        job.reminded = True
        owed.owe_reminder(tx, job)
        audit.note(tx, job.id, What.REMINDED, plan=job.plan_hash)
    return [job.id for job in reminded]


def expire(tx: Session, before: datetime) -> list[str]:
    """End the jobs whose plan has waited since before that moment; return their ids."""
    old = select(Job.id).where(Job.state == JobState.WAITING, Job.since < before)
    expired = list(tx.scalars(old.with_for_update(skip_locked=True)))
    for job_id in expired:
        _end(tx, job_id, JobState.EXPIRED)
    return expired


def find(tx: Session, job_id: str, *, locked: bool = False) -> Job:
    """Return the job; ``locked``, nobody else changes it in the meantime. Raises JobUnknown."""
    job = tx.get(Job, job_id, with_for_update=locked, populate_existing=locked)
    if job is None:
        raise JobUnknown
    return job


def _end(
    tx: Session, job_id: str, state: JobState, told_as: str | None = None, **values: Any
) -> None:
    enter(tx, job_id, state, lease_owner=None, lease_until=None, **values)
    job = find(tx, job_id)
    if job.asker:  # of what the clock has asked for, the card alone tells
        owed.owe_result(tx, job, told_as)
    audit.note(tx, job_id, What(state), details=values.get("failure"))


def enter(tx: Session, job_id: str, state: JobState, **values: Any) -> None:
    """Bring the job into a state, and owe the card that shows it."""
    soon_over = state in (JobState.QUEUED, JobState.RUNNING) and not values.get("not_before")
    values = {"state": state, "since": now(), "waits_for": None, **values}
    change(tx, job_id, at_leisure=soon_over, **values)


def change(tx: Session, job_id: str, *, at_leisure: bool = False, **values: Any) -> None:
    """Change something that the job's card shows, and owe that card."""
    tx.execute(update(Job).where(Job.id == job_id).values(values))
    owed.owe_edit(tx, job_id, at_leisure=at_leisure)
