"""``make test-dates``: run the whole suite on other days and in other time zones.

Every process of a run has its wall clock shifted: test runner, bot, workers, clock, simulator,
PostgreSQL, Valkey, browser. docs/decisions/0006-tests.md says how, and what cannot be shifted.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
ELSEWHERE = ("UTC", "America/New_York")
"""Time zones of machines that are not in Japan."""
SOURCE = Path(__file__).with_name("shifted_clock.c")
SUITE = ["-m", "pytest", "-n", "4", "--dist", "loadfile", "--no-loadscope-reorder"]


@dataclass(frozen=True)
class Case:
    name: str
    begins: datetime
    """The moment at which the suite begins."""
    zone: str
    """The machine's time zone, which is not the office's."""

    def __str__(self) -> str:
        return f"{self.name}: from {self.begins.astimezone(TOKYO):%Y-%m-%d %H:%M} in Tokyo, TZ={self.zone}"


def dates(now: datetime) -> list[tuple[str, datetime]]:
    """Return the next days that have broken software before, with the moment in Tokyo."""
    year = now.astimezone(TOKYO).year
    leap = next(each for each in count(year + 1) if _has_leap_day(each))
    return [
        # Midnight passes while the suite runs.
        ("the year's end", datetime(year, 12, 31, 23, 57, tzinfo=TOKYO)),
        ("a leap day", datetime(leap, 2, 29, 9, 0, tzinfo=TOKYO)),
        ("the first of April", datetime(year + 1, 4, 1, 0, 1, tzinfo=TOKYO)),
        ("a year ahead", now + timedelta(days=365)),
    ]


def all_cases(now: datetime) -> list[Case]:
    """Return each date on a machine in Tokyo, and today on a machine in each other zone."""
    return [
        *(Case(name, begins, "Asia/Tokyo") for name, begins in dates(now)),
        *(Case("today", now, zone) for zone in ELSEWHERE),
    ]


def case_of_the_day(now: datetime) -> Case:
    """Return one date in one zone; each day another, so that all come round within eight days."""
    day = now.astimezone(TOKYO).toordinal()
    days = dates(now)
    name, begins = days[day % len(days)]
    return Case(name, begins, ELSEWHERE[day // len(days) % len(ELSEWHERE)])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.dates")
    parser.add_argument("--today", action="store_true", help="only the case whose turn it is today")
    given, pytest_arguments = parser.parse_known_args()
    now = datetime.now(UTC)
    cases = [case_of_the_day(now)] if given.today else all_cases(now)
    with tempfile.TemporaryDirectory(prefix="kakari-clock-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 - PostgreSQL's server runs as another user
        library = _built(Path(folder) / "shifted_clock.so")
        failed = [str(case) for case in cases if _run(case, library, pytest_arguments)]
    if failed:
        sys.stdout.write(
            "\nRed on another day or in another zone:\n" + "".join(f"  {each}\n" for each in failed)
        )
    return bool(failed)


def _built(library: Path) -> Path:
    try:
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"],
            check=True,
        )
    except FileNotFoundError:
        sys.exit("To shift the clock a C compiler is needed: apt install gcc libc6-dev")
    return library


def _run(case: Case, library: Path, arguments: list[str]) -> int:
    shift = round((case.begins - datetime.now(UTC)).total_seconds())
    environment = os.environ | {
        "CLOCK_SHIFT_SECONDS": str(shift),
        "LD_PRELOAD": str(library),
        "TZ": case.zone,
    }
    asked = [sys.executable, "-c", "import time; print(time.time())"]
    said = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True).stdout
    if abs(float(said) - case.begins.timestamp()) > 60:
        sys.exit("The clock could not be shifted here: LD_PRELOAD has no effect.")
    sys.stdout.write(f"\n== {case}\n")
    sys.stdout.flush()
    return subprocess.run(
        [sys.executable, *SUITE, *arguments], env=environment, check=False
    ).returncode


def _has_leap_day(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


if __name__ == "__main__":
    sys.exit(main())
