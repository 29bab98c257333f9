"""Messages that a space is owed. They are written with the change of state they tell of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from errors.work import LeaseLost
from ledger.database import insert_or_ignore, now
from ledger.models import WORKABLE, Job, JobState, OwedMessage

FIRST_LOOK = timedelta(seconds=0.8)
"""How long a new job's card waits for the plan: a space takes one write a second, so a card
that only says "planning" would hold the plan up by one."""
LEISURE = timedelta(seconds=2)
"""How long an edit may wait that says no more than that the work has begun: most jobs have
ended by then, and Chat has shown the tapped card with its answer already."""

CARD, RESULT, REMINDER, NOTICE = "card", "result", "reminder", "notice"
DIRECT, ADMIN = "direct", "admin"
"""Where a job moves whose space refuses for good: the asker's direct message, the admin space."""

_FIRST = case({RESULT: 0, REMINDER: 1}, value=OwedMessage.role, else_=2)
_GIVEN_UP = OwedMessage.undeliverable.is_not(None)
_OWED = and_(OwedMessage.delivered < OwedMessage.wanted, OwedMessage.undeliverable.is_(None))


@dataclass(frozen=True)
class Held:
    """A message that is ours to deliver, as it was wanted when we took it."""

    message_id: str
    job: str | None
    """None of a notice."""
    role: str
    space: str
    thread: str | None
    name: str | None
    wanted: int
    tries: int
    holder: str


def owe_card(tx: Session, job_id: str, space: str, thread: str | None) -> None:
    _owe(tx, f"client-{job_id}", CARD, job_id, space, thread, after=FIRST_LOOK)


def owe_edit(tx: Session, job_id: str, *, at_leisure: bool = False) -> None:
    """Owe the job's card as it is now; an edit that was not sent yet is superseded.

    What may wait ``at_leisure`` leaves the space's one write a second to what people wait for.
    """
    due = now() + (LEISURE if at_leisure else timedelta())
    tx.execute(
        update(OwedMessage)
        .where(OwedMessage.job_id == job_id, OwedMessage.role == CARD)
        .values(wanted=OwedMessage.wanted + 1, due_at=due)
    )


def owe_result(tx: Session, job: Job, told_as: str | None = None) -> None:
    """Owe a message that tells the job's end; its id ends in ``told_as`` or in which end it is.

    A job can end several times, and each end has a message of its own, for an edit notifies
    nobody. One that was not told before the next end came is no longer owed: if it got through
    after all, it said what was true then.
    """
    results = and_(OwedMessage.job_id == job.id, OwedMessage.role == RESULT)
    tx.execute(
        update(OwedMessage)
        .where(results, OwedMessage.delivered < OwedMessage.wanted)
        .values(delivered=OwedMessage.wanted, undeliverable=null())
    )
    told = tx.scalar(select(func.count()).select_from(OwedMessage).where(results))
    name = told_as or (f"result-{told + 1}" if told else "result")
    _owe(tx, f"client-{job.id}-{name}", RESULT, job.id, job.space, job.thread)


def owe_reminder(tx: Session, job: Job) -> None:
    """Owe a reminder of the plan that waits: one for each plan, however often it is asked for."""
    _owe(tx, _reminder_id(job), REMINDER, job.id, job.space, job.thread)


def due_spaces(tx: Session, within: timedelta) -> dict[str, datetime]:
    """Return the spaces that are owed something within that time, with since or from when.

    A space to which a message is on its way is left out: one that answers slowly keeps one
    deliverer busy, and not all of them.
    """
    moment = now()
    due = _due(moment, moment + within)
    query = select(OwedMessage.space, func.min(OwedMessage.due_at).label("first")).where(due)
    query = query.where(OwedMessage.space.not_in(_on_its_way(moment)))
    return {row.space: row.first for row in tx.execute(query.group_by(OwedMessage.space))}


