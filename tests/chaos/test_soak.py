"""Many jobs while everything is killed and stopped: nothing lost, nothing doubled, all told once."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.conftest import new_database
from tests.chaos.house import House
from tests.chaos.soak import Soak, house_for_soak

SHORT = pytest.param("sqlite", 30, 30.0, marks=pytest.mark.timeout(360))
LONG = [
    pytest.param(
        database,
        200,
        60.0,
        marks=[pytest.mark.chaos, pytest.mark.timeout(600), pytest.mark.xdist_group(database)],
    )
    for database in ("sqlite", "postgres")
]


@pytest.fixture
def crowded_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    settings = {}
    if request.param == "postgres":
        settings["database_url"] = new_database(request.getfixturevalue("postgres_url"))
    house = house_for_soak(tmp_path, **settings)
    try:
        house.start()
        yield house
    finally:
        house.stop()


@pytest.mark.parametrize(
    ("crowded_house", "jobs", "seconds"), [SHORT, *LONG], indirect=["crowded_house"]
)
def test_whatever_befalls_nothing_is_lost_or_doubled_and_everybody_is_told_once(
    crowded_house: House, jobs: int, seconds: float
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    report = Soak(crowded_house, seed, jobs, seconds).run()
    assert report.clean, f"\n{report}"
