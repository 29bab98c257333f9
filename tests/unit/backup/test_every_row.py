"""What comes out of a backup is what went in: every row of every table, on either database."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    MetaData,
    String,
    Table,
    Text,
    cast,
    func,
    insert,
    select,
    text,
)

from kakari.backup import rows, saving
from kakari.backup.archive import Archive
from kakari.backup.loading import load
from ledger import schema
from ledger.database import Ledger
from ledger.models import AuditRow
from tests.unit.backup.conftest import DATABASES, archived
from tests.unit.ledger.office import ask

ROWS = 3
TOKYO = timezone(timedelta(hours=9))
LATER_MODELS = (
    # Rows that refer to later ones of their own table, and types that no table has yet.
    "ALTER TABLE approvals ADD COLUMN answers INTEGER REFERENCES approvals (id)",
    "ALTER TABLE numbers ADD COLUMN day DATE",
    "ALTER TABLE numbers ADD COLUMN weight DOUBLE PRECISION",
)
EXACT = "ALTER TABLE numbers ADD COLUMN quantity NUMERIC(12, 4)"
"""In PostgreSQL only: SQLite has no exact decimals."""


@pytest.mark.parametrize("target", DATABASES)
@pytest.mark.parametrize("source", DATABASES)
def test_every_row_of_every_table_is_the_same_on_either_database(
    new: Callable[[str], Ledger], source: str, target: str
) -> None:
    """A table that a later model adds is tried by itself: values are made for its columns."""
    exact = (EXACT,) if source == target == "postgresql" else ()
    before, after = (laid_out(new(name), *LATER_MODELS, *exact) for name in (source, target))
    with before.engine.begin() as connection:
        for table in rows.tables(connection, rows.EVERY_TABLE):
            connection.execute(insert(table).values([row(table, n) for n in range(ROWS)]))
    with archived(before) as archive, after.engine.begin() as connection:
        load(connection, archive)
    wanted = contents(before)
    assert wanted.keys() == rows.EVERY_TABLE
    assert all(len(found) == ROWS for found in wanted.values())
    assert contents(after) == wanted


def test_a_backup_is_of_one_moment_whatever_is_written_meanwhile(ledger: Ledger) -> None:
    early = ask(ledger)
    out = Interrupted(lambda: ask(ledger))
    saving.save(ledger, out)
    assert out.interruptions > 3
    with Archive(out, "backup.zip") as archive:
        told = {table.name: list(archive.lines(table)) for table in archive.manifest.tables}
    assert [json.loads(line)["id"] for line in told["jobs"]] == [early]
    assert [json.loads(line)["job_id"] for line in told["owed_messages"]] == [early]
    assert [json.loads(line)["job_id"] for line in told["audit"]] == [early]
    with ledger.read() as tx:
        there = tx.scalar(select(func.count()).select_from(AuditRow))
    assert there == 1 + out.interruptions, "what came meanwhile is in the ledger"


class Interrupted(io.BytesIO):
    """A file; each time something is written to it, something else happens first."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens = happens
        self.interruptions = 0

    def write(self, data: Any) -> int:
        self._happens()
        self.interruptions += 1
        return super().write(data)


def laid_out(ledger: Ledger, *more: str) -> Ledger:
    schema.upgrade(ledger)
    with ledger.engine.begin() as connection:
        for statement in more:
            connection.execute(text(statement))
    return ledger


def row(table: Table, n: int) -> dict[str, Any]:
    """Return a row whose references are to the n-th row of the other table, or the next of this."""
    made = {}
    for column in table.columns:
        of = next((key.column for key in column.foreign_keys), column)
        index = (n + 1) % ROWS if of.table is table and of is not column else n
        made[column.name] = value(of, index)
    return made


def value(column: Column[Any], n: int) -> Any:
    if column.nullable and n == 0:
        return None
    if isinstance(column.type, JSON):
        return [{"名": ["\u0000", 1.5, None, 2**40]}, JSON.NULL, []][n]
    values: dict[type, Any] = {
        str: f"{n} 鈴木\n\"'\\ 🙂"[: getattr(column.type, "length", None)],
        int: n + 1,
        float: n + 0.1,
        bool: bool(n % 2),
        bytes: bytes(range(256)) * n,
        datetime: datetime(2026, 11, 22, 9, 30, n, 123456 * n, TOKYO),
        date: date(2026, 11, 22 + n),
        Decimal: Decimal("0.0001") + n,
    }
    return values[column.type.python_type]


def contents(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows by a way of their own, with NULL told from JSON's null."""
    metadata = MetaData()
    metadata.reflect(ledger.engine, only=rows.EVERY_TABLE)
    with ledger.engine.connect() as connection:
        return {
            table.name: [
                tuple(map(comparable, found))
                for found in connection.execute(
                    select(*map(readable, table.columns)).order_by(*table.primary_key)
                )
            ]
            for table in metadata.sorted_tables
        }


def readable(column: Column[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, JSON):
        return cast("json " + cast(column, Text), String)
    return column


def comparable(value: object) -> object:
    if isinstance(value, str) and value.startswith("json "):
        return {"json": json.loads(value.removeprefix("json "))}
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value
