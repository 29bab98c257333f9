"""What people see of a job, as counted lines: two pictures are compared by what one lacks.

Numbers and ids differ from job to job, so they are left out: the pictures of two jobs that asked
for the same are equal, unless one lost something or has it twice.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from kakari.demo.person import Json, text_of
from ledger import documents, parties, projects
from ledger.models import DocumentRow, EffectRow, Job, Number, OwedMessage
from tests.chaos.house import House
from tests.chaos.sheet import Register, Rows, tag_of
from tests.scenario.room import Room
from workspace.drive import Drive
from workspace.drive_file import FOLDER, DriveFile

Picture = Counter[str]
NUMBER = "#-####"
TAG = "########"
AS_KEPT = "as the ledger keeps it"
WRITE = "sheets.spreadsheets.batchUpdate"


def pictures(house: House, rooms: Mapping[str, Room], *, calls: bool = True) -> dict[str, Picture]:
    """Return a picture for each job, asked for in a room of its own.

    With ``calls`` it holds what the simulator's log says was made, too: for as long as no fault
    of the simulator's own was drawn, and the log is whole.
    """
    look = _Look(house, _log(house) if calls else [])
    return {job: Picture(look.lines(job, room)) for job, room in rooms.items()}


def forget_calls(house: House) -> None:
    """Let the simulator's log begin anew: it is read whole."""
    requests.delete(f"{house.page}/_sim/calls", timeout=30).raise_for_status()


def _log(house: House) -> list[dict[str, Any]]:
    log: list[dict[str, Any]] = requests.get(f"{house.page}/_sim/calls", timeout=30).json()
    return log


def difference(picture: Picture, undisturbed: Picture) -> list[str]:
    """Say what is missing or there too often."""
    lost, doubled = undisturbed - picture, picture - undisturbed
    return [f"- {line}" for line in lost.elements()] + [f"+ {line}" for line in doubled.elements()]


class _Look:
    """One look at everything, for all the jobs of a batch."""

    def __init__(self, house: House, log: list[dict[str, Any]]) -> None:
        self.house = house
        done = [call for call in log if call["status"] == 200 and call["resource"]]
        self.made = Counter(call["resource"] for call in done if call["method"].endswith(".create"))
        self.written = Counter(call["resource"] for call in done if call["method"] == WRITE)
        kind, _, where = house.settings.project_place.partition(":")
        self.place = _Disk(Path(where)) if kind == "disk" else _Drive(house.drive, where)
        with house.ledger.read() as tx:
            self.projects, _ = projects.every(tx)
            self.parties = {party.name: party.details for party in parties.every(tx)}

    def lines(self, job: str, room: Room) -> Iterator[str]:
        with self.house.ledger.read() as tx:
            bindings = tx.get_one(Job, job).bindings
            lines = [*self._of_job(tx, job), *self._of_documents(tx, job)]
        number = bindings.get("number", NUMBER)
        tag = tag_of(room)
        lines += self.place.below(number)
        lines += (f"project {k} {said}" for k, said in self.projects.items() if k == number)
        lines += (f"project {k} {said}" for k, said in self.projects.items() if tag in k)
        lines += (f"party {name} {said}" for name, said in self.parties.items() if tag in name)
        lines += self._of_sheet(room)
        messages = room.bob.messages()
        lines += (
            _said(message, job, messages[0])
            for message in messages
            if message["sender"].get("type") == "BOT"
        )
        for line in lines:
            yield line.replace(tag, TAG).replace(number, NUMBER)

    def _of_job(self, tx: Session, job: str) -> Iterator[str]:
        yield f"job {tx.get_one(Job, job).state}"
        for effect in tx.scalars(select(EffectRow).where(EffectRow.job_id == job)):
            yield f"effect {effect.key} {effect.state}"
            yield from [f"made {effect.key}"] * self.made[effect.data.get("id")]
        for owed in tx.scalars(select(OwedMessage).where(OwedMessage.job_id == job)):
            delivered = owed.delivered == owed.wanted and not owed.undeliverable
            yield f"{owed.role} {'told' if delivered else 'not told'}"
            yield from [f"posted {owed.role}"] * self.made[owed.message_id]

    def _of_documents(self, tx: Session, job: str) -> Iterator[str]:
        for number in tx.scalars(select(Number).where(Number.job_id == job)):
            yield f"number of {number.series}{' void' if number.void_at else ''}"
        issued = select(DocumentRow.number).where(DocumentRow.job_id == job)
        for each in tx.scalars(issued).all():
            found = documents.find(tx, each)
            yield f"document {each} {found.state} {found.row.party_name} {found.row.amount}"
            self.place.kept[documents.stored(tx, [each]).get(each, "")] = AS_KEPT

    def _of_sheet(self, room: Room) -> Iterator[str]:
        for sheet in (Rows(self.house, room), Register(self.house, room)):
            if sheet.file.exists():
                yield from [f"written into {WRITE}"] * self.written[sheet.spreadsheet]
                for cells in sheet.cells():
                    yield f"row {cells}"


def _said(message: Json, job: str, command: Json) -> str:
    name = message.get("clientAssignedMessageId", "answer").replace(job, "job")
    where = "" if message["thread"]["name"] == command["thread"]["name"] else " elsewhere"
    return f"message {name}{where}: " + " | ".join(text_of(message).split("\n"))


class _Place:
    """Where projects and documents are."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        """What is said of a file's content instead of its sha256."""

    def below(self, number: str) -> Iterator[str]:
        """Yield a line for each thing of this number, and for all that is in it."""
        raise NotImplementedError

    def _file(self, path: str, sha256: str | None) -> str:
        return f"file {path} {self.kept.get(sha256 or '', sha256)}"


class _Drive(_Place):
    def __init__(self, drive: Drive, folder: str) -> None:
        super().__init__()
        self.drive = drive
        self.there = list(drive.children(folder))

    def below(self, number: str) -> Iterator[str]:
        yield from self._lines((each for each in self.there if number in each.name), "")

    def _lines(self, files: Iterable[DriveFile], path: str) -> Iterator[str]:
        for each in files:
            here = f"{path}/{each.name}"
            if each.mime_type == FOLDER:
                yield f"folder {here}"
                yield from self._lines(self.drive.children(each.id), here)
            else:
                yield self._file(here, each.sha256)


class _Disk(_Place):
    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root

    def below(self, number: str) -> Iterator[str]:
        for there in self.root.glob(f"*{number}*"):
            for path in (there, *there.rglob("*")):
                here = f"/{path.relative_to(self.root)}"
                if path.is_dir():
                    yield f"folder {here}"
                else:
                    yield self._file(here, hashlib.sha256(path.read_bytes()).hexdigest())
