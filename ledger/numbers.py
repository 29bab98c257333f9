"""The register of numbers: gap-free, because every number given out stays in it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.database import now, upsert
from ledger.models import Number, NumberSeries
from ledger.plan import Slot


def draw(tx: Session, slot: Slot, job: str, year: int) -> str:
    """Give a number of the slot's series to the job and return it as it is written.

    It is the next one, or the one the job was given when it was approved before.
    """
    given = tx.scalar(
        select(Number.written).where(Number.job_id == job, Number.series == slot.series)
    )
    if given is not None:
        return given
    first = upsert(tx)(NumberSeries).values(series=slot.series, year=year, last=1)
    number = tx.execute(
        first.on_conflict_do_update(
            index_elements=["series", "year"], set_={"last": NumberSeries.last + 1}
        ).returning(NumberSeries.last)
    ).scalar_one()
    written = slot.write(year=year, number=number)
    tx.add(
        Number(
            series=slot.series,
            year=year,
            number=number,
            written=written,
            job_id=job,
            bound_at=now(),
        )
    )
    return written
