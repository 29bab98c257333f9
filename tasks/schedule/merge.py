"""The three-way merge: the sheet, the ledger, and what both said when they last agreed.

Nothing here touches a sheet or the ledger, and nothing is ever taken for granted: a value that only
one side has changed is carried over, and what both have changed is left until a person chooses.
Kakari removes no row and recreates none that was deleted.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tasks.schedule.fields import Field, Values
from tasks.schedule.table import SheetRow

Moves = Mapping[Field, tuple[str, str]]
"""By field, what stands there and what is to stand there."""


@dataclass(frozen=True)
class Change:
    """What brings one project's row and the ledger together."""

    key: str
    row: SheetRow | None
    """The row as it was read; None where one is added."""
    writes: Moves = field(default_factory=dict)
    """What is written into the sheet."""
    takes: Moves = field(default_factory=dict)
    """What the ledger takes from the sheet."""
    fresh: bool = False
    """Whether the ledger learns of the project by this."""

    @property
    def keyed(self) -> bool:
        """Say whether the row's key cell is written too."""
        return self.row is None or self.row.key != self.key


@dataclass(frozen=True)
class Conflict:
    """Both sides have changed a value since they last agreed."""

    key: str
    field: Field
    sheet: str
    ledger: str


@dataclass(frozen=True)
class Merge:
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    deleted: tuple[str, ...]
    """Keys of projects whose rows are gone."""
    typed: tuple[SheetRow, ...]
    """Rows of people's own: with a name and no key."""
    strangers: tuple[SheetRow, ...]
    """Rows with a key that the ledger does not know."""


def merge(
    rows: Sequence[SheetRow],
    ledger: Mapping[str, Values],
    base: Mapping[str, Values],
    unscheduled: Collection[str] = (),
) -> Merge:
    """Compare the two sides; each key stands in one row at the most.

    ``base`` has the values that both sides agreed on, field by field. Projects that are
    ``unscheduled`` need no row; one that has a row again is in the schedule again.
    """
    changes, conflicts, deleted = [], [], []
    by_key = {row.key: row for row in rows if row.key}
    typed = [row for row in rows if not row.key and row.values.get(Field.NAME)]
    rowless = [key for key in ledger if not (key in by_key or key in base or key in unscheduled)]
    adopted = _adopted(typed, {key: ledger[key] for key in rowless})
    for key, values in ledger.items():
        row = by_key.get(key) or adopted.get(key)
        if row is not None:
            change, clashes = _compare(key, row, values, base.get(key, {}))
            conflicts += clashes
            if change.writes or change.takes or change.keyed or key in unscheduled:
                changes.append(change)
        elif key in unscheduled:
            continue
        elif key in base:
            deleted.append(key)
        else:
            new = {name: ("", value) for name, value in values.items() if value}
            changes.append(Change(key, None, writes=new))
    taken = {row.number for row in adopted.values()}
    return Merge(
        tuple(changes),
        tuple(conflicts),
        tuple(deleted),
        tuple(row for row in typed if row.number not in taken),
        tuple(row for key, row in by_key.items() if key not in ledger),
    )


def agreed(sheet: Values, ledger: Values, before: Values) -> dict[Field, str]:
    """Return what both sides agree on now; where they do not, what they agreed on before.

    What the sheet does not say stays as it was.
    """
    same = {name: value for name, value in sheet.items() if ledger.get(name) == value}
    return {**before, **same}


def _compare(
    key: str, row: SheetRow, ledger: Values, base: Values
) -> tuple[Change, list[Conflict]]:
    writes, takes, conflicts = {}, {}, []
    for name, there in row.values.items():
        ours, was = ledger.get(name, ""), base.get(name)
        if there == ours:
            continue
        # Where they never agreed, an empty cell is one that nobody has filled in yet.
        if there == was or (was is None and not there):
            writes[name] = (there, ours)
        elif ours == was or (was is None and not ours):
            takes[name] = (ours, there)
        else:
            conflicts.append(Conflict(key, name, there, ours))
    return Change(key, row, writes, takes), conflicts


def _adopted(typed: Sequence[SheetRow], rowless: Mapping[str, Values]) -> dict[str, SheetRow]:
    """Return which typed row belongs to which project that has none: same customer, same name.

    A person typed the row and then had the project made of it. Where there are two such rows or
    two such projects, neither is guessed.
    """
    rows, projects = defaultdict(list), defaultdict(list)
    for row in typed:
        rows[_title(row.values)].append(row)
    for key, values in rowless.items():
        projects[_title(values)].append(key)
    return {
        keys[0]: rows[title][0]
        for title, keys in projects.items()
        if len(keys) == 1 and len(rows.get(title, ())) == 1
    }


def _title(values: Values) -> tuple[str, str]:
    return values.get(Field.CUSTOMER, ""), values.get(Field.NAME, "")
