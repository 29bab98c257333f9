"""Whose turn it is for a worker, and how much a person has open.

Turns are counted and not timed: workers' clocks differ. Each claim of a job takes a turn of the
person it is worked on for, and the next one is the person's whose latest turn is the oldest. So
while a job is its person's next, every other person is served once before it, however many jobs
they have waiting; of workers that claim in the same instant two may get the same turn, and then
somebody is served twice. Nobody starves: who is served goes behind all who wait.
"""

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ledger.models import WORKABLE, Asker, Job, JobState

OPEN = (*WORKABLE, JobState.WAITING)
"""The states of requests that have not ended. What a person has to look at first is none."""


def served(tx: Session, name: str) -> None:
    """Take the next turn for somebody."""
    connection = tx.connection()
    connection.execute(_serve(connection.dialect.name), {"name": name})


def has_room(tx: Session, name: str, most: int) -> bool:
    """Say whether a person has fewer than ``most`` open requests, reminders for later among them.

    Until the transaction's end nobody else asks in that person's name, so it stays so.
    """
    connection = tx.connection()
    connection.execute(_hold(connection.dialect.name), {"name": name})
    return len(connection.execute(_OPEN_OF, {"name": name, "most": most}).all()) < most


_OF: BindParameter[str] = bindparam("name")
_OPEN_OF = union_all(  # each by an index of its own, which "coalesce" has none of
    select(Job.id).where(Job.asker == _OF, Job.turn_of.is_(None), Job.state.in_(OPEN)),
    select(Job.id).where(Job.turn_of == _OF, Job.state.in_(OPEN)),
).limit(bindparam("most"))
"""Finds what is open of ``Job.whose``."""


@cache
def _hold(dialect: str) -> Any:
    """Return the statement that locks a person's row, and makes it where there is none."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    new = insert(Asker).values(name=bindparam("name"), turn=0)
    return new.on_conflict_do_update(index_elements=[Asker.name], set_={"turn": Asker.turn})


@cache
def _serve(dialect: str) -> Any:
    """Return the statement: to make it anew takes longer than to carry it out."""
    latest = select(func.coalesce(func.max(Asker.turn), 0) + 1).scalar_subquery()
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    new = insert(Asker).values(name=bindparam("name"), turn=latest)
    return new.on_conflict_do_update(index_elements=[Asker.name], set_={"turn": latest})
