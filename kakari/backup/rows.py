"""A table's rows as lines of JSON, the same whichever database they are in.

Tables are read as the database itself describes them, not as today's models do: so a backup of an
older schema can be loaded into just that schema. A column that is NULL is left out of its line,
since ``null`` there is JSON's own. Moments are in UTC, decimals are strings, and bytes are a blob's
sha256.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NoReturn

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

from errors.backup import RowForeign
from ledger.database import UtcDateTime
from ledger.tables import METADATA

EVERY_TABLE = frozenset(METADATA.tables)
"""The names of the ledger's tables, those included that a later model adds."""
FETCHED = 500
"""Rows that are held at a time."""
MOST_SAID = 200
"""Characters of a foreign row that a sentence shows."""
MOST_WHOLE = 2**63
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


def values(table: Table, number: int, line: bytes, blob: Callable[[str], bytes]) -> dict[str, Any]:
    """Return a line as the row that is to be inserted. Raises RowForeign, which names it."""

    def foreign(reason: str) -> RowForeign:
        return RowForeign(row=number, table=table.name, reason=reason)

    try:
        said = json.loads(line, parse_constant=_refuse, object_pairs_hook=_once)
    except RecursionError as error:
        raise foreign("it is nested too deep") from error
    except ValueError as error:
        raise foreign(f"it is no JSON: {error}"[:MOST_SAID]) from error
    if not isinstance(said, dict):
        raise foreign("it is not a row")
    for name in said.keys() - table.columns.keys():
        raise foreign(f"there is no column {name}"[:MOST_SAID])
    found = {}
    for column in table.columns:
        try:
            found[column.name] = _value(column, said, blob)
        except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
            why = f"{column.name} cannot be {said.get(column.name)!r}"
            raise foreign(why[:MOST_SAID]) from error
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "a name stands there twice"
        raise ValueError(msg)
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


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
    if _is_json(column):
        json.dumps(value, ensure_ascii=False).encode()  # half surrogates have no place anywhere
        return JSON.NULL if value is None else value
    readers: dict[type, Callable[[str], Any]] = {
        datetime: _moment,
        date: date.fromisoformat,
        Decimal: _decimal,
        bytes: blob,
    }
    kind = column.type.python_type
    if kind in readers:
        if not isinstance(value, str):
            raise TypeError(value)
        return readers[kind](value)
    if type(value) is not kind and not (kind is float and type(value) is int):
        raise TypeError(value)
    if isinstance(value, str) and "\0" in value:
        raise ValueError(value)
    if isinstance(value, str):
        value.encode()
    if isinstance(value, int) and not -MOST_WHOLE <= value < MOST_WHOLE:
        raise OverflowError(value)
    return value


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    return moment.astimezone(UTC) if moment.tzinfo else _refuse(written)


def _decimal(written: str) -> Decimal:
    found = Decimal(written)
    return found if found.is_finite() else _refuse(written)
