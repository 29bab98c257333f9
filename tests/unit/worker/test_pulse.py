"""A process shows that it does its work, and stops showing it when it cannot."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from kakari import health
from worker import pulse
from worker.pulse import Pulse


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each beat count."""
    monkeypatch.setattr(pulse, "EVERY", 0.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pulse"


def healthy(file: Path) -> bool:
    """Ask as Docker does."""
    asked = subprocess.run(
        [sys.executable, "-m", "kakari.health"],
        env=os.environ | {"KAKARI_PULSE_FILE": str(file)},
        capture_output=True,
        timeout=30,
        check=False,
    )
    return asked.returncode == 0


def test_a_process_that_never_beat_is_not_healthy(file: Path) -> None:
    assert not healthy(file)


def test_a_process_is_healthy_while_it_beats_and_for_a_minute_after(file: Path) -> None:
    Pulse(file).beat()
    assert healthy(file)
    long_ago = time.time() - health.PATIENCE - 1
    os.utime(file, (long_ago, long_ago))
    assert not healthy(file)


def test_it_does_not_beat_while_something_is_away_that_it_needs(file: Path) -> None:
    away = True

    def redis_ping() -> None:
        if away:
            raise redis.ConnectionError

    beating = Pulse(file, redis_ping)
    beating.beat()
    assert not file.exists()
    away = False
    beating.beat()
    assert file.exists()


def test_where_nobody_looks_nothing_is_asked() -> None:
    Pulse(None, pytest.fail).beat()


def test_asking_loads_nothing_of_kakari_and_no_library() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, kakari.health; print(*sys.modules)"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    ).stdout.split()
    assert not {"pydantic", "redis", "sqlalchemy", "kakari.settings"} & set(loaded)
