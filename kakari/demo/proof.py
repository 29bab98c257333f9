"""Looks whether what Kakari says it did is really there, by asking the (simulated) Google."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from effects.drive import DriveFileData
from kakari import private_files
from kakari.bootstrap import origins_of, task_setting
from kakari.settings import Settings
from ledger import documents, jobs, work
from ledger.database import Ledger
from ledger.work import Step
from tasks.document.listing import Listing
from worker.contents import StoredContents
from workspace.clients import GoogleClients
from workspace.drive import Drive
from workspace.drive_file import DriveFile
from workspace.quota import Quota
from workspace.sheets import Sheets

FOLDER = "application/vnd.google-apps.folder"
IN_DRIVE = ("drive.folder", "drive.file")
DONE = "check_circle"
"""The icon of a card whose job is done."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what it says, and whether it is so."""

    text: str
    true: bool


def prove(settings: Settings, job_id: str) -> list[Finding]:
    """Read a finished project back from Drive and its card from Chat, and compare."""
    ledger = Ledger(settings.ledger_url)
    clients = GoogleClients(origins_of(settings), settings.google_key_file)
    with closing(ledger), closing(clients):
        with ledger.read() as tx:
            job = jobs.find(tx, job_id)
            steps = [step for step in work.steps(tx, job_id) if step.effect.kind in IN_DRIVE]
        drive = Drive(clients, Quota())
        ids = [_id(step) for step in steps]
        there = dict(zip(ids, drive.get_many(ids), strict=True))
        contents = StoredContents(ledger, settings.templates, job.bindings)
        return [
            *_as_planned(steps, there, contents),
            _nothing_else(drive, there),
            _card_says_done(clients, job.space, job_id),
        ]


def number_of(settings: Settings, job_id: str) -> str:
    """Return the number that a job's project or document was given."""
    with closing(Ledger(settings.ledger_url)) as ledger, ledger.read() as tx:
        return jobs.find(tx, job_id).bindings["number"]


def prove_document(settings: Settings, job_id: str, pdf: Path) -> list[Finding]:
    """Compare an issued document's file in Drive with the ledger's; write it to ``pdf``."""
    ledger = Ledger(settings.ledger_url)
    clients = GoogleClients(origins_of(settings), settings.google_key_file)
    with closing(ledger), closing(clients):
        with ledger.read() as tx:
            number = jobs.find(tx, job_id).bindings["number"]
            body = documents.pdf(tx, number)
            unbroken = not list(documents.broken_links(tx))
            upload = next(s for s in work.steps(tx, job_id) if s.effect.kind in IN_DRIVE)
            amount = documents.find(tx, number).row.amount
        with private_files.written(pdf) as file:
            file.write(body)
        found = Drive(clients, Quota()).get(_id(upload))
        registered = list(_registered(settings, clients, number, amount))
    same = found is not None and found.sha256 == hashlib.sha256(body).hexdigest()
    return [
        Finding(f"{number} in Drive is the PDF that the ledger keeps, byte for byte", same),
        Finding("the chain of all documents is unbroken", unbroken),
        *registered,
    ]


def _registered(
    settings: Settings, clients: GoogleClients, number: str, amount: int
) -> Iterator[Finding]:
    """Yield whether a document in yen is in the register's sheet, where there is one."""
    place = task_setting(settings).document_sheets.documents
    if place is None:
        return
    rows = Listing.read(place, Sheets(clients, Quota())).rows
    said = [(row.cell("gross"), row.cell("state")) for row in rows if row.text("number") == number]
    yield Finding(f"{number} has one row in the register’s sheet", said == [(amount, place.valid)])


def _as_planned(
    steps: list[Step], there: Mapping[str, DriveFile | None], contents: StoredContents
) -> list[Finding]:
    findings = []
    for kind, what in (("drive.folder", "folders"), ("drive.file", "files")):
        of_kind = [step for step in steps if step.effect.kind == kind]
        right = [step for step in of_kind if _is(there[_id(step)], step, contents)]
        text = f"{len(right)} of {len(of_kind)} {what} are in Drive as planned, byte for byte"
        findings.append(Finding(text, len(right) == len(of_kind)))
    return [*findings, Finding(f"{len(steps)} of the plan’s effects are in Drive", bool(steps))]


def _is(found: DriveFile | None, step: Step, contents: StoredContents) -> bool:
    data = step.effect.data
    if found is None or found.trashed or found.name != data["name"]:
        return False
    if found.parents != (data["parent"],):
        return False
    if step.effect.kind == "drive.folder":
        return found.mime_type == FOLDER
    body = contents.read(DriveFileData.model_validate(data).content)
    return found.sha256 == hashlib.sha256(body).hexdigest()


def _nothing_else(drive: Drive, there: Mapping[str, DriveFile | None]) -> Finding:
    folders = [file.id for file in there.values() if file and file.mime_type == FOLDER]
    below = {child.id for folder in folders for child in drive.children(folder)}
    strangers = below - set(there)
    return Finding(f"{len(strangers)} things lie there that were not planned", not strangers)


def _card_says_done(clients: GoogleClients, space: str, job_id: str) -> Finding:
    request = clients.chat_messages.get(name=f"{space}/messages/client-{job_id}")
    with clients.transport() as http:
        card: dict[str, Any] = request.execute(http=http)
    return Finding("the card, read back by messages.get, says done", DONE in str(card))


def _id(step: Step) -> str:
    return str(step.effect.data["id"])
