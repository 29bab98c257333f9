"""Reading the audit: which jobs there were, what came of each, and every note of it in order."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session, defer

from ledger.audit import What
from ledger.models import AuditRow, Job, Number, PlanRow
from reading.text import normal

FETCHED = 500
"""Rows that an export holds at a time."""


@dataclass(frozen=True)
class Past:
    """A job as the audit tells of it."""

    job: Job
    approved_by: tuple[str, ...]
    """Who approved the plan that it stands on, in the order they did."""
    outcomes: Mapping[What, int]
    """How many of its effects came to what in the end."""
    link: str | None
    """Where people find what it made, while that is there."""


@dataclass(frozen=True)
class Noted:
    """A note with what is known of its job; the audit may outlive the job."""

    row: AuditRow
    job: Job | None
    numbers: str
    """All the numbers the job was given, with a space between them."""


def refers_to(reference: str) -> ColumnElement[bool]:
    """Return the condition for the jobs that a person means.

    Each word is a number in the register, in full width too, or the job's id, or is found in the
    subject.
    """
    return and_(true(), *map(_named, dict.fromkeys(reference.split())))


def is_known(tx: Session, reference: str) -> bool:
    """Say whether there is any job that a person can mean by this."""
    return tx.scalar(select(Job.id).where(refers_to(reference)).limit(1)) is not None


def latest(tx: Session, visible: ColumnElement[bool], limit: int) -> list[Past]:
    """Return the jobs that were asked for last, the latest first."""
    jobs = tx.scalars(select(Job).where(visible).order_by(Job.asked_at.desc()).limit(limit)).all()
    ids = [job.id for job in jobs]
    approvers, outcomes, links = _approvers(tx, ids), _outcomes(tx, ids), _links(tx, ids)
    return [
        Past(job, tuple(approvers[job.id]), outcomes[job.id], links.get(job.id)) for job in jobs
    ]


def notes(tx: Session, job_id: str) -> list[AuditRow]:
    """Return everything that was noted of a job, in order."""
    of_job = select(AuditRow).where(AuditRow.job_id == job_id)
    return list(tx.scalars(of_job.order_by(AuditRow.id)))


def export(
    tx: Session,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    reference: str | None = None,
) -> Iterator[Noted]:
    """Return the notes from ``since`` on and before ``before``, as they are read."""
    given = (
        select(Number.job_id, func.aggregate_strings(Number.written, " ").label("written"))
        .group_by(Number.job_id)
        .subquery()
    )
    wanted = (
        select(AuditRow, Job, given.c.written)
        .join(Job, Job.id == AuditRow.job_id, isouter=True)
        .join(given, given.c.job_id == AuditRow.job_id, isouter=True)
        .where(
            AuditRow.at >= since if since else true(),
            AuditRow.at < before if before else true(),
            refers_to(reference) if reference else true(),
        )
        .order_by(AuditRow.id)
        .options(defer(Job.request))
        .execution_options(yield_per=FETCHED)
    )
    for row, job, numbers in tx.execute(wanted):
        yield Noted(row, job, numbers or "")


def _named(word: str) -> ColumnElement[bool]:
    plain = normal(word).casefold()
    written = func.lower(Number.written).in_((plain, word.casefold()))
    numbered = select(Number.job_id).where(written)
    return or_(Job.id == plain, Job.id.in_(numbered), Job.subject.icontains(word, autoescape=True))


def _approvers(tx: Session, ids: list[str]) -> defaultdict[str, list[str]]:
    found = (
        select(AuditRow.job_id, AuditRow.who_name)
        .join(Job, and_(Job.id == AuditRow.job_id, Job.plan_hash == AuditRow.plan_hash))
        .where(AuditRow.job_id.in_(ids), AuditRow.what == What.APPROVED)
        .order_by(AuditRow.id)
    )
    by_job: defaultdict[str, list[str]] = defaultdict(list)
    for job, who in tx.execute(found):
        if who and who not in by_job[job]:
            by_job[job].append(who)
    return by_job


def _outcomes(tx: Session, ids: list[str]) -> defaultdict[str, Counter[What]]:
    counted = (
        select(AuditRow.job_id, AuditRow.what, func.count())
        .where(_at_last(ids))
        .group_by(AuditRow.job_id, AuditRow.what)
    )
    by_job: defaultdict[str, Counter[What]] = defaultdict(Counter)
    for job, what, count in tx.execute(counted):
        by_job[job][What(what)] = count
    return by_job


def _links(tx: Session, ids: list[str]) -> dict[str, str]:
    headline = and_(
        PlanRow.job_id == AuditRow.job_id,
        PlanRow.body["headline"].as_string() == AuditRow.effect,
    )
    found = (
        select(AuditRow.job_id, AuditRow.link)
        .join(Job, Job.id == AuditRow.job_id)
        .join(PlanRow, and_(headline, PlanRow.hash == Job.plan_hash))
        .where(_at_last(ids), AuditRow.what.in_((What.EFFECT_DONE, What.EFFECT_LEFT)))
    )
    return {job: link for job, link in tx.execute(found) if link}


def _at_last(ids: list[str]) -> ColumnElement[bool]:
    """Return the condition for the last note of each effect: one that failed may be done later."""
    last = (
        select(func.max(AuditRow.id))
        .where(AuditRow.job_id.in_(ids), AuditRow.effect.is_not(None))
        .group_by(AuditRow.job_id, AuditRow.effect)
    )
    return AuditRow.id.in_(last)
