"""Empty databases to restore into, and a ledger that has something in it."""

import io
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from kakari.backup import saving
from kakari.backup.archive import Archive
from ledger.database import Ledger
from tests.unit.ledger.office import approve, ask, claim, show_plan

DATABASES = ["sqlite", "postgresql"]


@pytest.fixture
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Ledger]]:
    """Make a database of a kind, without any table."""
    made: list[Ledger] = []

    def make(database: str) -> Ledger:
        name = f"new_{secrets.token_hex(4)}"
        if database == "sqlite":
            made.append(Ledger(f"sqlite:///{tmp_path / 'made' / name}.db"))
        else:
            server = request.getfixturevalue("postgres_url")
            on_server(server, f"CREATE DATABASE {name}")
            url = make_url(server).set(database=name)
            made.append(Ledger(url.render_as_string(hide_password=False)))
        return made[-1]

    yield make
    for ledger in made:
        ledger.close()
        if ledger.url.get_backend_name() == "postgresql":
            server = request.getfixturevalue("postgres_url")
            on_server(server, f"DROP DATABASE {ledger.url.database}")


def on_server(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, new: Callable[[str], Ledger]) -> Ledger:
    """A database without any table, once of each kind."""
    return new(request.param)


@pytest.fixture
def busy(new_ledger: Callable[[str], Ledger]) -> Ledger:
    """A ledger in which workers have two projects: one with number 1, and one just asked for."""
    ledger = new_ledger("busy.db")
    job, plan = show_plan(ledger)
    approve(ledger, job, plan)
    ask(ledger)
    claim(ledger)
    claim(ledger)
    return ledger


def saved(ledger: Ledger) -> io.BytesIO:
    out = io.BytesIO()
    saving.save(ledger, out)
    return out


def archived(ledger: Ledger) -> Archive:
    return Archive(saved(ledger), "backup.zip")
