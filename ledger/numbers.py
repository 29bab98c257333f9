"""The register of numbers: gap-free, because every number given out stays in it."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from errors.backup import NumberTooLow
from ledger.database import now, upsert
from ledger.models import Number, NumberSeries
from ledger.plan import Slot

NO_YEAR = 0
"""The year of a count that goes through all years and that nobody outside the ledger is given."""


def draw(tx: Session, slot: Slot, job: str, year: int) -> str:
    """Give a number of the slot's series to the job and return it as it is written.

    It is the next one, or the one the job was given when it was approved before.
    """
    given = tx.scalar(
        select(Number.written).where(
            Number.job_id == job, Number.series == slot.series, Number.slot == slot.name
        )
    )
    if given is not None:
        return given
    number = count(tx, slot.series, year)
    written = slot.write(year=year, number=number)
    tx.add(
        Number(
            series=slot.series,
            year=year,
            number=number,
            written=written,
            job_id=job,
            slot=slot.name,
            bound_at=now(),
        )
    )
    return written


def count(tx: Session, series: str, year: int) -> int:
    """Return the next number of a series. Whoever counts on waits until this has committed."""
    first = upsert(tx)(NumberSeries).values(series=series, year=year, last=1)
    number: int = tx.execute(
        first.on_conflict_do_update(
            index_elements=["series", "year"], set_={"last": NumberSeries.last + 1}
        ).returning(NumberSeries.last)
    ).scalar_one()
    return number


def void(tx: Session, job: str, but: Collection[str] = ()) -> None:
    """Mark the job's numbers as void: they stay in the register and are never given again."""
    its = (Number.job_id == job, Number.written.not_in(but))
    tx.execute(update(Number).where(*its).values(void_at=now()))


def restore(tx: Session, job: str) -> None:
    """Take the mark back, for a job that goes on with its numbers."""
    tx.execute(update(Number).where(Number.job_id == job).values(void_at=None))


def latest(tx: Session) -> dict[str, NumberSeries]:
    """Return what people were given last in each series: the row of its latest year."""
    given = select(NumberSeries).where(NumberSeries.year != NO_YEAR)
    rows = tx.scalars(given.order_by(NumberSeries.series, NumberSeries.year))
    return {row.series: row for row in rows}


def go_on_after(tx: Session, series: str, year: int, last: int) -> None:
    """Give out no number up to ``last`` any more. Raises NumberTooLow if that takes one back."""
    row = tx.get(NumberSeries, (series, year))
    if row is None:
        tx.add(NumberSeries(series=series, year=year, last=last))
        return
    if last < row.last:
        raise NumberTooLow(series=series, year=year, last=row.last, number=last)
    row.last = last
