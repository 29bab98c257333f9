"""What people ask for, so that effects of every kind are made.

A new kind joins the story whose plan holds it, or gets one of its own here; ``calls`` says where on
its way a victim is struck.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.office import PROJECTS_FOLDER_ID
from tests.chaos.house import House
from tests.chaos.sheet import Register, Rows, tag_of
from tests.scenario.room import Room

Ask = Callable[[House, Room], str]
"""Has Alice ask for it in a room of its own; returns the job."""
LINE = {"text": "金型設計", "quantity": "2", "unit": "式", "price": "240,000"}


@dataclass(frozen=True)
class Story:
    """One thing to ask for."""

    kinds: tuple[str, ...]
    """The kinds of effect in its plan; the first stands for all where the whole job is struck."""
    ask: Ask
    approved: bool = True
    """Whether the plan waits for a tap."""
    disk: bool = False
    """Whether projects are made on a disk meanwhile."""
    sheets: Callable[[House, Room], Mapping[str, str]] | None = None
    """Makes sheets of the room's own; returns what is set for the one worker that knows of them."""

    def place(self, house: House) -> str:
        if not self.disk:
            return f"drive:{PROJECTS_FOLDER_ID}"
        disk: Path = house.folder / "disk"
        disk.mkdir(exist_ok=True)
        return f"disk:{disk}"


def _schedule(house: House, room: Room) -> Mapping[str, str]:
    rows = Rows(house, room)
    rows.disagree()
    return {"schedule": str(rows.file)}


def _register(house: House, room: Room) -> Mapping[str, str]:
    register = Register(house, room)
    register.make()
    return {"document_sheets": str(register.file)}


def _project(house: House, room: Room) -> str:
    return house.ask(room)


def _sync(house: House, room: Room) -> str:
    return house.say(room, "/sync")


def _invoice(house: House, room: Room) -> str:
    head = {"party": house.customer, "subject": "金型", "issued": "2026-11-30"}
    return house.say(room, "/invoice", head, LINE)


def _party(house: House, room: Room) -> str:
    answers = {"name": f"{tag_of(room)} 製作所", "address": "静岡県富士市髙島町 10-1"}
    return house.say(room, "/party", answers)


def _reminder(house: House, room: Room) -> str:
    return house.say(room, "/remind 1 お茶")


REMINDER = Story((), _reminder, approved=False)
"""What a worker that was woken does next."""
STORIES = (
    Story(("drive.folder", "drive.file", "project.enter"), _project),
    Story(("disk.folder", "disk.file"), _project, disk=True),
    Story(("sheet.row", "project.values"), _sync, approved=False, sheets=_schedule),
    Story(("document", "register.row"), _invoice, sheets=_register),
    Story(("party",), _party, approved=False),
)
BY_KIND = {kind: story for story in STORIES for kind in story.kinds}
