"""Loads an archive's rows into tables that are empty, in the caller's transaction."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Integer, Table, func, insert, select
from sqlalchemy.exc import OperationalError, StatementError

from errors.backup import NotRestored, RowForeign
from kakari.backup import rows
from kakari.backup.archive import Archive


def load(connection: Connection, archive: Archive) -> None:
    """Insert every row of the archive, and count them. Raises NotRestored, RowForeign, Damaged and DBAPIError."""
    entries = archive.manifest.tables
    found = rows.tables(connection, rows.EVERY_TABLE)
    tables = {table.name: table for table in found}
    for missing in tables.keys() - {entry.name for entry in entries}:
        raise NotRestored(reason=f"the backup has no table {missing}")
    with _references_looked_at_last(connection, found):
        for entry in entries:
            if entry.name not in tables:
                raise NotRestored(reason=f"it has no table {entry.name}")
            _fill(connection, tables[entry.name], archive, archive.lines(entry))
    for entry in entries:
        there = connection.scalar(select(func.count()).select_from(tables[entry.name]))
        if there != entry.rows:
            raise NotRestored(reason=f"{entry.name} has {there} rows, not {entry.rows}")
    if connection.dialect.name == "postgresql":  # SQLite goes on after the highest by itself
        _go_on_counting(connection, found)


def _fill(connection: Connection, table: Table, archive: Archive, lines: Iterator[bytes]) -> None:
    numbered = enumerate(lines, 1)
    while some := list(islice(numbered, rows.at_once(table))):
        read = [(number, rows.values(table, number, line, archive.blob)) for number, line in some]
        try:
            with connection.begin_nested():
                connection.execute(insert(table), [values for _, values in read])
        except OperationalError:
            raise  # of the database, not of a row
        except (StatementError, OverflowError):
            _say_which(connection, table, read)
            raise


def _say_which(
    connection: Connection, table: Table, read: Iterable[tuple[int, dict[str, Any]]]
) -> None:
    """Raise RowForeign for the row that the database does not take."""
    for number, values in read:
        try:
            with connection.begin_nested():
                connection.execute(insert(table), values)
        except OperationalError:
            raise
        except (StatementError, OverflowError) as error:
            said = str(getattr(error, "orig", None) or error).strip().splitlines()
            raise RowForeign(
                row=number, table=table.name, reason=said[0] if said else "–"
            ) from error


@contextmanager
def _references_looked_at_last(connection: Connection, tables: Collection[Table]) -> Iterator[None]:
    """Let a row come before the one that it refers to, as it may within a table."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # until the commit
        yield
        return
    quote = connection.dialect.identifier_preparer.quote
    constraints = [
        f"ALTER TABLE {quote(table.name)} ALTER CONSTRAINT {quote(str(constraint.name))}"
        for table in tables
        for constraint in table.foreign_key_constraints
    ]
    for constraint in constraints:
        connection.exec_driver_sql(f"{constraint} DEFERRABLE INITIALLY DEFERRED")
    yield
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for constraint in constraints:
        connection.exec_driver_sql(f"{constraint} NOT DEFERRABLE")


def _go_on_counting(connection: Connection, tables: Collection[Table]) -> None:
    """Let each sequence go on after the ids that came with the rows."""
    for table in tables:
        for column in table.primary_key:
            if isinstance(column.type, Integer):
                sequence = func.pg_get_serial_sequence(table.name, column.name)
                connection.execute(select(func.setval(sequence, func.max(column))))
