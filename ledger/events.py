"""The events Chat has delivered, so that a second delivery is known for what it is."""

from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from ledger.database import insert_or_ignore, now
from ledger.models import SeenEvent

KEPT = timedelta(days=30)
"""Chat retries "within a few minutes"; a month also covers a queue somebody replays."""


def reply_given(tx: Session, key: str) -> dict[str, Any] | None:
    """Return the reply an earlier delivery of this event got, if there was one."""
    return tx.scalar(select(SeenEvent.reply).where(SeenEvent.key == key))


def remember(tx: Session, key: str, reply: dict[str, Any]) -> bool:
    """Remember the reply; False if another delivery of the same event was first."""
    return insert_or_ignore(tx, SeenEvent, key=key, reply=reply, at=now())


def amend(tx: Session, key: str, reply: dict[str, Any]) -> None:
    """Change the remembered reply: the answer had to say more than was known at commit."""
    tx.execute(update(SeenEvent).where(SeenEvent.key == key).values(reply=reply))


def forget_old(tx: Session) -> int:
    result = tx.execute(delete(SeenEvent).where(SeenEvent.at < now() - KEPT))
    assert isinstance(result, CursorResult)
    return result.rowcount
