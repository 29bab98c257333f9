"""One look at the sheet and the ledger: what has to be carried over, and what has to be asked."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, cast

from errors.schedule import TabMissing, TooManyRows
from ledger import projects, schedule
from ledger.database import Ledger
from tasks.schedule.columns import find_layout
from tasks.schedule.damage import Damage, find_damage
from tasks.schedule.fields import Field
from tasks.schedule.merge import Merge, agreed, merge
from tasks.schedule.questions import ACCEPT, RESTORE, damage_id
from tasks.schedule.table import SheetRow, Table, read_table
from tasks.schedule_file import ScheduleFile
from workspace.sheets import Cell, Sheets, Tab

MOST_ROWS = 20_000
"""Beyond this a sheet is an archive: reading it every few minutes would take its time."""


@dataclass(frozen=True)
class Survey:
    """Both sides as they were at one moment."""

    spreadsheet: str
    tab: Tab
    cells: list[list[Cell]]
    table: Table
    ledger: dict[str, dict[Field, str]]
    unscheduled: set[str]
    base: dict[str, dict[Field, str]]
    answers: dict[str, str]
    imported: bool
    """Whether the rows that were there before Kakari were let in, or there were none."""

    @cached_property
    def found_damage(self) -> Damage | None:
        return find_damage(self.table.rows, self.base, self.ledger)

    @cached_property
    def damage(self) -> Damage | None:
        """What keeps from carrying anything over, unless a person said that it is meant so."""
        found = self.found_damage
        if found is None or self.answer == ACCEPT:
            return None
        return found

    @property
    def answer(self) -> str | None:
        """What a person said of the damage."""
        found = self.found_damage
        return self.answers.get(damage_id(self.spreadsheet, found)) if found else None

    @property
    def repairing(self) -> bool:
        return self.damage is not None and self.answer == RESTORE

    @cached_property
    def merge(self) -> Merge:
        if self.damage is not None:
            return Merge((), (), (), (), ())
        return merge(self.table.rows, self.ledger, self.base, self.unscheduled)

    @property
    def importing(self) -> bool:
        """Say whether rows are there from before Kakari, which a person has to let in first."""
        return not self.imported and bool(self.merge.strangers or self.merge.typed)

    @property
    def nameless(self) -> list[SheetRow]:
        """The rows of people's own that are no project: a sum, a heading, a remark."""
        return [row for row in self.table.rows if not row.key and not row.values.get(Field.NAME)]

    def agreed(self) -> dict[str, dict[Field, str]]:
        """Return the rows of which more is agreed on now than was noted, with all of that."""
        if self.damage is not None:
            return {}
        now = {}
        for row in self.table.rows:
            if row.key in self.ledger:
                was = self.base.get(row.key)
                said = agreed(row.values, self.ledger[row.key], was or {})
                if said != was:
                    now[row.key] = said
        return now


def look(file: ScheduleFile, sheets: Sheets, ledger: Ledger, today: date) -> Survey:
    """Read the sheet, two calls whatever its size, and then the ledger.

    Raises SheetMissing, TabMissing, TooManyRows, what ``find_layout`` raises, and what Google
    answers.
    """
    with ledger.read() as tx:
        known = tx.get(schedule.Schedule, file.spreadsheet)
    tab = _tab(sheets.tabs(file.spreadsheet), file, known.tab if known else None)
    cells = sheets.rows(file.spreadsheet, tab.title)
    if len(cells) > MOST_ROWS:
        raise TooManyRows(rows=len(cells), most=MOST_ROWS)
    layout = find_layout(cells, file.names)
    with ledger.read() as tx:
        values, unscheduled = projects.every(tx)
        base = schedule.agreed(tx, file.spreadsheet)
        answers = schedule.answers(tx, file.spreadsheet)
    before = _fields(base)
    return Survey(
        file.spreadsheet,
        tab,
        cells,
        read_table(cells, layout, today, before),
        _fields(values),
        unscheduled,
        before,
        answers,
        bool(known and known.imported_at),
    )


def fingerprint(*said: Any) -> str:
    """Return what is the same for the same things."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _tab(tabs: list[Tab], file: ScheduleFile, known: int | None) -> Tab:
    """Return the tab that was kept in step before, whatever it is called now; else the named one."""
    for tab in tabs:
        if tab.id == known:
            return tab
    for tab in tabs:
        if file.tab in (None, tab.title):
            return tab
    raise TabMissing(tab=file.tab or "", tabs=", ".join(tab.title for tab in tabs))


def _fields(rows: dict[str, dict[str, str]]) -> dict[str, dict[Field, str]]:
    """Return the ledger's rows as they are: a Field is the text that names it."""
    return cast("dict[str, dict[Field, str]]", rows)
