"""A job whose plan is approved, a ledger, and a simulated Drive to apply it to."""

import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from effects.base import World
from ledger import work
from ledger.database import Ledger
from ledger.leases import Lease
from ledger.plan import Content, Effect, Plan
from ledger.work import Step
from simulator.office import PROJECTS_FOLDER_ID
from tests.contract.google import calm, clients, simulator
from tests.unit.ledger.office import approve, claim, show_plan
from worker.applying import Applying
from worker.contents import StoredContents
from worker.undoing import TakingBack
from workspace.caller import Caller
from workspace.clients import GoogleClients
from workspace.drive import Drive
from workspace.quota import Quota

__all__ = ["calm", "clients", "simulator"]


@pytest.fixture
def ledger(sqlite_ledger: Ledger) -> Ledger:
    """The engine asks the ledger for nothing that its own tests do not try on both databases."""
    return sqlite_ledger


@dataclass
class Work:
    """An approved job, and what is needed to apply it as often as a test likes."""

    ledger: Ledger
    clients: GoogleClients
    job: str
    plan: Plan
    stop: threading.Event

    def claim(self) -> Lease:
        lease = claim(self.ledger)
        assert lease.job == self.job
        return lease

    def engine(self, lease: Lease | None = None) -> Applying:
        return Applying(self.ledger, lease or self.claim(), self._world(), self.stop)

    def undoing(self, lease: Lease | None = None) -> TakingBack:
        return TakingBack(self.ledger, lease or self.claim(), self._world(), self.stop)

    def steps(self) -> list[Step]:
        with self.ledger.read() as tx:
            return work.steps(tx, self.job)

    def _world(self) -> World:
        drive = Drive(self.clients, Quota(), Caller(stop=self.stop))
        contents = StoredContents(self.ledger, Path("/nowhere"), {})
        return World(job=self.job, contents=contents, drive=drive)

    def there(self) -> dict[str, str]:
        """Return the names of what is in Drive below the job's own folder, by id."""
        drive = Drive(self.clients, Quota())
        found = drive.get_many([str(effect.data["id"]) for effect in self.plan.effects])
        return {file.id: file.name for file in found if file and not file.trashed}


@pytest.fixture
def approved(ledger: Ledger, clients: GoogleClients) -> Work:
    return approve_project(ledger, clients, place=PROJECTS_FOLDER_ID)


def approve_project(ledger: Ledger, clients: GoogleClients, *, place: str) -> Work:
    """Return a project of four levels, 40 folders and 20 files, to be made in ``place``."""
    drive = Drive(clients, Quota())
    ids = iter(drive.new_ids(60))
    folders = [Effect(key="/", kind="drive.folder", data=item(next(ids), "root", place))]
    for number in range(1, 40):
        above = folders[(number - 1) // 4]
        data = item(next(ids), f"folder {number}", str(above.data["id"]))
        folders.append(Effect(key=f"/{number}", kind="drive.folder", data=data, after=(above.key,)))
    body = b"a form to fill in\n"
    content = Content.of(body)
    files = [
        Effect(
            key=f"/file {number}",
            kind="drive.file",
            data={
                **item(next(ids), f"file {number}.txt", str(folders[number].data["id"])),
                "mime_type": "text/plain",
                "content": content.model_dump(mode="json"),
            },
            after=(folders[number].key,),
        )
        for number in range(20)
    ]
    plan = Plan(effects=(*folders, *files), headline="/")
    job, _ = show_plan(ledger, plan, {content.sha256: body})
    approve(ledger, job, plan)
    return Work(ledger, clients, job, plan, threading.Event())


def item(file_id: str, name: str, parent: str) -> dict[str, str]:
    return {"id": file_id, "name": name, "parent": parent}
