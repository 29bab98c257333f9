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

from kakari.demo.person import Json, text_of
from ledger import projects
from ledger.models import EffectRow, Job, OwedMessage
from tests.chaos.house import House
from tests.chaos.sheet import Rows, tag_of
from tests.scenario.room import Room
from workspace.drive import Drive
from workspace.drive_file import FOLDER, DriveFile

Picture = Counter[str]
NUMBER = "P-####"
TAG = "########"
WRITE = "sheets.spreadsheets.batchUpdate"


def pictures(house: House, rooms: Mapping[str, Room], *, calls: bool = True) -> dict[str, Picture]:
    """Return a picture for each job, asked for in a room of its own.

    With ``calls`` it holds what the simulator's log says was made, too: for as long as no fault
    of the simulator's own was drawn, and the log is whole.
    """
    look = _Look(house, _log(house) if calls else [])
    return {job: Picture(look.lines(job, room)) for job, room in rooms.items()}


def sheet_writes(house: House) -> int:
    """Return how many writes into the sheet the simulator has carried out."""
    return sum(call["method"] == WRITE and call["status"] == 200 for call in _log(house))


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
        self.made = Counter(
            call["resource"]
            for call in log
            if call["method"].endswith(".create") and call["status"] == 200 and call["resource"]
        )
        kind, _, where = house.settings.project_place.partition(":")
        self.place = _Disk(Path(where)) if kind == "disk" else _Drive(house.drive, where)

    def lines(self, job: str, room: Room) -> Iterator[str]:
        for line in self._lines(job, room):
            yield line.replace(tag_of(room), TAG)

    def _lines(self, job: str, room: Room) -> Iterator[str]:
        with self.house.ledger.read() as tx:
            row = tx.get_one(Job, job)
            effects = tx.scalars(select(EffectRow).where(EffectRow.job_id == job)).all()
            owed = tx.scalars(select(OwedMessage).where(OwedMessage.job_id == job)).all()
            known, _ = projects.every(tx)
        number = row.bindings.get("number", NUMBER)
        yield f"job {row.state}"
        for effect in effects:
            yield f"effect {effect.key} {effect.state}"
            yield from [f"made {effect.key}"] * self.made[effect.data.get("id")]
        for each in owed:
            delivered = each.delivered == each.wanted and not each.undeliverable
            yield f"{each.role} {'told' if delivered else 'not told'}"
            yield from [f"posted {each.role}"] * self.made[each.message_id]
        for line in self.place.below(number):
            yield line.replace(number, NUMBER)
        for key, values in known.items():
            if key == number or tag_of(room) in key:
                yield f"project {key} {values}".replace(number, NUMBER)
        if self.house.settings.schedule:
            for cells in Rows(self.house, room).cells():
                yield f"row {cells}"
        messages = room.bob.messages()
        for message in messages:
            if message["sender"].get("type") == "BOT":
                yield _said(message, job, messages[0]).replace(number, NUMBER)


def _said(message: Json, job: str, command: Json) -> str:
    name = message.get("clientAssignedMessageId", "answer").replace(job, "job")
    where = "" if message["thread"]["name"] == command["thread"]["name"] else " elsewhere"
    return f"message {name}{where}: " + " | ".join(text_of(message).split("\n"))


class _Drive:
    def __init__(self, drive: Drive, folder: str) -> None:
        self.drive = drive
        self.projects = list(drive.children(folder))

    def below(self, number: str) -> Iterator[str]:
        """Yield a line for each thing in every project of this number."""
        yield from self._lines((each for each in self.projects if number in each.name), "")

    def _lines(self, files: Iterable[DriveFile], path: str) -> Iterator[str]:
        for each in files:
            here = f"{path}/{each.name}"
            if each.mime_type == FOLDER:
                yield f"folder {here}"
                yield from self._lines(self.drive.children(each.id), here)
            else:
                yield f"file {here} {each.sha256}"


class _Disk:
    def __init__(self, root: Path) -> None:
        self.root = root

    def below(self, number: str) -> Iterator[str]:
        """Yield a line for each thing in every project of this number."""
        for project in self.root.glob(f"*{number}*"):
            for path in (project, *project.rglob("*")):
                here = f"/{path.relative_to(self.root)}"
                if path.is_dir():
                    yield f"folder {here}"
                else:
                    yield f"file {here} {hashlib.sha256(path.read_bytes()).hexdigest()}"
