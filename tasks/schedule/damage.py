"""Whether the keys in the sheet still stand beside the rows they were given to.

Where a part of the table was sorted without its key column, or rows were copied with their keys,
a merge would carry one project's values over to another. So the sheet is looked at as a whole
first, and where it looks like that nothing is carried over until a person has said what it is.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tasks.schedule.fields import Field, Values
from tasks.schedule.table import SheetRow

SEVERAL = 3
"""Rows that changed in most fields, from which on it is no longer a person's ordinary editing."""
MOVED = 2
"""Rows that have become what other rows were: one may be a copy, two are an exchange."""
PERMUTED = 0.8
"""The part of a column's changed values that stood elsewhere in it: then it was sorted alone."""
COMMON = 50
"""Projects that may share a value that says whose a row is; one cell filled down makes thousands."""
GONE = 5
"""Rows that may be gone at once without a question about all of them."""


class Harm(StrEnum):
    """What seems to have happened."""

    TWICE = "twice"
    """Rows were copied with their keys."""
    MOVED = "moved"
    """A part of the table was sorted, or moved, without its key column."""
    GONE = "gone"
    """Most of the rows are not there: another file, another tab, or all deleted."""


@dataclass(frozen=True)
class Damage:
    harm: Harm
    rows: tuple[SheetRow, ...]
    """The rows that look wrong."""
    keys: tuple[str, ...]
    """The projects that are concerned."""
    repairs: tuple[tuple[SheetRow, str], ...] = ()
    """Which key would be put beside which row; the empty one takes a key away."""

    @property
    def fingerprint(self) -> str:
        """The same as long as these rows stay as they are, wherever they stand."""
        said = sorted([row.key, sorted(row.values.items())] for row in self.rows)
        text = json.dumps([self.harm, said, sorted(self.keys)], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:24]


def find_damage(
    rows: Sequence[SheetRow], base: Mapping[str, Values], ledger: Mapping[str, Values]
) -> Damage | None:
    """Return what is wrong with the sheet as a whole, if anything is.

    ``base`` has what both sides agreed on. What equals the ledger already was not changed by a
    person alone, such as what Kakari wrote just before it was stopped.
    """
    keyed = [row for row in rows if row.key]
    missing = base.keys() - {row.key for row in keyed}
    if len(missing) >= GONE and len(missing) * 2 > len(base):
        return Damage(Harm.GONE, (), tuple(sorted(missing)))
    counted = Counter(row.key for row in keyed)
    twice = [row for row in keyed if counted[row.key] > 1]
    moved = _moved([row for row in keyed if row.key in base], base, ledger)
    if not twice and not moved:
        return None
    wrong = {row.number: row for row in (*twice, *moved)}
    return Damage(
        Harm.TWICE if twice else Harm.MOVED,
        tuple(wrong.values()),
        tuple(sorted({row.key for row in wrong.values()})),
        tuple(_repairs(list(wrong.values()), base, missing)),
    )


def _moved(
    rows: Sequence[SheetRow], base: Mapping[str, Values], ledger: Mapping[str, Values]
) -> list[SheetRow]:
    """Return the rows whose values seem to belong to other keys."""
    replaced = {row.number: _replaced(row, base, ledger) for row in rows}
    most = [row for row in rows if _most(replaced[row.number], base[row.key])]
    # A name is what people know a project by: who edits a row seldom gives it another one's.
    renamed = [row for row in rows if {Field.NAME} < replaced[row.number]]
    suspects = {row.number: row for row in (*most, *renamed)}
    alike = _Alike(base, base if len(suspects) >= MOVED else ())
    elsewhere = {
        number: row
        for number, row in suspects.items()
        if (best := alike.best(row.values)) and best[0] > _score(row.values, base[row.key])
    }
    if len(elsewhere) >= MOVED:
        return list(elsewhere.values())
    if len(most) >= SEVERAL:
        return most
    for name in Field:
        some = [row for row in rows if name in replaced[row.number]]
        was = Counter(base[row.key][name] for row in some)
        both = (was & Counter(row.values[name] for row in some)).total()
        if len(was) >= SEVERAL and both >= PERMUTED * len(some):
            return some
    return []


def _replaced(
    row: SheetRow, base: Mapping[str, Values], ledger: Mapping[str, Values]
) -> frozenset[Field]:
    """Return the fields in which something else stands than was agreed on."""
    was, ours = base[row.key], ledger.get(row.key, {})
    return frozenset(
        name
        for name, value in row.values.items()
        if was.get(name) and value != was[name] and value != ours.get(name)
    )


def _most(replaced: frozenset[Field], was: Values) -> bool:
    filled = sum(bool(value) for value in was.values())
    return len(replaced) >= 2 and len(replaced) * 2 > filled


def _score(values: Values, was: Values) -> int:
    """Return in how many fields a row says what a project's said."""
    return sum(bool(value) and was.get(name) == value for name, value in values.items())


class _Alike:
    """Finds what a row resembles without comparing it with every other one."""

    def __init__(self, base: Mapping[str, Values], keys: Iterable[str]) -> None:
        self._base = base
        self._by_value: defaultdict[tuple[Field, str], list[str]] = defaultdict(list)
        for key in keys:
            for name, value in base.get(key, {}).items():
                if value:
                    self._by_value[name, value].append(key)

    def best(self, values: Values) -> tuple[int, str] | None:
        """Return the key whose project a row resembles most, and in how many fields."""
        return max(self.ranked(values), default=None)

    def ranked(self, values: Values) -> list[tuple[int, str]]:
        """Return the keys that a row may belong to with the number of fields they share.

        Those are looked at that share its rarest value: a status is shared by hundreds. Where
        every value is shared by more than ``COMMON``, nothing tells whose the row is.
        """
        shared = [
            some for name, value in values.items() if (some := self._by_value.get((name, value)))
        ]
        rarest = [some for some in sorted(shared, key=len)[:2] if len(some) <= COMMON]
        keys = {key for some in rarest for key in some}
        return [(_score(values, self._base[key]), key) for key in keys]


def _repairs(
    wrong: Sequence[SheetRow], base: Mapping[str, Values], missing: Iterable[str]
) -> list[tuple[SheetRow, str]]:
    """Return the keys to put beside the rows: each to the row that is most like its project was.

    A row that is like none keeps its key if no other row has a better right to it, else it loses
    it and is a row of people's own.
    """
    keys = {row.key for row in wrong} | set(missing)
    alike = _Alike(base, keys)
    # At the same likeness a row keeps what it has, and the upper one comes first.
    ranked = sorted(
        (-score, key != row.key, row.number, key)
        for row in wrong
        for score, key in alike.ranked(row.values)
    )
    of_row: dict[int, str] = {}
    given: set[str] = set()
    for _, _, number, key in ranked:
        if number not in of_row and key not in given:
            of_row[number] = key
            given.add(key)
    repairs = []
    for row in wrong:
        right = of_row.get(row.number)
        if right is None:
            right = "" if row.key in given else row.key
            given.add(right)
        if right != row.key:
            repairs.append((row, right))
    return repairs
