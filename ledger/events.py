"""The events Chat has delivered, so that a second delivery is known for what it is."""

from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, bindparam, delete, update
from sqlalchemy.orm import Session

from ledger.database import insert_or_ignore, now
from ledger.models import SeenEvent

KEPT = timedelta(days=30)
"""Chat retries "within a few minutes"; a month also covers a queue somebody replays."""

# Made once: it is run for every event, and to make it takes longer than to run it.
_KEEP_REPLY = (
    update(SeenEvent).where(SeenEvent.key == bindparam("event")).values(reply=bindparam("reply"))
)


def remember(tx: Session, key: str) -> bool:
    """Note that an event came; False if it came before. Holds up a delivery that comes meanwhile."""
    return insert_or_ignore(tx, SeenEvent, key=key, reply={}, at=now())


def keep_reply(tx: Session, key: str, reply: dict[str, Any]) -> None:
    """Keep what the event was answered, for the next delivery of it."""
    tx.connection().execute(_KEEP_REPLY, {"event": key, "reply": reply})


def reply_given(tx: Session, key: str) -> dict[str, Any]:
    """Return what an event that came before was answered."""
    return tx.get_one(SeenEvent, key).reply


def forget_old(tx: Session) -> int:
    result = tx.execute(delete(SeenEvent).where(SeenEvent.at < now() - KEPT))
    assert isinstance(result, CursorResult)
    return result.rowcount
