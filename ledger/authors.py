"""Who wrote a request: whoever asked for it, and whoever has edited it since.

A request that is asked for again says what the one before it said, so its authors count, too.
An author stays one, whatever others edit later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from ledger.audit import What
from ledger.models import Approval, Job

AGAIN = "again:"
"""What the form of a request begins with that was asked for again; the earlier job's id follows."""


@dataclass(frozen=True)
class Authors:
    """People by Chat's names, with what they are called; the asker is in neither of the others."""

    asker: str
    before: Mapping[str, str]
    """Who has asked for it before."""
    editors: Mapping[str, str]

    def __contains__(self, person: str) -> bool:
        return person in (self.asker, *self.before, *self.editors)


def of(tx: Session, job: Job) -> Authors:
    """Return the authors of a job's request, in the order they wrote."""
    return of_each(tx, [job])[job.id]


def of_each(tx: Session, jobs: Iterable[Job]) -> dict[str, Authors]:
    """Return the authors of each of these jobs' requests, by the job's id."""
    known = list(jobs)
    editors = _editors(tx, [job.id for job in known])
    found = {}
    for job in known:
        before: dict[str, str] = {}
        edited = editors.get(job.id, {})
        if (job.form or "").startswith(AGAIN):
            line = _line(tx, job)
            earlier = _editors(tx, [each.id for each in line])
            before = {each.asker: each.asker_name for each in line}
            for each in line:
                edited = {**earlier.get(each.id, {}), **edited}
        before.pop(job.asker, None)
        found[job.id] = Authors(
            job.asker, before, {k: called for k, called in edited.items() if k != job.asker}
        )
    return found


def wrote(person: str) -> ColumnElement[bool]:
    """Return the condition for the jobs whose request a person asked for or edited."""
    edited = select(Approval.job_id).where(
        Approval.person == person, Approval.verdict == What.EDITED
    )
    return or_(Job.asker == person, Job.id.in_(edited))


def _editors(tx: Session, ids: list[str]) -> dict[str, dict[str, str]]:
    edits = (
        select(Approval.job_id, Approval.person, Approval.person_name)
        .where(Approval.job_id.in_(ids), Approval.verdict == What.EDITED)
        .order_by(Approval.id)
    )
    found: dict[str, dict[str, str]] = {}
    for row in tx.execute(edits):
        found.setdefault(row.job_id, {})[row.person] = row.person_name
    return found


def _line(tx: Session, job: Job) -> list[Job]:
    """Return the jobs that this one repeats, the latest first."""
    before = (
        select(Job.id, Job.form, literal(1).label("back"))
        .where(Job.id == (job.form or "").removeprefix(AGAIN))
        .cte("line", recursive=True)
    )
    repeated = aliased(Job)
    line = before.union_all(
        select(repeated.id, repeated.form, before.c.back + 1).where(
            before.c.form.startswith(AGAIN),
            repeated.id == func.substr(before.c.form, len(AGAIN) + 1),
        )
    )
    return list(tx.scalars(select(Job).join(line, Job.id == line.c.id).order_by(line.c.back)))
