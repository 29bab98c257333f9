"""The number under which the next request that writes into a spreadsheet is sent.

Google takes one request under a number and refuses a second. So a number stays until a request
under it is known to have been taken: whichever of several attempts comes first, the others, however
late they come, change nothing any more.
"""

import secrets

from sqlalchemy import Integer, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from ledger.database import Base, insert_or_ignore

HIGHEST_START = 2**30
"""Google counts to 2**31; from anywhere below this there is room enough to count up."""


class SheetWrite(Base):
    __tablename__ = "sheet_writes"

    spreadsheet: Mapped[str] = mapped_column(String(100), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


def number(tx: Session, spreadsheet: str) -> int:
    """Return the number under which the next request is sent."""
    insert_or_ignore(tx, SheetWrite, spreadsheet=spreadsheet, number=_anywhere())
    return tx.scalars(select(SheetWrite.number).where(SheetWrite.spreadsheet == spreadsheet)).one()


def taken(tx: Session, spreadsheet: str, number: int, *, by_another: bool = False) -> None:
    """Note that Google has taken a request under this number; nothing, where that is known.

    Where it was ``by_another`` request than ours, the numbers that follow may be taken too: the
    ledger may have been restored from a backup. Then it goes on from anywhere.
    """
    tx.execute(
        update(SheetWrite)
        .where(SheetWrite.spreadsheet == spreadsheet, SheetWrite.number == number)
        .values(number=_anywhere() if by_another else number + 1)
    )


def _anywhere() -> int:
    return 1 + secrets.randbelow(HIGHEST_START)
