"""Loads an archive's rows into tables that are empty, in the caller's transaction."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice

from sqlalchemy import Connection, Integer, Table, func, insert, select

from errors.backup import NotRestored
from kakari.backup import rows
from kakari.backup.archive import Archive


def load(connection: Connection, archive: Archive) -> None:
    """Insert every row of the archive, and count them. Raises NotRestored and DBAPIError."""
    entries = archive.manifest.tables
    found = rows.tables(connection, {entry.name for entry in entries})
    tables = {table.name: table for table in found}
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
    while some := list(islice(lines, rows.at_once(table))):
        connection.execute(insert(table), [rows.values(table, line, archive.blob) for line in some])


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
