"""A table's rows as lines of JSON, the same whichever database they are in.

Tables are read as the database itself describes them, not as today's models do: so a backup of an
older schema can be loaded into just that schema. A column that is NULL is left out of its line,
since ``null`` there is JSON's own. Moments are in UTC, decimals are strings, and bytes are a blob's
sha256.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
    cast,
    event,
    select,
)

from errors.backup import NotRestored
from ledger.database import UtcDateTime
from ledger.tables import METADATA

EVERY_TABLE = frozenset(METADATA.tables)
"""The names of the ledger's tables, those included that a later model adds."""
FETCHED = 500
"""Rows that are held at a time."""
BODIES = 8
"""Blobs that are held at a time."""


def tables(connection: Connection, names: Collection[str]) -> list[Table]:
    """Return those of these tables that the database has, each after those that it refers to."""
    found = MetaData()
    event.listen(found, "column_reflect", _as_we_read_it)
    found.reflect(connection, only=lambda name, _: name in names)
    return found.sorted_tables


def at_once(table: Table) -> int:
    """Return how many of the table's rows may be held at a time."""
    return BODIES if any(_is_bytes(column) for column in table.columns) else FETCHED


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield the table's rows in the order of its key."""
    columns = [cast(c, Text).label(c.name) if _is_json(c) else c for c in table.columns]
    in_json = {column.name for column in table.columns if _is_json(column)}
    ordered = select(*columns).order_by(*table.primary_key)
    streamed = ordered.execution_options(yield_per=at_once(table))
    for row in connection.execute(streamed).mappings():
        values = {
            name: json.loads(value) if name in in_json else value
            for name, value in row.items()
            if value is not None
        }
        line = json.dumps(values, ensure_ascii=False, allow_nan=False, default=_plain)
        yield f"{line}\n".encode()


def bodies(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield all bytes that the table's rows hold."""
    for column in table.columns:
        if _is_bytes(column):
            held = select(column).where(column.is_not(None))
            yield from connection.scalars(held.execution_options(yield_per=BODIES))


def values(table: Table, line: bytes, blob: Callable[[str], bytes]) -> dict[str, Any]:
    """Return a line as the row that is to be inserted. Raises NotRestored if it has no place."""
    said = json.loads(line)
    for name in said.keys() - table.columns.keys():
        raise NotRestored(reason=f"it has no column {table.name}.{name}")
    return {column.name: _value(column, said, blob) for column in table.columns}


def _as_we_read_it(_of: object, _table: Table, column: dict[str, Any]) -> None:
    if isinstance(column["type"], DateTime):
        column["type"] = UtcDateTime()
    elif isinstance(column["type"], JSON):
        column["type"] = JSON(none_as_null=True)


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)


def _is_bytes(column: Column[Any]) -> bool:
    return isinstance(column.type, LargeBinary)


def _plain(value: object) -> str:
    match value:
        case date():  # a moment too
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes():
            return hashlib.sha256(value).hexdigest()
    message = f"a {type(value).__name__} has no form in a backup yet"
    raise TypeError(message)


def _value(column: Column[Any], said: Mapping[str, Any], blob: Callable[[str], bytes]) -> Any:
    if column.name not in said:
        return None
    value = said[column.name]
    if value is None:
        return JSON.NULL
    readers: dict[type, Callable[[str], Any]] = {
        datetime: datetime.fromisoformat,
        date: date.fromisoformat,
        Decimal: Decimal,
        bytes: blob,
    }
    read = readers.get(column.type.python_type)
    return read(value) if read else value
