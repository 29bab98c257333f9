"""Projects as the schedule tells of them, whether Kakari made their folders or a sheet named them.

A project's values are texts here, as ``tasks.schedule`` compares them: a date is ``2026-12-01``,
an amount ``131200``, and nothing is the empty text.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from ledger.columns import Bounded
from ledger.database import Base, UtcDateTime, insert_or_ignore, now
from ledger.models import NAME

DATES = ("ordered", "due")
TEXTS = ("customer", "name", "person", "state", "note")
AMOUNT = "amount"
FIELDS = (*TEXTS, *DATES, AMOUNT)


class Project(Base):
    """One project. Its row in the sheet is found by the key."""

    __tablename__ = "projects"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    """The number it was given, or what the imported sheet called it."""
    job_id: Mapped[str | None] = mapped_column(Bounded(24), index=True)
    """The job that made its folders; None for one that was imported."""
    space: Mapped[str] = mapped_column(Bounded(NAME))
    """Where it was asked for: people in other spaces are not told of it."""
    customer: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    ordered: Mapped[date | None] = mapped_column(Date)
    due: Mapped[date | None] = mapped_column(Date, index=True)
    person: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    amount: Mapped[int | None] = mapped_column(BigInteger)
    """In yen."""
    note: Mapped[str] = mapped_column(Text)
    scheduled: Mapped[bool] = mapped_column()
    """Whether the schedule sheet is to have a row of it."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


def add(tx: Session, key: str, job_id: str | None, space: str, values: Mapping[str, str]) -> bool:
    """Enter a project; False if its key is there already."""
    given = {name: _column(name, values.get(name, "")) for name in FIELDS}
    return insert_or_ignore(
        tx,
        Project,
        key=key,
        job_id=job_id,
        space=space,
        scheduled=True,
        changed_at=now(),
        **given,
    )


def change(tx: Session, key: str, moves: Mapping[str, tuple[str, str]]) -> None:
    """Change a project's values, each where it still is what it was; it is in the schedule then."""
    project = tx.get(Project, key, with_for_update=True)
    if project is None:
        return
    for name, (was, becomes) in moves.items():
        if _text(name, getattr(project, name)) == was:
            setattr(project, name, _column(name, becomes))
    project.scheduled = True
    project.changed_at = now()


def remove(tx: Session, key: str) -> None:
    tx.execute(delete(Project).where(Project.key == key))


def unschedule(tx: Session, keys: Iterable[str]) -> None:
    """Let projects go without a row in the sheet."""
    for key in keys:
        tx.execute(update(Project).where(Project.key == key).values(scheduled=False))


def find(tx: Session, key: str) -> dict[str, str] | None:
    """Return a project's values."""
    project = tx.get(Project, key)
    return (
        None if project is None else {name: _text(name, getattr(project, name)) for name in FIELDS}
    )


def job_of(tx: Session, key: str) -> str | None:
    """Return the job that made the project's folders, if one did."""
    return tx.scalar(select(Project.job_id).where(Project.key == key))


def every(tx: Session) -> tuple[dict[str, dict[str, str]], set[str]]:
    """Return all projects' values by key, and the keys of those that need no row."""
    columns = [getattr(Project, name) for name in FIELDS]
    found = tx.execute(select(Project.key, Project.scheduled, *columns).order_by(Project.key))
    values, unscheduled = {}, set()
    for key, scheduled, *said in found:
        values[key] = {name: _text(name, each) for name, each in zip(FIELDS, said, strict=True)}
        if not scheduled:
            unscheduled.add(key)
    return values, unscheduled


def due_until(tx: Session, day: date, space: str | None) -> Sequence[Project]:
    """Return the projects that are due until this day, the earliest first; of a space, if any."""
    wanted = select(Project).where(Project.due <= day)
    if space is not None:
        wanted = wanted.where(Project.space == space)
    return tx.scalars(wanted.order_by(Project.due, Project.key)).all()


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if name in DATES else str(value)


def _column(name: str, value: str) -> Any:
    if name in DATES:
        return date.fromisoformat(value) if value else None
    if name == AMOUNT:
        return int(value) if value else None
    return value
