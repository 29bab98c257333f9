"""A worker process of the bench: sets documents, job after job, until none is left."""

import sys
import threading
from datetime import date
from pathlib import Path

from effects.base import World
from effects.typesetting import Layout, typesetter
from kakari.demo.stack import TEMPLATES
from ledger import jobs, leases
from ledger.database import Ledger
from worker.applying import Applying
from worker.contents import StoredContents

LEASE = 60.0


def main(file: Path) -> None:
    """Say when everything is loaded, wait for a line, and work."""
    ledger = Ledger(f"sqlite:///{file}")
    typesetter().pdf(Layout({"first.typ": b"warm"}), "first.typ", "{}", date(2026, 11, 30))
    print("ready", flush=True)  # noqa: T201 - what the bench waits for
    sys.stdin.readline()
    while set_one(ledger, str(threading.get_native_id())):
        pass
    ledger.close()


def set_one(ledger: Ledger, owner: str) -> bool:
    """Take a job to its end; False if none is left."""
    with ledger.write() as tx:
        claimed = leases.claim(tx, owner, LEASE)
    if claimed is None:
        return False
    lease, job = claimed
    contents = StoredContents(ledger, TEMPLATES, job.bindings)
    world = World(job=job.id, contents=contents, ledger=ledger)
    with ledger.write() as tx:
        jobs.running(tx, lease)
    Applying(ledger, lease, world, threading.Event()).run()
    with ledger.write() as tx:
        jobs.finish(tx, lease)
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]))
