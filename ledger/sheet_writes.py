"""The number under which the next request that writes into a spreadsheet is sent.

Google takes one request under a number and refuses a second. So a number stays until a request
under it is known to have been taken: whichever of several attempts comes first, the others, however
late they come, change nothing any more.

Beside it stands which rows a job has sent, until it knows what they hit: the answer that would say so
may be lost, or nobody may live to read it.
"""

import secrets
from collections.abc import Mapping

from sqlalchemy import JSON, Integer, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from ledger.database import Base, insert_or_ignore

HIGHEST_START = 2**30
"""Google counts to 2**31; from anywhere below this there is room enough to count up."""


class SheetWrite(Base):
    __tablename__ = "sheet_writes"

    spreadsheet: Mapped[str] = mapped_column(String(100), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


class SheetSend(Base):
    """What a job has sent last, until it knows what came of it."""

    __tablename__ = "sheet_sends"

    spreadsheet: Mapped[str] = mapped_column(String(100), primary_key=True)
    job: Mapped[str] = mapped_column(String(24), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    rows: Mapped[dict[str, int]] = mapped_column(JSON)
    """By key, the row that was to be written, counted from 1."""


def number(tx: Session, spreadsheet: str) -> int:
    """Return the number under which the next request is sent."""
    insert_or_ignore(tx, SheetWrite, spreadsheet=spreadsheet, number=_anywhere())
    return tx.scalars(select(SheetWrite.number).where(SheetWrite.spreadsheet == spreadsheet)).one()


def send(
    tx: Session, spreadsheet: str, number: int, job: str, rows: Mapping[str, int]
) -> dict[str, int]:
    """Note which rows a job sends, and return those it has sent under the same number before."""
    sent = tx.get(SheetSend, (spreadsheet, job))
    before = sent.rows if sent is not None and sent.number == number else {}
    if rows:
        note(tx, spreadsheet, number, job, {**rows, **before})
    return before


def note(tx: Session, spreadsheet: str, number: int, job: str, rows: Mapping[str, int]) -> None:
    """Note what a job has sent under a number, in place of what was noted before."""
    if rows:
        tx.merge(SheetSend(spreadsheet=spreadsheet, job=job, number=number, rows=dict(rows)))
    else:
        forget(tx, spreadsheet, job)


def arrived(tx: Session, spreadsheet: str, job: str) -> dict[str, int]:
    """Return the rows that a job has sent under a number that is known to be taken."""
    found = (
        select(SheetSend.rows)
        .join(SheetWrite, SheetWrite.spreadsheet == SheetSend.spreadsheet)
        .where(
            SheetSend.spreadsheet == spreadsheet,
            SheetSend.job == job,
            SheetSend.number != SheetWrite.number,
        )
    )
    return tx.scalar(found) or {}


def forget(tx: Session, spreadsheet: str, job: str) -> None:
    """Say that the job knows what came of all it has sent."""
    of_job = (SheetSend.spreadsheet == spreadsheet, SheetSend.job == job)
    tx.execute(delete(SheetSend).where(*of_job))


def taken(tx: Session, spreadsheet: str, number: int, by: str | None) -> None:
    """Note that Google has taken a request under this number; nothing, where that is known.

    Where it was this job's, what others have sent under the number arrives no more. Where it was
    another request than ours (None), the numbers that follow may be taken too: the ledger may have
    been restored from a backup. Then it goes on from anywhere.
    """
    tx.execute(
        update(SheetWrite)
        .where(SheetWrite.spreadsheet == spreadsheet, SheetWrite.number == number)
        .values(number=_anywhere() if by is None else number + 1)
    )
    if by is not None:
        others = (SheetSend.spreadsheet == spreadsheet, SheetSend.number == number)
        tx.execute(delete(SheetSend).where(*others, SheetSend.job != by))


def _anywhere() -> int:
    return 1 + secrets.randbelow(HIGHEST_START)