def take_due(tx: Session, holder: str, seconds: float, space: str | None = None) -> Held | None:
    """Take a message that is due, for some seconds; results before reminders before cards.

    An edit waits until the job's result is delivered, also while another holds that: they would
    compete for the space's one write a second. Of a ``space`` nothing is taken while another of
    its messages is on its way; where none is named, that is not looked at.
    """
    moment = now()
    due = _due(moment, moment)
    query = select(OwedMessage).where(due)
    if space is not None:
        query = query.where(
            OwedMessage.space == space, OwedMessage.space.not_in(_on_its_way(moment))
        )
    row = tx.scalars(
        query.order_by(_FIRST, OwedMessage.due_at, OwedMessage.message_id).limit(1)
    ).first()
    if row is None:
        return None
    held = tx.connection().execute(
        update(OwedMessage)
        .where(OwedMessage.message_id == row.message_id, due)
        .values(held_by=holder, held_until=moment + timedelta(seconds=seconds))
    )
    if not held.rowcount:
        return None
    return Held(
        message_id=row.message_id,
        job=row.job_id,
        role=row.role,
        space=row.space,
        thread=row.thread,
        name=row.name,
        wanted=row.wanted,
        tries=row.tries,
        holder=holder,
    )


def as_wanted(tx: Session, held: Held) -> Held | None:
    """Return the message with what is wanted of it by now; None if it is not owed any more."""
    wanted = tx.scalar(
        select(OwedMessage.wanted).where(
            OwedMessage.message_id == held.message_id, OwedMessage.delivered < OwedMessage.wanted
        )
    )
    return None if wanted is None else replace(held, wanted=wanted)


def still_true(held: Held, job: Job) -> bool:
    """Say whether a message is still of use.

    That is a reminder whose plan waits, and a result of a job on which nobody has gone on since.
    """
    if held.role == REMINDER:
        return job.state == JobState.WAITING and held.message_id.startswith(_reminder_id(job))
    return held.role == CARD or job.state not in (*WORKABLE, JobState.WAITING)


def give_back(tx: Session, held: Held) -> None:
    """Let anybody have the message again; its name stays, if we found out that it is there."""
    _let_go(tx, held, name=held.name)


def hold_on(tx: Session, held: Held, seconds: float) -> None:
    """Hold the message for so long from now. Raises LeaseLost if the hold has run out."""
    moment = now()
    kept = tx.connection().execute(
        update(OwedMessage)
        .where(_ours(held), OwedMessage.held_until > moment)
        .values(held_until=moment + timedelta(seconds=seconds))
    )
    if not kept.rowcount:
        raise LeaseLost


def post_anew(tx: Session, held: Held) -> None:
    """Owe a message again that was deleted; Chat gives out an id only once."""
    base, _, number = held.message_id.partition("--")
    anew = f"{base}--{int(number or 1) + 1}"
    _let_go(tx, held, message_id=anew, name=None, delivered=0, due_at=now(), tries=0)


def move(tx: Session, held: Held, space: str, moved: str) -> bool:
    """Move the job, and what it is owed, to another space; False if it has left this one already.

    The card is posted anew there, delivered or not: its buttons are good only in the job's space.
    The ids may stay, since each is unique in its space only.
    """
    left = tx.connection().execute(
        update(Job)
        .where(Job.id == held.job, Job.space == held.space)
        .values(space=space, thread=None, moved=moved)
    )
    if not left.rowcount:
        return False
    missing = or_(OwedMessage.role == CARD, OwedMessage.delivered < OwedMessage.wanted)
    tx.execute(
        update(OwedMessage)
        .where(OwedMessage.job_id == held.job, missing)
        .values(
            space=space,
            thread=None,
            name=None,
            delivered=0,
            due_at=now(),
            tries=0,
            held_by=None,
            held_until=None,
        )
    )
    return True


