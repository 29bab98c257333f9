"""One installation for all checks; nothing of it is left behind."""

from collections.abc import Iterator

import pytest

from kakari import logs
from tests.compose.docker import docker, no_engine
from tests.compose.installation import JOBS, SLOW, Installation
from tests.scenario.room import Room


@pytest.fixture(scope="session")
def engine() -> None:
    if reason := no_engine():
        pytest.skip(reason)


@pytest.fixture(scope="session")
def installation(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("compose"))
    installation.furnish()
    installation.compose.remove()  # what a run that was cut off has left
    try:
        installation.compose("build")
        installation.up()
        yield installation
    finally:
        installation.stop()


@pytest.fixture(scope="session")
def furnished(installation: Installation) -> Installation:
    """The installation after its demo, with one job done that nothing disturbed."""
    logs.set_up("console", "check")
    installation.compose.ended("demo")
    installation.play_undisturbed()
    return installation


@pytest.fixture
def open_house(furnished: Installation) -> Installation:
    """The furnished installation, with everything up that an earlier check may have ended."""
    # To compose a service without what it depends on is another one, which it would make anew.
    furnished.up("--wait", "--no-deps", "--no-recreate", "bot", "worker", "clock")
    return furnished


@pytest.fixture(scope="session")
def struck(furnished: Installation) -> dict[str, Room]:
    """Forty jobs during which a worker was killed.

    The job in its hands waits until the longest call could have ended, almost two minutes: the
    other checks go on meanwhile.
    """
    rooms = furnished.planned(JOBS)
    furnished.slow(SLOW)
    furnished.apply_all(rooms)
    docker("kill", furnished.worker_of(rooms))
    return rooms
