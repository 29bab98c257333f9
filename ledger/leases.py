"""A worker's hold on a job.

A change made by a worker carries its :class:`Lease` and happens only while that lease stands: a
worker that was taken over, or that woke up after its lease ran out, changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from errors.work import LeaseLost
from ledger import askers
from ledger.database import UtcDateTime, now
from ledger.models import WORKABLE, Asker, Job


@dataclass(frozen=True)
class Lease:
    """A worker's hold on a job, told from all others by the attempt number."""

    job: str
    attempt: int
    owner: str
    seconds: float
    """How long it lasts from each renewal; longer where a call may take longer."""


# Statements that are run for every ring and every round of effects are made once: to make one
# takes longer than to run it.
_MOMENT = bindparam("moment", type_=UtcDateTime(), callable_=now)
"""The moment at which the statement is run."""
_UNTIL = bindparam("until", type_=UtcDateTime())
_HELD = and_(
    Job.id == bindparam("job"),
    Job.attempt == bindparam("was"),
    Job.lease_owner == bindparam("by"),
)
_CLAIMABLE = and_(
    Job.state.in_(WORKABLE),
    or_(Job.lease_until.is_(None), Job.lease_until < _MOMENT),
    or_(Job.not_before.is_(None), Job.not_before <= _MOMENT),
)
_NEXT = (
    select(Job.id, Job.attempt, Job.whose.label("whose"))
    .outerjoin(Asker, Asker.name == Job.whose)
    .where(_CLAIMABLE)
    .order_by(func.coalesce(Asker.turn, 0), Job.since)
    .limit(1)
)
_CLAIM = (
    update(Job)
    .where(Job.id == bindparam("job"), Job.attempt == bindparam("was"), _CLAIMABLE)
    .values(
        attempt=Job.attempt + 1,
        fruitless=Job.fruitless + 1,
        lease_owner=bindparam("by"),
        lease_until=_UNTIL,
    )
)
_FENCE = (
    update(Job)
    .where(_HELD, Job.lease_until > _MOMENT)
    .values(lease_until=case((Job.lease_until < _UNTIL, _UNTIL), else_=Job.lease_until))
)


def claim(tx: Session, owner: str, seconds: float) -> tuple[Lease, Job] | None:
    """Claim the job whose turn it is, for some seconds.

    It is the one that has waited longest of the person who was served longest ago: at most two
    jobs of any other person are claimed while a job is its person's next (``askers`` says why).
    One conditional update decides between workers; whoever changed the row has the job.
    """
    while True:
        found = tx.execute(_NEXT).first()
        if found is None:
            return None
        claimed = tx.connection().execute(
            _CLAIM,
            {
                "job": found.id,
                "was": found.attempt,
                "by": owner,
                "until": now() + timedelta(seconds=seconds),
            },
        )
        if claimed.rowcount:
            askers.served(tx, found.whose)
            return Lease(found.id, found.attempt + 1, owner, seconds), tx.get_one(Job, found.id)


def claimable() -> ColumnElement[bool]:
    """Return the condition under which a job wants a worker and has none."""
    return _CLAIMABLE


def give_back(tx: Session, lease: Lease) -> None:
    """Let another worker go on: this one is being stopped, which is no failed attempt.

    Raises LeaseLost, as the next two do, if another has gone on already.
    """
    _change(tx, lease, lease_until=None, lease_owner=None, fruitless=Job.fruitless - 1)


def rest(
    tx: Session, lease: Lease, seconds: float, waits_for: Mapping[str, str] | None = None
) -> None:
    """Let the job lie for some seconds, then let any worker go on.

    With ``waits_for`` the reason lies outside and is shown; then it is no fruitless attempt.
    """
    _change(
        tx,
        lease,
        lease_until=now() + timedelta(seconds=seconds),
        lease_owner=None,
        waits_for=dict(waits_for) if waits_for else None,
        fruitless=Job.fruitless - (1 if waits_for else 0),
    )


def fence(tx: Session, lease: Lease, seconds: float | None = None) -> None:
    """Raise LeaseLost unless the lease still stands; make it last ``seconds`` from now at least.

    The job's row is written, so that in PostgreSQL too nobody can claim it before we commit.
    """
    held = tx.connection().execute(
        _FENCE,
        {
            "job": lease.job,
            "was": lease.attempt,
            "by": lease.owner,
            "until": now() + timedelta(seconds=seconds or 0),
        },
    )
    if not held.rowcount:
        raise LeaseLost


def no_fence(tx: Session) -> None:
    """Take the place of ``fence`` where no job is worked on."""


def say_waiting(tx: Session, lease: Lease, what: Mapping[str, str] | None) -> None:
    """Say what the job stands still for; None once it goes on."""
    _change(tx, lease, waits_for=dict(what) if what else None)


def _change(tx: Session, lease: Lease, **values: Any) -> None:
    changed = tx.connection().execute(update(Job).where(_held(lease)).values(**values))
    if not changed.rowcount:
        raise LeaseLost


def _held(lease: Lease) -> ColumnElement[bool]:
    return and_(Job.id == lease.job, Job.attempt == lease.attempt, Job.lease_owner == lease.owner)
