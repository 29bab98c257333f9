"""Writes the rows of one table for one job, and puts back what it hit by mistake.

The table is read again, what is still as it was planned is written in one request that is carried
out whole or not at all, and the rows that were written come back with its answer. So a row that
somebody moved in between is noticed.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby

from pydantic import Field

from effects import sheet_requests as requests
from effects.base import Data, Done, Failed, Outcome, World, outcome_of
from effects.sheet_sending import SheetSending
from effects.sheet_table import SheetTable, is_formula, text
from errors import KakariError
from errors.google import SheetRefused, WrittenBefore
from errors.schedule import (
    HeadersGone,
    NotInSheet,
    RowsMoved,
    RowsOverwritten,
    SheetBusy,
    TabMissing,
)
from ledger import schedule, sheet_writes
from workspace.sheets import ADDRESS, Cell, Span
from workspace.sheets import SECONDS as CALL_SECONDS

CALLS = 8
"""A read, perhaps another after a look for the tab's new name, a write, what puts back or another
read, and after each of these perhaps a look why it was refused."""
SECONDS = CALLS * CALL_SECONDS
"""How long one writing may have the spreadsheet."""


class SheetRowData(Data):
    spreadsheet: str
    tab: int
    title: str
    """The tab's name when this was planned."""
    key_header: str
    key: str
    present: str | None
    """What stands in the key's cell: the key, another one, or nothing; None: the row is added."""
    row: int = 0
    """Where the row stood, counted from 0."""
    seen: dict[str, Cell] = Field(default_factory=dict)
    """By header, what tells the row where its key cannot."""
    cells: dict[str, tuple[Cell, Cell]] = Field(default_factory=dict)
    """By header, what stands there and what is to stand there."""
    dates: tuple[str, ...] = ()
    """The headers of cells that get a date and show none yet."""
    shown: str = ""
    """What people read of it."""
    agrees: dict[str, str] | None = Field(default_factory=dict)
    """What both sides agree on once this is written, by the ledger's names; None where nobody
    keeps them in step."""
    instead: dict[str, tuple[Cell, Cell]] = Field(default_factory=dict)
    """By header, what an undo changes in a row that was added; without any, the row stays."""

    @property
    def keyed(self) -> bool:
        """Say whether the key's cell is written too."""
        return self.present != self.key


@dataclass(frozen=True)
class Target:
    """One effect's row in the table as it is by now: the cells to write, by column."""

    at: int
    """Which effect of the call."""
    row: int | None
    """None where one is added."""
    cells: Mapping[int, Cell]
    dates: frozenset[int]


