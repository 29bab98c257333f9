"""Sheets of a space's own: a schedule with what a sync finds to do in it, and a register.

One job at a time has a sheet. So each case has its own, made known to the one worker that plans
its job; whoever takes over finds in the plan which sheet it is.
"""

from pathlib import Path

from kakari.demo import sheet
from ledger import projects, schedule
from ledger.database import now
from tasks import document_sheets, schedule_file
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
        sheet.make_schedule(self.house.clients, self.file, NEVER)
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


class Register:
    """The sheet in which a room's documents are entered."""

    def __init__(self, house: House, room: Room) -> None:
        self.house = house
        self.room = room
        self.file: Path = house.folder / f"documents-{tag_of(room)}.toml"

    @property
    def spreadsheet(self) -> str:
        place = document_sheets.read(self.file).documents
        assert place is not None
        return place.spreadsheet

    def make(self) -> None:
        sheet.make_documents(self.house.clients, self.file)

    def cells(self) -> list[list[str]]:
        """Return what people see in it, below its headers and but for where the PDF is."""
        headers, *rows = self.room.alice.sheet(self.spreadsheet)
        file = headers.index("PDF")
        return [[*row[:file], *row[file + 1 :]] for row in rows if any(row)]


def tag_of(room: Room) -> str:
    """Return what the room's rows and names are told from all others by."""
    return room.space[-8:]
