"""Posts that one process at a time may hold. No advisory locks: SQLite has none."""

from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from ledger.database import insert_or_ignore, now
from ledger.models import LeaseRow


def hold(tx: Session, post: str, owner: str, seconds: float, heir_of: str | None = None) -> bool:
    """Take or keep a post for some seconds; False while another process holds it.

    It is taken over from an owner whose name begins with ``heir_of``.
    """
    moment = now()
    until = moment + timedelta(seconds=seconds)
    if insert_or_ignore(tx, LeaseRow, post=post, owner=owner, until=until):
        return True
    free = [LeaseRow.owner == owner, LeaseRow.until < moment]
    if heir_of is not None:
        free.append(LeaseRow.owner.startswith(heir_of, autoescape=True))
    taken = tx.connection().execute(
        update(LeaseRow).where(LeaseRow.post == post, or_(*free)).values(owner=owner, until=until)
    )
    return bool(taken.rowcount)


def is_held(tx: Session, post: str) -> bool:
    """Say whether a process holds the post now."""
    held = select(LeaseRow.post).where(LeaseRow.post == post, LeaseRow.until > now())
    return tx.scalar(held) is not None


def leave(tx: Session, post: str, owner: str) -> None:
    tx.execute(
        update(LeaseRow).where(LeaseRow.post == post, LeaseRow.owner == owner).values(until=now())
    )
