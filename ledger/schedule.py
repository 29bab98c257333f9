"""The spreadsheets that are kept in step: what both sides agreed on, and what people are asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    ForeignKey,
    Integer,
    String,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from errors.schedule import AnsweredBefore
from ledger import posts
from ledger.columns import Bounded
from ledger.database import Base, UtcDateTime, insert_or_ignore, now, upsert
from ledger.models import NAME


class Schedule(Base):
    """A spreadsheet that is kept in step, and what is due for it."""

    __tablename__ = "schedules"

    spreadsheet: Mapped[str] = mapped_column(String(100), primary_key=True)
    tab: Mapped[int | None] = mapped_column(BigInteger)
    """Google's id of the tab, which stays when it is renamed; None before the first sync."""
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the rows were let in that were there before Kakari, or there were none."""
    look_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the clock looks at it next."""
    told: Mapped[str | None] = mapped_column(Bounded(64))
    """Which state of things the clock has asked a sync for: it asks once for each."""
    digest_on: Mapped[date | None] = mapped_column(Date)
    """The last day whose morning digest was posted."""


class ScheduleRow(Base):
    """What a row and its project said when they last agreed, field by field."""

    __tablename__ = "schedule_rows"

    spreadsheet: Mapped[str] = mapped_column(ForeignKey("schedules.spreadsheet"), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    agreed: Mapped[dict[str, str]] = mapped_column(JSON)


class ScheduleQuestion(Base):
    """Something about the schedule that only a person can decide."""

    __tablename__ = "schedule_questions"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    """Made from all that is asked: the same question is asked once."""
    job_id: Mapped[str | None] = mapped_column(Bounded(24))
    """The job that asks it, on its card only; None of a question from before this was noted."""
    spreadsheet: Mapped[str] = mapped_column(ForeignKey("schedules.spreadsheet"), index=True)
    kind: Mapped[str] = mapped_column(Bounded(20))
    key: Mapped[str] = mapped_column(Bounded(100))
    about: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The values that are asked about."""
    position: Mapped[int] = mapped_column(Integer)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    open: Mapped[bool] = mapped_column()
    """Whether things still are as they were asked about, and nobody has answered."""
    answer: Mapped[str | None] = mapped_column(Bounded(20))
    answered_by: Mapped[str | None] = mapped_column(Bounded(NAME))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Asked:
    """A question as a sync finds it."""

    id: str
    kind: str
    key: str
    about: dict[str, Any]


def of(tx: Session, spreadsheet: str) -> Schedule:
    """Return what is known of a spreadsheet, from now on if it was not known."""
    insert_or_ignore(tx, Schedule, spreadsheet=spreadsheet, look_at=now())
    return tx.get_one(Schedule, spreadsheet)


def imported(tx: Session, spreadsheet: str, at: datetime | None) -> None:
    """Say that the rows were let in that were there before Kakari; or that they were not."""
    tx.execute(update(Schedule).where(Schedule.spreadsheet == spreadsheet).values(imported_at=at))


def look_soon(tx: Session, after: timedelta = timedelta()) -> None:
    """Have every schedule looked at, such as after a project was made."""
    tx.execute(update(Schedule).values(look_at=now() + after))


def agreed(tx: Session, spreadsheet: str) -> dict[str, dict[str, str]]:
    """Return what both sides agreed on, by key."""
    rows = select(ScheduleRow.key, ScheduleRow.agreed).where(ScheduleRow.spreadsheet == spreadsheet)
    return {row.key: row.agreed for row in tx.execute(rows)}


def agree(tx: Session, spreadsheet: str, rows: Mapping[str, Mapping[str, str]]) -> None:
    """Note what both sides agree on now; of a row that is known, the fields that are named."""
    if not rows:
        return
    before = agreed(tx, spreadsheet)
    given = [
        {"spreadsheet": spreadsheet, "key": key, "agreed": {**before.get(key, {}), **values}}
        for key, values in rows.items()
    ]
    statement = upsert(tx)(ScheduleRow)
    statement = statement.on_conflict_do_update(
        index_elements=["spreadsheet", "key"], set_={"agreed": statement.excluded.agreed}
    )
    tx.connection().execute(statement, given)


def forget(tx: Session, spreadsheet: str, keys: Iterable[str]) -> None:
    """Forget rows, as if they had never been in the sheet."""
    for key in keys:
        tx.execute(
            delete(ScheduleRow).where(
                ScheduleRow.spreadsheet == spreadsheet, ScheduleRow.key == key
            )
        )


def ask(
    tx: Session,
    spreadsheet: str,
    questions: Sequence[Asked],
    lasting: Sequence[str],
    job: str | None = None,
) -> None:
    """Have a job ask these questions, and nobody those that were open and are not among them.

    A ``lasting`` answer holds for the same question once more; another was for that time.
    """
    tx.execute(
        update(ScheduleQuestion)
        .where(ScheduleQuestion.spreadsheet == spreadsheet)
        .values(open=False)
    )
    for position, each in enumerate(questions):
        fresh = insert_or_ignore(
            tx,
            ScheduleQuestion,
            id=each.id,
            job_id=job,
            spreadsheet=spreadsheet,
            kind=each.kind,
            key=each.key,
            about=each.about,
            position=position,
            asked_at=now(),
            open=True,
        )
        if not fresh:
            tx.execute(
                update(ScheduleQuestion)
                .where(
                    ScheduleQuestion.id == each.id,
                    or_(
                        ScheduleQuestion.answer.is_(None),
                        ScheduleQuestion.answer.not_in(lasting),
                    ),
                )
                .values(open=True, answer=None, about=each.about, position=position, job_id=job)
            )


def open_questions(tx: Session, job: str | None = None) -> Sequence[ScheduleQuestion]:
    """Return what is still to be decided, in the order it was asked in; what one job asks."""
    asked = select(ScheduleQuestion).where(ScheduleQuestion.open)
    if job is not None:
        asked = asked.where(or_(ScheduleQuestion.job_id == job, ScheduleQuestion.job_id.is_(None)))
    return tx.scalars(asked.order_by(ScheduleQuestion.position)).all()


def answers(tx: Session, spreadsheet: str) -> dict[str, str]:
    """Return what people answered, by the question's id."""
    given = select(ScheduleQuestion.id, ScheduleQuestion.answer).where(
        ScheduleQuestion.spreadsheet == spreadsheet, ScheduleQuestion.answer.is_not(None)
    )
    return {question: answer for question, answer in tx.execute(given) if answer}


def open_question(tx: Session, question: str) -> ScheduleQuestion:
    """Return the question. Raises AnsweredBefore where it is not open any more."""
    found = tx.get(ScheduleQuestion, question, populate_existing=True)
    if found is None or not found.open:
        raise AnsweredBefore
    return found


def answer(tx: Session, question: str, said: str, person: str) -> ScheduleQuestion:
    """Take an answer. Raises AnsweredBefore where the question is not open any more."""
    taken = tx.connection().execute(
        update(ScheduleQuestion)
        .where(ScheduleQuestion.id == question, ScheduleQuestion.open)
        .values(open=False, answer=said, answered_by=person, answered_at=now())
    )
    if not taken.rowcount:
        raise AnsweredBefore
    return tx.get_one(ScheduleQuestion, question, populate_existing=True)


def alone(tx: Session, spreadsheet: str, job: str, attempt: int, seconds: float) -> bool:
    """Take or keep a spreadsheet for one job; False while another has it.

    What an earlier attempt of the job has left taken is taken over: the caller has made sure, in
    the same transaction, that no later one is under way.
    """
    return posts.hold(tx, _post(spreadsheet), _holder(job, attempt), seconds, _holder(job))


def let_go(tx: Session, spreadsheet: str, job: str, attempt: int) -> None:
    """Let others have the spreadsheet, unless a later attempt has it by now."""
    posts.leave(tx, _post(spreadsheet), _holder(job, attempt))


def _holder(job: str, attempt: int | None = None) -> str:
    return f"{job}/" if attempt is None else f"{job}/{attempt}"


def _post(spreadsheet: str) -> str:
    """Return the name of the post; Google's ids have 44 characters, and a post has room for 50."""
    return f"sheet:{spreadsheet[-44:]}"
