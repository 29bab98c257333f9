"""The ledger's database: one code for SQLite and PostgreSQL."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import Any

from sqlalchemy import URL, Connection, DateTime, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT = 10.0
"""Seconds a writer waits for another one's transaction in SQLite."""


PATIENCE = {
    "connect_timeout": 5,
    "options": "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # where something was sent, keepalives are not
}
"""A PostgreSQL server that went silent is noticed within a minute, whatever waits for it."""


class Base(DeclarativeBase):
    pass


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so they are put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True
    python_type = datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    return datetime.now(UTC)


def today(zone: tzinfo) -> date:
    """Return the day that it is in this zone."""
    return now().astimezone(zone).date()


def new_id() -> str:
    """Return a new id of 24 lower-case letters and digits that sorts by the time it was made.

    Chat's ``messageId`` takes this alphabet only, and ``client-<id>-result`` stays below its 63.
    """
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(6)}"


class Ledger:
    """What was asked, planned, approved and done.

    Inside a transaction there is no Google call, no rendering and no Redis call: a writer holds
    up every other writer.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self._one_writer: AbstractContextManager[Any] = nullcontext()
        if self.url.get_backend_name() == "sqlite":
            # SQLite takes one writer at a time and lets the others sleep and look again, up to
            # 100 ms each time. The threads of one process stand in line instead.
            self._one_writer = threading.RLock()
            self.engine = create_engine(
                self.url, connect_args={"timeout": BUSY_TIMEOUT}, hide_parameters=True
            )
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = create_engine(
                self.url, connect_args=PATIENCE, pool_pre_ping=True, hide_parameters=True
            )
        self._writer: Engine = self.engine.execution_options(kakari_writes=True)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that commits at the end, or leaves no trace of an exception."""
        with (
            self._one_writer,
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a transaction that sees one moment of the ledger, whatever is written meanwhile."""
        with self.engine.connect() as connection:
            if self.url.get_backend_name() == "postgresql":  # in SQLite every reader sees just one
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield connection

    def ping(self) -> None:
        """Ask the database for nothing. Raises OperationalError if it is away."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")

    def close(self) -> None:
        self.engine.dispose()


def insert_or_ignore(tx: Session, table: type[Base], **values: Any) -> bool:
    """Insert a row unless its key is there already; say whether it was inserted."""
    connection = tx.connection()
    done = connection.execute(_insert_or_ignore(connection.dialect.name, table), values)
    return done.rowcount == 1


@cache
def _insert_or_ignore(dialect: str, table: type[Base]) -> Any:
    """Return the statement: to make it anew takes longer than to carry it out."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def upsert(tx: Session) -> Any:
    return sqlite.insert if tx.connection().dialect.name == "sqlite" else postgresql.insert


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer can fail at once with SQLITE_BUSY whatever the timeout, so
    # writers say what they are from the start.
    writes = connection.get_execution_options().get("kakari_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
