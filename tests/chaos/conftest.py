"""Installations to be disturbed, one on each database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from tests.chaos.house import House


@pytest.fixture(scope="session")
def sqlite_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from _opened(House(tmp_path_factory.mktemp("chaos-sqlite")))


@pytest.fixture(scope="session")
def postgres_house(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[House]:
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE chaos"))
    engine.dispose()
    url = postgres_url.replace("/postgres?", "/chaos?")
    yield from _opened(House(tmp_path_factory.mktemp("chaos-postgres"), database_url=url))


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
