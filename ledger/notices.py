"""Messages of no job, which the admin space is owed: how it stands with something it looks after.

They lie among the messages that are owed, and a postman delivers them like the others.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.database import insert_or_ignore, now
from ledger.models import OwedMessage
from ledger.owed import NOTICE, Held

GOOD = "good"
"""How it stands where nothing is wrong; nobody is told of that who was told of nothing else."""


def tell(tx: Session, about: str, standing: str, space: str, said: Mapping[str, str]) -> bool:
    """Owe the space a notice unless the latest one ``about`` this was of the same standing.

    ``standing`` is a word or a hash that tells one state of things from another. Of several
    processes that notice the same at once, one owes it.
    """
    begins = f"client-{about}-"
    ours = OwedMessage.message_id.startswith(begins, autoescape=True)
    rows = tx.execute(
        select(OwedMessage.message_id, OwedMessage.notice).where(OwedMessage.role == NOTICE, ours)
    )
    told = {_number(row.message_id, begins): row.notice for row in rows}
    latest = max(told, default=0)
    if standing == told.get(latest, {}).get("standing", GOOD):
        return False
    return insert_or_ignore(
        tx,
        OwedMessage,
        message_id=f"{begins}{latest + 1}",
        job_id=None,
        notice={**said, "standing": standing},
        role=NOTICE,
        space=space,
        thread=None,
        wanted=1,
        delivered=0,
        due_at=now(),
        tries=0,
    )


def _number(message_id: str, begins: str) -> int:
    """Return the number of a notice; one that had to be posted anew has a second one behind it."""
    return int(message_id.removeprefix(begins).partition("--")[0])


def said(tx: Session, held: Held) -> dict[str, str]:
    """Return what a notice says, in each language."""
    row = tx.get_one(OwedMessage, held.message_id)
    return {language: (row.notice or {})[language] for language in ("en", "ja")}
