"""From what a look has found to the effects that bring both sides together."""

import re
from collections.abc import Iterator

from effects.project import ProjectData, ValuesData
from effects.sheet_writing import SheetRowData
from ledger.plan import Effect
from tasks.schedule.cells import cell_of
from tasks.schedule.fields import DATES, Field, shown
from tasks.schedule.merge import Change, Moves
from tasks.schedule.survey import Survey
from tasks.schedule.table import SheetRow
from workspace.sheets import Cell

IMPORTED = re.compile(r"S-(\d{1,9})")
"""How an imported row is called that had no key; the numbers of the register stay gap-free."""


class Planner:
    """Makes the effects for one look at one sheet."""

    def __init__(self, survey: Survey, space: str, *, imports: bool) -> None:
        """``imports``: whether the rows are let in that were there before Kakari."""
        self.survey = survey
        self.imports = imports
        self.space = space
        self.layout = survey.table.layout
        header = survey.cells[self.layout.header]
        self.headers = {name: str(header[at]) for name, at in self.layout.columns.items()}
        self.key_header = str(header[self.layout.key])

    def effects(self) -> Iterator[Effect]:
        """Yield what is carried over; nothing that a person has to decide first."""
        damage = self.survey.damage
        if damage is not None:
            if self.survey.repairing:
                for row, key in damage.repairs:
                    yield self._keyed(row, key)
            return
        if self.survey.importing and self.imports:
            yield from self._imported()
        for change in self.survey.merge.changes:
            yield from self._carried(change)

    def _carried(self, change: Change) -> Iterator[Effect]:
        if change.takes or not (change.writes or change.keyed):
            moves = {str(name): both for name, both in change.takes.items()}
            data = ValuesData(
                key=change.key,
                moves=moves,
                spreadsheet=self.survey.spreadsheet,
                shown=self._shown(change.key, change.takes),
            )
            yield _effect(f"take:{change.key}", "project.values", data)
        if change.writes or change.keyed:
            yield _effect(f"row:{change.key}", "sheet.row", self._row(change))

    def _row(self, change: Change) -> SheetRowData:
        row = change.row
        columns = self.layout.columns
        writes = {name: new for name, (_, new) in change.writes.items() if name in columns}
        was = {name: self._cell(row, name) for name in writes}
        agrees = {str(name): new for name, new in writes.items()}
        if row is None:
            agrees = {str(name): "" for name in columns} | agrees
        return SheetRowData(
            **self._place(),
            key=change.key,
            present=None if row is None else row.key,
            row=0 if row is None else row.number - 1,
            seen=self._seen(row) if row is not None and change.keyed else {},
            cells={
                self.headers[name]: (was[name], cell_of(name, new)) for name, new in writes.items()
            },
            dates=tuple(
                self.headers[name]
                for name, new in writes.items()
                if name in DATES and new and isinstance(was[name], str)
            ),
            shown=self._shown(change.key, change.writes),
            agrees=agrees,
        )

    def _keyed(self, row: SheetRow, key: str) -> Effect:
        """Return what puts another key beside a row."""
        data = SheetRowData(
            **self._place(),
            key=key,
            present=row.key,
            row=row.number - 1,
            seen=self._seen(row),
            shown=f"{row.number}: {row.key or '–'} → {key or '–'}",
        )
        return _effect(f"key:{row.number}", "sheet.row", data)

    def _imported(self) -> Iterator[Effect]:
        """Yield what lets the rows in that were there before Kakari, as they are."""
        known = [IMPORTED.fullmatch(key) for key in (*self.survey.ledger, *self._keys())]
        last = max((int(found[1]) for found in known if found), default=0)
        for row in self.survey.merge.strangers:
            yield self._entered(row, row.key)
        for number, row in enumerate(self.survey.merge.typed, start=last + 1):
            key = f"S-{number:04}"
            yield self._entered(row, key)
            yield self._keyed(row, key)

    def _keys(self) -> list[str]:
        return [row.key for row in self.survey.table.rows]

    def _entered(self, row: SheetRow, key: str) -> Effect:
        data = ProjectData(
            key=key,
            space=self.space,
            values={str(name): value for name, value in row.values.items()},
            job=False,
            spreadsheet=self.survey.spreadsheet,
        )
        return _effect(f"enter:{key}", "project.enter", data)

    def _place(self) -> dict[str, str | int]:
        tab = self.survey.tab
        return {
            "spreadsheet": self.survey.spreadsheet,
            "tab": tab.id,
            "title": tab.title,
            "key_header": self.key_header,
        }

    def _seen(self, row: SheetRow) -> dict[str, Cell]:
        return {self.headers[name]: self._cell(row, name) for name in self.layout.columns}

    def _cell(self, row: SheetRow | None, name: Field) -> Cell:
        if row is None:
            return ""
        cells, at = self.survey.cells[row.number - 1], self.layout.columns[name]
        return cells[at] if at < len(cells) else ""

    def _shown(self, key: str, moves: Moves) -> str:
        """Return a line in the sheet's own words: its headers and the values."""
        said = [
            f"{self.headers.get(name, name)}: {f'{shown(was)} → ' if was else ''}{shown(new)}"
            for name, (was, new) in moves.items()
        ]
        return " ".join([key, "・".join(said)]).strip()


def _effect(key: str, kind: str, data: SheetRowData | ProjectData | ValuesData) -> Effect:
    return Effect(key=key, kind=kind, data=data.model_dump(mode="json"))
