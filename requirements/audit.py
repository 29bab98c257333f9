"""Looks whether an advisory is known of a locked dependency: `make audit-dependencies`.

Red is an advisory that no exception in advisories.toml excuses, and an exception past its date.
Where the advisories cannot be had there is a line that says so, and nothing is red: a machine
without the internet builds all the same.
"""

import argparse
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
EXCEPTIONS = HERE / "advisories.toml"
SECONDS = 60.0
"""The longest that all of the look takes."""
CONNECT_SECONDS = 5
OFF = "The advisories could not be had: nothing was looked at."

Found = Mapping[str, Any]


def excused(file: Path, today: date) -> tuple[set[str], list[str]]:
    """Return the advisories that are excused today, and what is wrong with the others."""
    good, wrong = set(), []
    for entry in tomllib.loads(file.read_text(encoding="utf-8")).get("exception", ()):
        match entry:
            case {"id": str(name), "until": date() as until, "reason": str(reason)} if reason:
                good.add(name)
                if until < today:
                    wrong.append(f"the exception for {name} ended on {until}")
            case _:
                wrong.append(f"{file.name}: an exception has an id, until = a date, and a reason")
    return good, wrong


def known(found: Found, excuses: set[str]) -> Iterator[str]:
    """Yield a line for each advisory that nothing excuses."""
    for dependency in found["dependencies"]:
        for advisory in dependency.get("vulns", ()):
            names = [advisory["id"], *advisory.get("aliases", ())]
            if excuses.isdisjoint(names):
                mended = ", ".join(advisory.get("fix_versions", ())) or "none"
                named = f"{dependency['name']} {dependency['version']}: {' '.join(names)}"
                yield f"{named}; mended in: {mended}"


def look(requirements: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Ask pip-audit. Raises TimeoutExpired."""
    tool = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements)]
    rules = ["--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json"]
    service = ["--vulnerability-service=osv", f"--timeout={CONNECT_SECONDS}"]
    return subprocess.run(
        [*tool, *rules, *service, *options],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def answer(requirements: Path, *options: str) -> Found | None:
    """Return what the advisories say; None if they could not be had. Raises ValueError."""
    # Without the network at first: what fails then is ours to mend, and what fails after it is not.
    rehearsed = look(requirements, "--dry-run", *options)
    if rehearsed.returncode:
        raise ValueError(rehearsed.stderr.strip().splitlines()[-1])
    try:
        found = json.loads(look(requirements, *options).stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return found if isinstance(found, dict) and "dependencies" in found else None


def main() -> None:
    """Say what is known, and end with 1 if that is too much."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requirements", type=Path, default=HERE / "runtime.txt")
    parser.add_argument("--exceptions", type=Path, default=EXCEPTIONS)
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    given, options = parser.parse_known_args()
    excuses, wrong = excused(given.exceptions, given.today)
    try:
        found = answer(given.requirements, *options)
    except ValueError as error:
        sys.exit(f"{given.requirements} cannot be audited: {error}")
    if found is None:
        print(OFF)
    else:
        wrong += known(found, excuses)
        print(f"{len(found['dependencies'])} dependencies were looked at.")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
