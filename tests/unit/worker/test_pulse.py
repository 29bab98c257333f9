"""A process shows that it does its work, and stops showing it when it cannot."""

import os
import signal
import subprocess
import sys
import threading
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
    long_ago = time.monotonic() - health.PATIENCE - 1
    os.utime(file, (long_ago, long_ago))
    assert not healthy(file)


def test_a_pulse_from_before_the_machine_was_started_is_none(file: Path) -> None:
    Pulse(file).beat()
    later = time.monotonic() + health.PATIENCE
    os.utime(file, (later, later))
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


HANGING = """
import ctypes, sys, threading, time
from pathlib import Path
from worker import pulse
pulse.STALE, pulse.LOOK_EVERY, pulse.EVERY, pulse.ANSWER_SECONDS = 2.0, 0.2, 0.0, 0.5

def away():
    raise OSError

def silent():
    time.sleep(60)

def works(beating, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        beating.come_round()
        time.sleep(0.1)

with (beating := pulse.Pulse(Path(sys.argv[1]), *{needs})).watched():
    works(beating, 0.5)
    print("began", flush=True)
    {hangs}
print("ended")
"""
INTERPRETER = "ctypes.PyDLL(None).sleep(60)"
"""Hangs without letting go of the interpreter, and without using the processor."""
PATTERN = "import re; re.match('(a|a)*b', 'a' * 60)"
"""Hangs without letting go of the interpreter, at full speed."""
LOCK = "threading.Lock().acquire() and time.sleep(60)"
"""Hangs alone; the other threads go on."""


def hanging(file: Path, hangs: str, needs: str = "()") -> subprocess.Popen[str]:
    script = HANGING.replace("{hangs}", hangs).replace("{needs}", needs)
    return subprocess.Popen(
        [sys.executable, "-c", script, str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("hangs", "code"), [(INTERPRETER, 1), (PATTERN, 1), (LOCK, pulse.STALE_EXIT)]
)
def test_a_process_that_hangs_ends_itself_and_says_where(file: Path, hangs: str, code: int) -> None:
    with hanging(file, hangs) as process:
        _, said = process.communicate(timeout=30)
    assert process.returncode == code
    assert "<module>" in said


@pytest.mark.parametrize("needs", ["[away]", "[silent]"])
def test_a_process_that_waits_for_what_is_away_does_not_end_itself(file: Path, needs: str) -> None:
    with hanging(file, "time.sleep(6)", needs) as process:
        told, said = process.communicate(timeout=60)
    assert (process.returncode, told.split()[-1]) == (0, "ended"), said


def test_a_process_that_was_stopped_for_a_while_goes_on(file: Path) -> None:
    with hanging(file, "works(beating, 4)") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        process.send_signal(signal.SIGCONT)
        told, said = process.communicate(timeout=60)
    assert (process.returncode, told.split()) == (0, ["ended"]), said


def test_where_nobody_looks_nothing_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "STALE", 0.0)
    threads = threading.active_count()
    with Pulse(None).watched():
        assert threading.active_count() == threads
