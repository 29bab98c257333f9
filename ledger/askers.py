"""Whose turn it is for a worker, and how much a person has open.

Turns are counted and not timed: workers' clocks differ. Each claim of a job takes a turn of the
person it is worked on for, and the next one is the person's whose latest turn is the oldest. So
while a job is its person's next, every other person is served once before it, however many jobs
they have waiting; of workers that claim in the same instant two may get the same turn, and then
somebody is served twice. Nobody starves: who is served goes behind all who wait.
"""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from errors.asking import TooManyOpen
from ledger.database import insert_or_ignore
from ledger.models import WORKABLE, Asker, Job, JobState

OPEN = (*WORKABLE, JobState.WAITING)
"""The states of requests that have not ended. What a person has to look at first is none."""


def served(tx: Session, name: str) -> None:
    """Take the next turn for somebody."""
    connection = tx.connection()
    connection.execute(_serve(connection.dialect.name), {"name": name})


def one_at_a_time(tx: Session, name: str) -> None:
    """Let nobody else ask in this person's name until the transaction's end."""
    insert_or_ignore(tx, Asker, name=name, turn=0)
    tx.execute(select(Asker.turn).where(Asker.name == name).with_for_update())


def demand_room(tx: Session, name: str, most: int) -> None:
    """Raise TooManyOpen where a person has ``most`` open requests already, reminders among them."""
    found = tx.scalar(
        select(func.count()).select_from(Job).where(Job.state.in_(OPEN), Job.whose == name)
    )
    if found and found >= most:
        raise TooManyOpen(n=found)


@cache
def _serve(dialect: str) -> Any:
    """Return the statement: to make it anew takes longer than to carry it out."""
    latest = select(func.coalesce(func.max(Asker.turn), 0) + 1).scalar_subquery()
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    new = insert(Asker).values(name=bindparam("name"), turn=latest)
    return new.on_conflict_do_update(index_elements=[Asker.name], set_={"turn": latest})
