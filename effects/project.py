"""What Kakari itself knows of a project: its entry in the ledger, and changes of it.

The ledger is Kakari's own, but what is entered is told and undone like everything else a job does.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session

from cards.sentences import Noun
from effects.base import (
    Data,
    Done,
    Facts,
    Failed,
    Kind,
    Left,
    Outcome,
    Reversal,
    Undoing,
    Undone,
    World,
)
from errors.schedule import KeyTaken, ProjectChanged
from ledger import projects, schedule
from ledger.database import now

SECONDS = 60.0
BATCH = 100_000


class ProjectData(Data):
    key: str
    space: str
    values: dict[str, str]
    job: bool
    """Whether this job makes the project's folders; not so where a sheet names it."""
    spreadsheet: str | None = None
    """The sheet that says the same already."""


class EnterProject(Kind[ProjectData]):
    """A project is entered in the schedule. Its key is its identity."""

    name = "project.enter"
    noun = Noun("{n} schedule entry", "{n} schedule entries", "予定表への登録{n}件")
    sign = "🗓"
    deadline = SECONDS
    batch = BATCH
    undo_batch = BATCH
    undo_deadline = SECONDS
    reversal = Reversal.REVERSIBLE
    Data = ProjectData

    def line(self, data: ProjectData) -> str:
        return f"{data.key} {data.values.get('name', '')}".strip()

    def apply(self, effects: Sequence[tuple[str, ProjectData]], world: World) -> list[Outcome]:
        world.before_send(SECONDS)
        with world.the_ledger.write() as tx:
            world.fence(tx)
            outcomes = [
                self._enter(tx, data, world.job if data.job else None) for _, data in effects
            ]
            _agree(tx, effects)
            for spreadsheet in {data.spreadsheet for _, data in effects if data.spreadsheet}:
                schedule.imported(tx, spreadsheet, now())
            schedule.look_soon(tx)
        return outcomes

    def _enter(self, tx: Session, data: ProjectData, job: str | None) -> Outcome:
        entered = projects.add(tx, data.key, job, data.space, data.values)
        if not entered and projects.job_of(tx, data.key) != job:
            name = (projects.find(tx, data.key) or {})["name"]
            return Failed(KeyTaken(key=data.key, name=name))
        return Done()

    def probe(
        self, effects: Sequence[tuple[str, ProjectData]], world: World
    ) -> list[Outcome | None]:
        with world.the_ledger.read() as tx:
            return [
                Done()
                if projects.find(tx, data.key)
                and projects.job_of(tx, data.key) == (world.job if data.job else None)
                else None
                for _, data in effects
            ]

    def undo(self, effects: Sequence[tuple[ProjectData, Facts]], world: World) -> list[Undoing]:
        world.before_send(SECONDS)
        with world.the_ledger.write() as tx:
            world.fence(tx)
            outcomes: list[Undoing] = []
            for data, _ in effects:
                found = projects.find(tx, data.key)
                changed = found is not None and any(
                    value and value != data.values.get(name) for name, value in found.items()
                )
                if changed:
                    outcomes.append(Left(ProjectChanged(key=data.key)))
                    continue
                projects.remove(tx, data.key)
                if data.spreadsheet:
                    schedule.forget(tx, data.spreadsheet, [data.key])
                    schedule.imported(tx, data.spreadsheet, None)
                outcomes.append(Undone())
            return outcomes


class ValuesData(Data):
    key: str
    moves: dict[str, tuple[str, str]]
    """By field, what the ledger says and what the sheet says."""
    spreadsheet: str
    shown: str

    @property
    def values(self) -> dict[str, str]:
        """What both sides say from now on."""
        return {name: new for name, (_, new) in self.moves.items()}


class TakeValues(Kind[ValuesData]):
    """The ledger takes what people changed in the sheet, where it still says what it said."""

    name = "project.values"
    noun = Noun("{n} change taken over", "{n} changes taken over", "予定表の変更の取り込み{n}件")
    sign = "📥"
    deadline = SECONDS
    batch = BATCH
    Data = ValuesData

    def line(self, data: ValuesData) -> str:
        return data.shown

    def apply(self, effects: Sequence[tuple[str, ValuesData]], world: World) -> list[Outcome]:
        world.before_send(SECONDS)
        with world.the_ledger.write() as tx:
            world.fence(tx)
            for _, data in effects:
                projects.change(tx, data.key, data.moves)
            _agree(tx, effects)
        return [Done()] * len(effects)

    def probe(
        self, effects: Sequence[tuple[str, ValuesData]], world: World
    ) -> list[Outcome | None]:
        """Have it done again: each value is changed only where it still is what it was."""
        return [None] * len(effects)


def _agree(tx: Session, effects: Sequence[tuple[str, ProjectData | ValuesData]]) -> None:
    """Note what the sheets and the ledger agree on now.

    Where the ledger says something else by now, they do not: that will be asked.
    """
    sheets: defaultdict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for _, data in effects:
        if data.spreadsheet:
            ours = projects.find(tx, data.key) or {}
            same = {name: said for name, said in data.values.items() if ours.get(name) == said}
            sheets[data.spreadsheet][data.key] = same
    for spreadsheet, rows in sheets.items():
        schedule.agree(tx, spreadsheet, rows)
