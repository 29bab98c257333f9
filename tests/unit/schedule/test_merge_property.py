"""Whatever people do to the sheet and wherever Kakari dies: nothing a person typed is lost.

A sheet and a ledger in memory, and people who edit, insert, delete, sort and copy at random. Each
cell remembers what stood in it; each project what the ledger has known of it.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tasks.schedule.damage import Damage, Harm, find_damage
from tasks.schedule.fields import Field
from tasks.schedule.merge import Merge, agreed, merge
from tasks.schedule.table import SheetRow

FIELDS = (Field.CUSTOMER, Field.NAME, Field.DUE, Field.PERSON, Field.AMOUNT)
VALUES = st.sampled_from(["", *"abcdefgh"])
INDEX = st.integers(0, 50)


@dataclass
class Line:
    """A row as it lies in the sheet."""

    key: str
    values: dict[Field, str]
    unread: frozenset[Field] = frozenset()


@dataclass
class Office:
    """Both sides, and what they agreed on."""

    lines: list[Line] = field(default_factory=list)
    ledger: dict[str, dict[Field, str]] = field(default_factory=dict)
    base: dict[str, dict[Field, str]] = field(default_factory=dict)
    unscheduled: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)

    def read(self) -> list[SheetRow]:
        return [
            SheetRow(
                number,
                line.key,
                {name: v for name, v in line.values.items() if name not in line.unread},
            )
            for number, line in enumerate(self.lines, start=2)
            if line.key or any(line.values.values())
        ]

    def damage(self) -> Damage | None:
        found = find_damage(self.read(), self.base, self.ledger)
        return None if found and found.fingerprint in self.accepted else found

    def merge(self) -> Merge:
        return merge(self.read(), self.ledger, self.base, self.unscheduled)


class Syncing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.office = Office()
        self.known: defaultdict[str, defaultdict[Field, set[str]]] = defaultdict(
            lambda: defaultdict(set)
        )
        """What the ledger has ever said of a project."""
        self.shown: defaultdict[str, defaultdict[Field, set[str]]] = defaultdict(
            lambda: defaultdict(set)
        )
        """What has ever stood in a project's row when it was read."""
        self.made = 0

    @initialize(count=st.integers(0, 6), data=st.data())
    def begin(self, count: int, data: st.DataObject) -> None:
        for _ in range(count):
            self.make_project(data.draw(st.lists(VALUES, min_size=5, max_size=5)))
        self.sync(crash=False)

    # What happens in the ledger.

    @rule(values=st.lists(VALUES, min_size=5, max_size=5))
    def make_project(self, values: list[str]) -> None:
        self.made += 1
        key = f"P-{self.made}"
        self._learn(key, dict(zip(FIELDS, values, strict=True)))

    @precondition(lambda self: self.office.ledger)
    @rule(at=INDEX, name=st.sampled_from(FIELDS), value=VALUES)
    def change_in_ledger(self, at: int, name: Field, value: str) -> None:
        keys = sorted(self.office.ledger)
        self._learn(keys[at % len(keys)], {name: value})

    # What people do to the sheet.

    @precondition(lambda self: self.office.lines)
    @rule(at=INDEX, name=st.sampled_from(FIELDS), value=VALUES)
    def edit(self, at: int, name: Field, value: str) -> None:
        line = self.office.lines[at % len(self.office.lines)]
        line.values[name] = value
        line.unread -= {name}

    @precondition(lambda self: self.office.lines)
    @rule(at=INDEX, name=st.sampled_from(FIELDS))
    def type_nonsense(self, at: int, name: Field) -> None:
        line = self.office.lines[at % len(self.office.lines)]
        line.values[name] = "nonsense"
        line.unread |= {name}

    @rule(at=INDEX, values=st.lists(VALUES, min_size=5, max_size=5), key=st.sampled_from(["", "X"]))
    def insert(self, at: int, values: list[str], key: str) -> None:
        if key not in {line.key for line in self.office.lines} - {""}:
            line = Line(key, dict(zip(FIELDS, values, strict=True)))
            self.office.lines.insert(at % (len(self.office.lines) + 1), line)

    @precondition(lambda self: self.office.lines)
    @rule(at=INDEX)
    def delete(self, at: int) -> None:
        del self.office.lines[at % len(self.office.lines)]

    @rule(name=st.sampled_from(FIELDS), backwards=st.booleans())
    def sort(self, name: Field, backwards: bool) -> None:
        self.office.lines.sort(key=lambda line: line.values[name], reverse=backwards)

    @precondition(lambda self: len(self.office.lines) > 1)
    @rule(name=st.sampled_from(FIELDS), first=INDEX, last=INDEX, backwards=st.booleans())
    def sort_without_keys(self, name: Field, first: int, last: int, backwards: bool) -> None:
        first, last = sorted((first % len(self.office.lines), last % len(self.office.lines)))
        some = self.office.lines[first : last + 1]
        contents = sorted(
            ((line.values, line.unread) for line in some),
            key=lambda each: each[0][name],
            reverse=backwards,
        )
        for line, (values, unread) in zip(some, contents, strict=True):
            line.values, line.unread = values, unread

    @precondition(lambda self: self.office.lines)
    @rule(at=INDEX)
    def copy_with_key(self, at: int) -> None:
        line = self.office.lines[at % len(self.office.lines)]
        self.office.lines.append(Line(line.key, dict(line.values), line.unread))

    # What Kakari and the people it asks do.

    @rule(crash=st.booleans())
    def sync(self, crash: bool) -> None:
        office = self.office
        rows = office.read()
        if (damage := office.damage()) is not None:
            assert damage.rows or damage.harm is Harm.GONE
            return
        for row in rows:
            for name, value in row.values.items():
                self.shown[row.key][name].add(value)
        found = office.merge()
        self._write(found)
        if crash:
            return
        self._take(found)
        seen = {row.key: row.values for row in office.read()}
        for key, ledger in office.ledger.items():
            if key in seen:
                office.base[key] = agreed(seen[key], ledger, office.base.get(key, {}))

    @precondition(lambda self: self.office.damage() is None and self.office.merge().conflicts)
    @rule(at=INDEX, sheet=st.booleans())
    def choose(self, at: int, sheet: bool) -> None:
        conflicts = self.office.merge().conflicts
        one = conflicts[at % len(conflicts)]
        if sheet:
            self._learn(one.key, {one.field: one.sheet})
        else:  # a person has seen what stands there, and does not want it
            self.office.base.setdefault(one.key, {})[one.field] = one.sheet
            self.known[one.key][one.field].add(one.sheet)

    @precondition(lambda self: self.office.damage() is None and self.office.merge().deleted)
    @rule(at=INDEX, back=st.booleans())
    def answer_deleted(self, at: int, back: bool) -> None:
        deleted = self.office.merge().deleted
        key = deleted[at % len(deleted)]
        self.office.base.pop(key, None)
        if not back:
            self.office.unscheduled.add(key)

    @precondition(lambda self: self.office.damage() is not None)
    @rule(accept=st.booleans())
    def answer_damage(self, accept: bool) -> None:
        damage = self.office.damage()
        assert damage is not None
        if damage.harm is Harm.GONE:
            for key in damage.keys:
                self.office.base.pop(key, None)
            if accept:
                self.office.unscheduled |= set(damage.keys)
        elif damage.harm is Harm.TWICE or (not accept and damage.repairs):
            for row, key in damage.repairs:
                self.office.lines[row.number - 2].key = key
            assert damage.harm is not Harm.TWICE or self._once(), "each key stands once now"
        else:
            self.office.accepted.add(damage.fingerprint)

    @invariant()
    def quiet_means_equal_or_reported(self) -> None:
        """Once nothing more is carried over, each difference is one that people are told of."""
        office = self.office
        if office.damage() is not None:
            return
        found = office.merge()
        if found.changes:
            return
        rows = {row.key: row for row in office.read() if row.key}
        told = {(each.key, each.field) for each in found.conflicts}
        for key, values in office.ledger.items():
            if key not in rows:
                assert key in found.deleted or key in office.unscheduled
                continue
            for name, value in rows[key].values.items():
                assert value == values[name] or (key, name) in told
        for row in office.read():
            assert (
                row.key in office.ledger
                or not row.values.get(Field.NAME)
                or row
                in (
                    *found.typed,
                    *found.strangers,
                )
            )

    def teardown(self) -> None:
        if self.office.damage() is None:
            self.sync(crash=False)
            if self.office.damage() is None:
                assert not self.office.merge().changes, "one more sync has nothing to do"

    def _once(self) -> bool:
        keys = [line.key for line in self.office.lines if line.key]
        return len(keys) == len(set(keys))

    def _learn(self, key: str, values: dict[Field, str]) -> None:
        self.office.ledger.setdefault(key, {}).update(values)
        for name, value in values.items():
            self.known[key][name].add(value)

    def _write(self, found: Merge) -> None:
        for change in found.changes:
            if change.row is None:
                values = {name: change.writes.get(name, ("", ""))[1] for name in FIELDS}
                for name, value in values.items():
                    self.shown[change.key][name].add(value)
                self.office.lines.append(Line(change.key, values))
                continue
            line = self.office.lines[change.row.number - 2]
            for name, (was, becomes) in change.writes.items():
                assert line.values[name] == was
                assert name not in line.unread, "what is not understood is left alone"
                assert not was or was in self.known[change.key][name], "the ledger has had it"
                line.values[name] = becomes
                self.shown[change.key][name].add(becomes)
            assert line.key in ("", change.key)
            line.key = change.key

    def _take(self, found: Merge) -> None:
        for change in found.changes:
            for name, (was, becomes) in change.takes.items():
                assert self.office.ledger[change.key][name] == was
                assert not was or was in self.shown[change.key][name], "the sheet has shown it"
                self._learn(change.key, {name: becomes})
            self.office.unscheduled.discard(change.key)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("examples", "steps"), [(25, 25), pytest.param(300, 40, marks=pytest.mark.chaos)]
)
def test_nothing_is_lost_and_quiet_means_equal_or_reported(examples: int, steps: int) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Syncing,
        # Without shrinking: a failure of so many steps would be shrunk for minutes.
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.reuse, Phase.generate],
        ),
    )
