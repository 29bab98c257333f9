"""Installations to be disturbed, one on each database."""

import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.chaos.house import House


@pytest.fixture(scope="session")
def sqlite_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from _opened(House(tmp_path_factory.mktemp("chaos-sqlite"), schedule_minutes=5))


@pytest.fixture(scope="session")
def postgres_house(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[House]:
    url = new_database(postgres_url)
    folder = tmp_path_factory.mktemp("chaos-postgres")
    yield from _opened(House(folder, schedule_minutes=5, database_url=url))


@pytest.fixture
def house(request: pytest.FixtureRequest) -> House:
    """The installation on the database that the parameter names."""
    found: House = request.getfixturevalue(f"{request.param}_house")
    return found


def _opened(house: House) -> Iterator[House]:
    try:
        house.start()
        yield house
    finally:
        house.stop()


def new_database(postgres_url: str) -> str:
    """Make a database of its own in the server, and return its URL."""
    name = f"chaos_{secrets.token_hex(4)}"
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
