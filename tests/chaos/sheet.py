"""A schedule of a space's own, and what a sync finds to do in it.

There is one sync of a sheet at a time. So each case has a sheet for itself, made known to the one
worker that plans its sync; whoever takes over finds in the plan which sheet it is.
"""

from pathlib import Path

from kakari.demo import sheet
from ledger import projects, schedule
from ledger.database import now
from tasks import schedule_file
from tests.chaos.house import House
from tests.scenario.room import Room

DUE, LATER, PERSON = "2026-12-24", "2027-01-15", "佐藤"
NEVER = 1e6
"""Minutes until the clock looks at a sheet by itself."""


class Rows:
    """The three rows of a room: one to be added, one changed in the ledger, one in the sheet."""

    def __init__(self, house: House, room: Room) -> None:
        self.house = house
        self.room = room
        self.file: Path = house.folder / f"schedule-{tag_of(room)}.toml"
        self.added, self.ours, self.theirs = (
            f"{tag_of(room)}-{which}" for which in ("added", "ours", "theirs")
        )

    @property
    def spreadsheet(self) -> str:
        return schedule_file.read(self.file).spreadsheet

    def disagree(self) -> None:
        """Make the sheet, and give a sync something to do."""
        sheet.make(self.house.clients, self.file, NEVER)
        spreadsheet, alice = self.spreadsheet, self.room.alice
        for at, (key, person) in enumerate([(self.ours, ""), (self.theirs, PERSON)], start=2):
            alice.enter(spreadsheet, f"A{at}", key, "", key, "", DUE, person)
        with self.house.ledger.write() as tx:
            schedule.of(tx, spreadsheet)
            schedule.imported(tx, spreadsheet, now())
            for key in (self.added, self.ours, self.theirs):
                projects.add(tx, key, None, self.room.space, {"name": key, "due": DUE})
            both = {key: projects.find(tx, key) or {} for key in (self.ours, self.theirs)}
            schedule.agree(tx, spreadsheet, both)
            projects.change(tx, self.ours, {"due": (DUE, LATER)})

    def cells(self) -> list[list[str]]:
        """Return what people see in the sheet, below its headers."""
        return [row for row in self.room.alice.sheet(self.spreadsheet)[1:] if any(row)]


def tag_of(room: Room) -> str:
    """Return what the room's rows and names are told from all others by."""
    return room.space[-8:]