def delivered(tx: Session, held: Held, name: str | None) -> None:
    """Say that the message stands in Chat as it was wanted; without a name, that it need not."""
    _let_go(tx, held, name=name, delivered=held.wanted, tries=0)


def show_again(tx: Session, held: Held) -> None:
    """Owe a card once more that we held for too long.

    Another one may have sent a newer one meanwhile, which our edit has arrived after and written
    over: a process can be stopped between its last look at the hold and the first byte it sends.
    """
    newer = (OwedMessage.message_id == held.message_id, OwedMessage.wanted > held.wanted)
    tx.connection().execute(update(OwedMessage).where(*newer).values(wanted=OwedMessage.wanted + 1))


def put_off(tx: Session, held: Held, seconds: float) -> None:
    """Try again later."""
    _let_go(tx, held, tries=held.tries + 1, due_at=now() + timedelta(seconds=seconds))


def give_up(tx: Session, held: Held, why: dict[str, str]) -> bool:
    """Mark the message as undeliverable, where the operator sees it; False if it is not ours."""
    return _let_go(tx, held, undeliverable=why, due_at=now())


def undeliverable(tx: Session) -> int:
    """Return how many messages were given up."""
    return tx.scalar(select(func.count()).select_from(OwedMessage).where(_GIVEN_UP)) or 0


def undelivered(tx: Session) -> Sequence[OwedMessage]:
    """Return the messages that were given up, in that order; ``due_at`` says when."""
    return tx.scalars(select(OwedMessage).where(_GIVEN_UP).order_by(OwedMessage.due_at)).all()


def owe_again(tx: Session) -> None:
    """Owe everything anew that was given up: the deployer has mended what was in the way."""
    tx.execute(
        update(OwedMessage).where(_GIVEN_UP).values(undeliverable=null(), due_at=now(), tries=0)
    )


def _owe(
    tx: Session,
    message_id: str,
    role: str,
    job_id: str,
    space: str,
    thread: str | None,
    after: timedelta = timedelta(),
) -> None:
    insert_or_ignore(
        tx,
        OwedMessage,
        message_id=message_id,
        job_id=job_id,
        role=role,
        space=space,
        thread=thread,
        wanted=1,
        delivered=0,
        due_at=now() + after,
        tries=0,
    )


def _due(moment: datetime, until: datetime) -> ColumnElement[bool]:
    """Return the condition for what is due ``until`` then, and held by nobody at the moment."""
    result = aliased(OwedMessage)
    result_owed = exists().where(
        result.job_id == OwedMessage.job_id,
        result.role == RESULT,
        result.delivered < result.wanted,
        result.undeliverable.is_(None),
    )
    return and_(
        _OWED,
        OwedMessage.due_at <= until,
        or_(OwedMessage.held_until.is_(None), OwedMessage.held_until < moment),
        or_(OwedMessage.role == RESULT, OwedMessage.name.is_(None), ~result_owed),
    )


def _on_its_way(moment: datetime) -> Select[Any]:
    """Select the spaces of which somebody holds a message that is still owed."""
    other = aliased(OwedMessage)
    return select(other.space).where(
        other.delivered < other.wanted,
        other.undeliverable.is_(None),
        other.held_until >= moment,
    )


def _reminder_id(job: Job) -> str:
    assert job.plan_hash, "a job is reminded of a plan"
    return f"client-{job.id}-reminder-{job.plan_hash[:8]}"


def _ours(held: Held) -> ColumnElement[bool]:
    return and_(OwedMessage.message_id == held.message_id, OwedMessage.held_by == held.holder)


def _let_go(tx: Session, held: Held, **values: object) -> bool:
    """Say what became of a message that was sent; False if it is not ours any more."""
    ours = tx.connection().execute(
        update(OwedMessage).where(_ours(held)).values(held_by=None, held_until=None, **values)
    )
    if not ours.rowcount:
        show_again(tx, held)
    return bool(ours.rowcount)
