"""Makes a ledger out of a backup, whole or not at all."""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from cards.sentences import Sentence
from errors.backup import (
    LedgerAhead,
    LedgerInUse,
    NotRead,
    NotRestored,
    NumbersUnsaid,
    NumberUnreadable,
    TooNew,
)
from errors.settings import LedgerOutdated
from errors.work import RestoredSince
from kakari.backup import rows
from kakari.backup.archive import Archive, Manifest
from kakari.backup.loading import load
from kakari.bootstrap import away
from ledger import audit, numbers, restored, schema
from ledger.audit import What
from ledger.database import Ledger, now

PASSING = frozenset({"events", "leases"})
"""Tables that have rows as soon as a bot or a clock has run."""
NOTED = Sentence(
    "restored from the backup of {moment} (Kakari {version}); numbers go on after {numbers}",
    "{moment} 時点のバックアップから復元（Kakari {version}）。番号は {numbers} の次から続きます",
)
YEARS = range(2000, 10_000)
NO_NUMBERS = "–"

LastNumbers = Mapping[tuple[str, int], int]
"""The last number that was given out, by series and year."""


@dataclass(frozen=True)
class Restored:
    """What was restored, and what waits for a person."""

    manifest: Manifest
    moment: str
    """Of the backup, in the office's time."""
    held: restored.Held
    numbers: Sequence[str]
    """The last number of each series, as project/2026=57."""
    proven: bool = False
    """Whether the office's key has sealed the backup."""

    def lines(self) -> Iterator[str]:
        """Say what the operator has to know."""
        requests = self.manifest.rows["jobs"]
        yield f"The ledger is as it was at {self.moment}, with {requests} requests."
        yield f"Numbers go on after {', '.join(self.numbers) or NO_NUMBERS}."
        yield (
            f"{self.held.unsure} requests that were under way then wait for a person, and their"
            " cards say so."
        )
        yield (
            f"{self.held.waiting} plans wait for a decision as they did then; somebody may have"
            " decided since."
        )
        if not self.proven:
            yield "Nothing proves who made this backup: no seal was compared with a key of yours."
        yield "What was asked for after that moment is not in the ledger: see docs/backup.md."


def last_numbers(given: Sequence[str]) -> LastNumbers:
    """Read ``project/2026=57``. Raises NumberUnreadable."""
    said = {}
    for each in given:
        parts = re.fullmatch(r"(.+)/(\d{4})=(\d{1,9})", each)
        if parts is None:
            raise NumberUnreadable(given=each)
        said[parts[1], int(parts[2])] = int(parts[3])
    return said


@contextmanager
def opened(file: str, key: bytes | None = None, *, unsealed: bool = False) -> Iterator[Archive]:
    """Open an archive and check all of it; ``-`` is the standard input.

    Raises NotRead, NotABackup, Damaged, SealMissing and SealForeign.
    """
    with (
        _bytes_of(file) as source,
        Archive(source, file, key, unsealed=unsealed) as archive,
    ):
        yield archive


def _bytes_of(file: str) -> BinaryIO:
    try:
        if file != "-":
            return Path(file).open("rb")
        # A zip is read from its end, which a pipe cannot.
        kept = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
        shutil.copyfileobj(sys.stdin.buffer, kept)
    except OSError as error:
        raise NotRead(file=file, reason=error.strerror) from error
    else:
        return kept


def restore(ledger: Ledger, archive: Archive, last: LastNumbers, zone: ZoneInfo) -> Restored:
    """Make the ledger, load the archive into it, and bring it to this version's schema.

    Raises TooNew, LedgerInUse, LedgerAhead, NumbersUnsaid, NumberTooLow, NotRestored, RowForeign,
    Damaged, LedgerAway.
    """
    manifest = archive.manifest
    if manifest.revision not in schema.revisions():
        raise TooNew(version=manifest.kakari, revision=manifest.revision)
    try:
        schema.make_place(ledger)
        ledger.ping()
    except (DBAPIError, OSError) as error:
        raise away(error) from error
    moment = f"{manifest.moment.astimezone(zone):%Y-%m-%d %H:%M}"
    try:
        with ledger.write() as tx:
            connection = tx.connection()
            _demand_empty(connection, manifest.revision)
            schema.bring(connection, manifest.revision)
            load(connection, archive)
            schema.bring(connection, schema.HEAD)
            go_on = _number(tx, last, moment, now().astimezone(zone).year)
            held = restored.doubt(tx, RestoredSince(moment=moment).both())
            said = {
                "moment": moment,
                "version": manifest.kakari,
                "numbers": ", ".join(go_on) or NO_NUMBERS,
            }
            note = {locale: NOTED.say(locale, **said) for locale in ("en", "ja")}
            audit.note(tx, "", What.RESTORED, details=note)
    except StatementError as error:  # the database's own, and what no statement can be made of
        reason, *_ = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        raise NotRestored(reason=reason) from error
    return Restored(manifest, moment, held, go_on, archive.proven)


def _demand_empty(connection: Connection, revision: str) -> None:
    """Raise LedgerInUse, LedgerAhead or LedgerOutdated unless the archive fits in here."""
    for table in rows.tables(connection, rows.EVERY_TABLE):
        if table.name in PASSING:
            connection.execute(delete(table))
        elif there := connection.scalar(select(func.count()).select_from(table)):
            raise LedgerInUse(table=table.name, rows=there)
    known, found = schema.revisions(), schema.revision(connection)
    if found is None:
        return
    if found not in known:
        raise LedgerOutdated(found=found, wanted=known[-1])
    if known.index(found) > known.index(revision):
        raise LedgerAhead(found=found, revision=revision)


def _number(tx: Session, last: LastNumbers, moment: str, this_year: int) -> list[str]:
    """Let each series go on after what was given out; return that.

    The backup does not know what was given out after it, so that must be said for each year since.
    """
    for row in numbers.latest(tx).values():
        if row.year not in YEARS:
            raise NotRestored(reason=f"a number of the year {row.year}")
    known = {
        (row.series, year): row.last if year == row.year else 0
        for row in numbers.latest(tx).values()
        for year in range(row.year, max(this_year, row.year) + 1)
    }
    if known.keys() - last.keys():
        options = " ".join(f"--number {each}" for each in _written(known))
        raise NumbersUnsaid(moment=moment, options=options)
    for (series, year), number in last.items():
        numbers.go_on_after(tx, series, year, number)
    return _written(last)


def _written(last: LastNumbers) -> list[str]:
    return [f"{series}/{year}={number}" for (series, year), number in sorted(last.items())]
