"""The audit as CSV, a line for each note, written as it is read."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy.exc import OperationalError

from errors.asking import NothingFound
from kakari.bootstrap import away
from kakari.csv_table import CsvTable
from ledger import history
from ledger.audit import What
from ledger.database import Ledger

DAY = timedelta(days=1)
HEADER = (
    "time",
    "job",
    "numbers",
    "task",
    "subject",
    "space",
    "asker",
    "what",
    "who",
    "plan",
    "effect",
    "kind",
    "outcome",
    "link",
    "sentence",
)


@dataclass(frozen=True)
class Wanted:
    """Which notes: from one day to another, both included, of all jobs or of those meant."""

    since: date | None = None
    until: date | None = None
    reference: str | None = None


def export(ledger: Ledger, wanted: Wanted, zone: ZoneInfo, out: BinaryIO) -> None:
    """Write the notes in the order they were made. Raises NothingFound and LedgerAway."""
    try:
        with ledger.read() as tx:
            if wanted.reference and not history.is_known(tx, wanted.reference):
                raise NothingFound(words=wanted.reference)
            notes = history.export(
                tx,
                since=_midnight(wanted.since, zone) if wanted.since else None,
                before=_midnight(wanted.until + DAY, zone) if wanted.until else None,
                reference=wanted.reference,
            )
            with CsvTable(out, HEADER) as table:
                for noted in notes:
                    table.add(_cells(noted, zone))
    except OperationalError as error:
        raise away(error) from error


def _cells(noted: history.Noted, zone: ZoneInfo) -> tuple[str, ...]:
    row, job = noted.row, noted.job
    language = "ja" if job is None or job.locale.startswith("ja") else "en"
    return (
        row.at.astimezone(zone).isoformat(),
        row.job_id,
        noted.numbers,
        job.task if job else "",
        job.subject if job else "",
        job.space if job else "",
        _person(job.asker_name, job.asker) if job else "",
        row.what,
        _person(row.who_name, row.who),
        row.plan_hash or "",
        row.effect or "",
        row.kind or "",
        What(row.what).outcome or "",
        row.link or "",
        (row.details or {}).get(language, ""),
    )


def _person(called: str | None, name: str | None) -> str:
    """Return a person as they are called, and by Chat's name, which is one person's only."""
    return f"{called} <{name}>" if name else ""


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
