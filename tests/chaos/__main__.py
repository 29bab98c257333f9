"""``make soak MINUTES=5 [SEED=n]``: disturb a whole Kakari for so long, and print what came of it."""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from kakari import logs
from tests.chaos.soak import Soak, house_for_soak

JOBS, JOBS_A_MINUTE = 200, 40


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--database", help="a PostgreSQL URL; without it, SQLite")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kakari-soak-"))
    settings = {"database_url": given.database} if given.database else {}
    logs.set_up("console", "soak")
    sys.stdout.write(f"seed {given.seed}, ledger and logs in {folder}\n")
    sys.stdout.flush()
    house = house_for_soak(folder, **settings)
    try:
        house.start()
        jobs = given.jobs or max(JOBS, round(given.minutes * JOBS_A_MINUTE))
        report = Soak(house, given.seed, jobs, given.minutes * 60).run()
    finally:
        house.stop()
    sys.stdout.write(f"{report}\n")
    if not report.clean:
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
