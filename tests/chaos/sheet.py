"""What a sync finds to do, for one space: three rows of the schedule, in step but for one value.

There is one sheet, and one sync at a time. So cases with syncs are played one after the other, and
each leaves the sheet and the ledger in step.
"""

from kakari.bootstrap import task_setting
from ledger import projects, schedule
from ledger.database import now
from tests.chaos.house import House
from tests.scenario.room import Room

SYNCED = ("sheet.row", "project.values")
"""The kinds of which a sync's plan is made."""
DUE, LATER, PERSON = "2026-12-24", "2027-01-15", "佐藤"


class Rows:
    """The three rows of a room: one to be added, one changed in the ledger, one in the sheet."""

    def __init__(self, house: House, room: Room) -> None:
        file = task_setting(house.settings).schedule
        assert file is not None, "this installation has a schedule"
        self.spreadsheet = file.spreadsheet
        self.house = house
        self.room = room
        self.added, self.ours, self.theirs = (
            f"{tag_of(room)}-{which}" for which in ("added", "ours", "theirs")
        )

    def disagree(self) -> None:
        """Give a sync something to do."""
        alice = self.room.alice
        free = 1 + sum(any(row) for row in alice.sheet(self.spreadsheet))
        for at, (key, person) in enumerate([(self.ours, ""), (self.theirs, PERSON)], start=free):
            alice.enter(self.spreadsheet, f"A{at}", key, "", key, "", DUE, person)
        with self.house.ledger.write() as tx:
            schedule.of(tx, self.spreadsheet)
            schedule.imported(tx, self.spreadsheet, now())
            rowless = projects.every(tx)[0].keys() - schedule.agreed(tx, self.spreadsheet).keys()
            projects.unschedule(tx, rowless)  # what other cases have made is none of this one's
            for key in (self.added, self.ours, self.theirs):
                projects.add(tx, key, None, self.room.space, {"name": key, "due": DUE})
            both = {key: projects.find(tx, key) or {} for key in (self.ours, self.theirs)}
            schedule.agree(tx, self.spreadsheet, both)
            projects.change(tx, self.ours, {"due": (DUE, LATER)})

    def agree(self) -> None:
        """Let the ledger say again what a sync that was taken back has left in the sheet."""
        with self.house.ledger.write() as tx:
            projects.change(tx, self.ours, {"due": (LATER, DUE)})
            schedule.agree(tx, self.spreadsheet, {self.ours: {"due": DUE}})

    def cells(self) -> list[list[str]]:
        """Return what people see in the sheet of these rows."""
        rows = self.room.alice.sheet(self.spreadsheet)
        return [row for row in rows if row and row[0].startswith(tag_of(self.room))]


def tag_of(room: Room) -> str:
    """Return what the room's rows are told from all others by."""
    return room.space[-8:]