class SheetWriting:
    """Writes rows of one table for one job."""

    def __init__(self, rows: Sequence[SheetRowData], world: World) -> None:
        self.rows = rows
        self.world = world
        self.first = rows[0]
        self.title = self.first.title
        self.sending = SheetSending(self.first.spreadsheet, world)
        self.link = ADDRESS.format(spreadsheet=self.first.spreadsheet, tab=self.first.tab)
        self.outcomes: list[Outcome | None] = [None] * len(rows)

    def look(self) -> list[Outcome | None]:
        """Say which rows are there as they are to be. Raises SheetBusy while another job writes.

        What an earlier attempt has left taken is let go of by this.
        """
        with self._alone():
            self._look_at_all()
            self._agree()
        return self.outcomes

    def write(self) -> list[Outcome]:
        """Write the rows that are still as they were planned. Raises what keeps from all of them."""
        with self._alone():
            self._write_all()
        return [each for each in self.outcomes if each is not None]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other jobs from the spreadsheet. Raises SheetBusy while one has it."""
        ledger, spreadsheet = self.world.the_ledger, self.first.spreadsheet
        job, attempt = self.world.job, self.world.attempt
        with ledger.write() as tx:
            self.world.fence(tx)
            if not schedule.alone(tx, spreadsheet, job, attempt, SECONDS):
                raise SheetBusy
        try:
            yield
        finally:
            with ledger.write() as tx:
                schedule.let_go(tx, spreadsheet, job, attempt)

    def _write_all(self) -> None:
        table = self._look_at_all()
        targets = []
        for at, data in enumerate(self.rows):
            if self.outcomes[at] is not None:
                continue
            if (target := self._target(table, at, data)) is not None:
                targets.append(target)
            elif table.header is None:
                names = ", ".join((data.key_header, *data.cells))
                self.outcomes[at] = Failed(HeadersGone(tab=self.title, names=names))
            else:
                self.outcomes[at] = Failed(NotInSheet(key=data.key or data.present))
        if targets:
            self._send(table, targets)
        elif any(isinstance(each, Failed) for each in self.outcomes):
            # What an earlier attempt has sent may still be on its way: it is not to arrive.
            with suppress(WrittenBefore):
                self.sending.send([], self.title)
            if arrived := self.sending.arrived():
                self._name_hit(self._read(), arrived)
        self._agree()

    def _look_at_all(self) -> SheetTable:
        """Read the table; say which rows are there as they are to be, and what was hit instead."""
        arrived = self.sending.arrived()
        table = self._read()
        for at, data in enumerate(self.rows):
            if self._is_there(table, data):
                self.outcomes[at] = self._done()
        self._name_hit(table, arrived)
        return table

    def _read(self) -> SheetTable:
        sheets, data = self.world.google_sheets, self.first
        headers = frozenset(name for row in self.rows for name in (*row.cells, *row.seen))
        try:
            rows = sheets.rows(data.spreadsheet, self.title, formulas=True)
        except SheetRefused:
            tabs = sheets.tabs(data.spreadsheet)
            now = [tab.title for tab in tabs if tab.id == data.tab]
            if now in ([], [self.title]):
                names = ", ".join(tab.title for tab in tabs)
                raise TabMissing(tab=self.title, tabs=names) from None
            self.title = now[0]  # it was renamed since
            rows = sheets.rows(data.spreadsheet, self.title, formulas=True)
        return SheetTable(rows, data.key_header, headers)

    def _is_there(self, table: SheetTable, data: SheetRowData) -> bool:
        rows = table.with_key(data.key)
        if table.header is None or len(rows) != 1:
            return False
        if data.present is None:
            return True  # an earlier attempt has added it; people may have edited it since
        becomes = {name: new for name, (_, new) in data.cells.items()}
        return table.resembles(rows[0], data.seen) and table.says(rows[0], becomes)

    def _target(self, table: SheetTable, at: int, data: SheetRowData) -> Target | None:
        """Return where to write; None where the row is not there, or not as it was planned."""
        if table.header is None:
            return None
        was = {name: before for name, (before, _) in data.cells.items()}
        if data.present is None:
            row = None
            if table.with_key(data.key):
                return None
        else:
            row = table.looking_like(data.seen, was, data.present, data.row)
            if row is None or (not data.keyed and len(table.with_key(data.key)) > 1):
                return None
        cells = {table.columns[name]: new for name, (_, new) in data.cells.items()}
        if data.keyed:
            cells[table.key] = data.key
        return Target(at, row, cells, frozenset(table.columns[name] for name in data.dates))

    def _send(self, table: SheetTable, targets: Sequence[Target]) -> None:
        tab = self.first.tab
        placed = {target.row: target for target in targets if target.row is not None}
        added = [target for target in targets if target.row is None]
        sent = [
            each
            for row, target in placed.items()
            for each in requests.update(tab, row, target.cells, target.dates)
        ]
        if added:
            dates = frozenset(column for target in added for column in target.dates)
            sent.append(requests.append(tab, [target.cells for target in added], dates))
        try:
            rows = {self.rows[target.at].key: row + 1 for row, target in placed.items()}
            spans = _spans(sorted(placed), table.width)
            there = dict(self.sending.send(sent, self.title, spans, rows))
        except KakariError as error:
            for target in targets:
                self.outcomes[target.at] = outcome_of(error)
            return
        for target in targets:
            self.outcomes[target.at] = self._done()
        self._put_back(
            table,
            [
                (target, there.get(row, []))
                for row, target in placed.items()
                if not self._hit(table, target, there.get(row, []))
            ],
        )

    def _hit(self, table: SheetTable, target: Target, there: Sequence[Cell]) -> bool:
        """Say whether what was written stands in the row it was meant for."""
        data = self.rows[target.at]
        cells = [*there, *[""] * table.width]
        if not data.keyed:
            return text(cells[table.key]) == data.key
        was = {col: table.cell(target.row or 0, col) for col in range(table.width)}
        kept = was.keys() - target.cells.keys()
        return all(is_formula(was[col]) or cells[col] == was[col] for col in kept)

    def _put_back(self, table: SheetTable, missed: Sequence[tuple[Target, Sequence[Cell]]]) -> None:
        """Write back what stood in rows that were moved under our hands."""
        sent: list[requests.Json] = []
        back: dict[int, Outcome] = {}
        for target, there in missed:
            row = target.row or 0
            cells = table.before(there, frozenset(target.cells))
            lost = Failed(RowsOverwritten(row=row + 1, key=self.rows[target.at].key))
            self.outcomes[target.at] = lost
            if cells and not any(map(is_formula, cells.values())):
                sent += requests.update(self.first.tab, row, cells, frozenset())
                back[target.at] = Failed(RowsMoved(row=row + 1))
        if sent:
            with suppress(KakariError):  # whatever it is, the person is told what is lost
                self.sending.send(sent, self.title)
                for at, outcome in back.items():
                    self.outcomes[at] = outcome

    def _name_hit(self, table: SheetTable, arrived: Mapping[str, int]) -> None:
        """Name what an earlier call of ours hit instead of the rows it was meant for.

        Nothing can be put back: what the sheet said before that call went with who had read it.
        """
        for at, data in enumerate(self.rows):
            row = arrived.get(data.key)
            if row is None or isinstance(self.outcomes[at], Done):
                continue
            gone = not table.with_key(data.present or "")
            if gone or self._target(table, at, data):  # else a person has typed over it since
                self.outcomes[at] = Failed(RowsOverwritten(row=row, key=data.key))

    def _agree(self) -> None:
        """Note what both sides agree on by now: a crash before this only makes them look again."""
        agreed = {
            data.key: data.agrees
            for data, outcome in zip(self.rows, self.outcomes, strict=True)
            if data.key and data.agrees is not None and isinstance(outcome, Done)
        }
        with self.world.the_ledger.write() as tx:
            self.world.fence(tx)
            schedule.agree(tx, self.first.spreadsheet, agreed)
            if all(map(_is_settled, self.outcomes)):
                sheet_writes.forget(tx, self.first.spreadsheet, self.world.job)

    def _done(self) -> Done:
        return Done(self.link)


def _is_settled(outcome: Outcome | None) -> bool:
    match outcome:
        case Done():
            return True
        case Failed(error):
            return error.permanent
        case _:
            return False


def _spans(rows: Sequence[int], width: int) -> list[Span]:
    """Return rows, in their order, as spans of such as follow each other."""
    runs = groupby(enumerate(rows), key=lambda each: each[1] - each[0])
    blocks = [[row for _, row in run] for _, run in runs]
    return [(block[0], block[-1], width) for block in blocks]
