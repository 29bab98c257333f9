"""Messages that a space is owed. They are written with the change of state they tell of."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from ledger.database import insert_or_ignore, now
from ledger.models import Job, OwedMessage

FIRST_LOOK = timedelta(seconds=0.8)
"""How long a new job's card waits for the plan: a space takes one write a second, so a card
that only says "planning" would hold the plan up by one."""
LEISURE = timedelta(seconds=2)
"""How long an edit may wait that says no more than that the work has begun: most jobs have
ended by then, and Chat has shown the tapped card with its answer already."""
HOLD = timedelta(seconds=60)
"""How long a message is one process's to deliver; longer than any call to Chat may take."""

CARD, RESULT = "card", "result"


@dataclass(frozen=True)
class Held:
    """A message that is ours to deliver, as it was wanted when we took it."""

    message_id: str
    job: str
    role: str
    space: str
    thread: str | None
    name: str | None
    wanted: int
    tries: int
    holder: str


def owe_card(tx: Session, job_id: str, space: str, thread: str | None) -> None:
    insert_or_ignore(
        tx,
        OwedMessage,
        message_id=f"client-{job_id}",
        job_id=job_id,
        role=CARD,
        space=space,
        thread=thread,
        wanted=1,
        delivered=0,
        due_at=now() + FIRST_LOOK,
        tries=0,
    )


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


def owe_result(tx: Session, job: Job) -> None:
    insert_or_ignore(
        tx,
        OwedMessage,
        message_id=f"client-{job.id}-result",
        job_id=job.id,
        role=RESULT,
        space=job.space,
        thread=job.thread,
        wanted=1,
        delivered=0,
        due_at=now(),
        tries=0,
    )


def take_due(tx: Session, holder: str) -> Held | None:
    """Take a message that is due; results before cards.

    An edit waits until the job's result is delivered, also while another holds that: they would
    compete for the space's one write a second.
    """
    moment = now()
    result = aliased(OwedMessage)
    result_owed = exists().where(
        result.job_id == OwedMessage.job_id,
        result.role == RESULT,
        result.delivered < result.wanted,
        result.undeliverable.is_(None),
    )
    due = and_(
        OwedMessage.delivered < OwedMessage.wanted,
        OwedMessage.undeliverable.is_(None),
        OwedMessage.due_at <= moment,
        or_(OwedMessage.held_until.is_(None), OwedMessage.held_until < moment),
        or_(OwedMessage.role == RESULT, OwedMessage.name.is_(None), ~result_owed),
    )
    query = select(OwedMessage).where(due)
    row = tx.scalars(query.order_by(OwedMessage.role.desc(), OwedMessage.due_at).limit(1)).first()
    if row is None:
        return None
    held = tx.connection().execute(
        update(OwedMessage)
        .where(OwedMessage.message_id == row.message_id, due)
        .values(held_by=holder, held_until=moment + HOLD)
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


def as_wanted(tx: Session, held: Held) -> Held:
    """Return the message with what is wanted of it by now."""
    wanted = select(OwedMessage.wanted).where(OwedMessage.message_id == held.message_id)
    return replace(held, wanted=tx.scalars(wanted).one())


def post_anew(tx: Session, held: Held) -> None:
    """Owe a message again that was deleted; Chat gives out an id only once."""
    row = tx.get(OwedMessage, held.message_id)
    if row is None or row.held_by != held.holder:
        return
    base, _, number = held.message_id.partition("--")
    tx.delete(row)
    tx.flush()
    tx.add(
        OwedMessage(
            message_id=f"{base}--{int(number or 1) + 1}",
            job_id=held.job,
            role=held.role,
            space=held.space,
            thread=held.thread,
            wanted=1,
            delivered=0,
            due_at=now(),
            tries=0,
        )
    )


def delivered(tx: Session, held: Held, name: str) -> None:
    """Say that the message stands in Chat as it was wanted when it was taken."""
    _let_go(tx, held, name=name, delivered=held.wanted, tries=0)


def put_off(tx: Session, held: Held, seconds: float) -> None:
    """Try again later."""
    _let_go(tx, held, tries=held.tries + 1, due_at=now() + timedelta(seconds=seconds))


def give_up(tx: Session, held: Held, why: dict[str, str]) -> None:
    """Mark the message as undeliverable, where the operator sees it."""
    _let_go(tx, held, undeliverable=why)


def undeliverable(tx: Session) -> int:
    """Return how many messages were given up."""
    given_up = OwedMessage.undeliverable.is_not(None)
    return tx.scalar(select(func.count()).select_from(OwedMessage).where(given_up)) or 0


def _let_go(tx: Session, held: Held, **values: object) -> None:
    tx.execute(
        update(OwedMessage)
        .where(OwedMessage.message_id == held.message_id, OwedMessage.held_by == held.holder)
        .values(held_by=None, held_until=None, **values)
    )
