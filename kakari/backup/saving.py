"""Writes a backup of the ledger, of one moment, while everything runs."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import DBAPIError

from errors.backup import FileTaken, NotWritten
from kakari.backup import rows
from kakari.backup.archive import Manifest, NewArchive
from kakari.bootstrap import away
from ledger import schema
from ledger.database import Ledger, now

OWNERS_ONLY = 0o600
"""A backup holds everything that people asked for."""


def save(ledger: Ledger, out: BinaryIO, key: bytes | None = None) -> Manifest:
    """Write a backup, sealed. Raises OSError where ``out`` does, and LedgerAway."""
    moment = now()  # before the snapshot, so that all that was there then is in it
    try:
        with ledger.snapshot() as connection:
            revision = schema.revision(connection)
            assert revision, "the ledger has a schema"
            with NewArchive(out, revision, moment, key) as archive:
                for table in rows.tables(connection, rows.EVERY_TABLE):
                    for body in rows.bodies(connection, table):
                        archive.add_blob(body)
                    archive.add_table(table.name, rows.lines(connection, table))
                return archive.finish()
    except DBAPIError as error:
        raise away(error) from error


def save_to_file(
    ledger: Ledger, file: Path, key: bytes | None = None, *, replace: bool
) -> Manifest:
    """Write a backup to a file, which is there only when it is complete.

    Raises FileTaken, NotWritten and LedgerAway.
    """
    if file.exists() and not replace:
        raise FileTaken(file=file)
    # On the same disk, so that it can be renamed.
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    with _refused_as(str(file)):
        try:
            with open(part, "xb", opener=_owners_only) as out:
                manifest = save(ledger, out, key)
                out.flush()
                os.fsync(out.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(file.parent)
    return manifest


def save_to_stdout(ledger: Ledger, key: bytes | None = None) -> Manifest:
    """Write a backup to the standard output. Raises NotWritten and LedgerAway."""
    # Not by sys.stdout, which would try once more to write the rest when the process ends.
    with (
        _refused_as("the standard output"),
        open(sys.stdout.fileno(), "wb", closefd=False) as out,
    ):
        return save(ledger, out, key)


@contextmanager
def _refused_as(file: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritten(file=file, reason=error.strerror) from error


def _owners_only(file: str, flags: int) -> int:
    return os.open(file, flags, OWNERS_ONLY)


def _sync_folder(folder: Path) -> None:
    """Make the new name last."""
    with suppress(OSError):  # not every network share can
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
