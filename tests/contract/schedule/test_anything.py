"""Whatever people do to a sheet while Kakari keeps it in step, and wherever it dies.

The real worker and the simulated Sheets, and people who edit, insert, delete, sort and copy at
random. All that anybody types is told from everything else, so that nothing can vanish unnoticed.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from errors.google import OutcomeUnknown, WrittenBefore
from ledger import projects, schedule, schema
from ledger.database import Ledger
from ledger.schedule import ScheduleQuestion
from simulator.faults import Fault
from simulator.server import SimulatorServer
from tasks.schedule import questions
from tests.contract.schedule.fates import Fate, Killed, Send, delayed, killed, meanwhile
from tests.contract.schedule.office import WRITE, Office, new_sheet
from tests.contract.schedule.people import COLUMNS, FIELDS, INDEX, NONSENSE, People, shown
from workspace.clients import GoogleClients

PEOPLE = ("inserting", "deleting", "sorting")
"""What people may do in the very moment in which Kakari writes."""
FAULTS = {"lost answer": "apply-then-drop", "never sent": "drop-before-apply"}
ENDS = {"": None, "lost": OutcomeUnknown(reason="the connection broke"), "killed": Killed()}
"""What keeps the answer to such a write from being read."""
FATES = ("", "", *FAULTS, "late", "killed before", "killed after", *PEOPLE)
OVERWRITTEN = re.compile(r"in row (\d+) could not be put back")
HEADED = 2
"""The number of the first row below the header."""
ROUNDS = 8
"""After so many syncs everything that can be is carried over."""


class Anything(People):
    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.late: list[Send] = []
        self.in_sheet: set[str] = set()
        """Everything that ever stood in the sheet."""
        self.in_ledger: set[str] = set()
        """Everything that the ledger ever knew."""
        self.known: defaultdict[str, set[str]] = defaultdict(set)
        """Everything that the ledger ever knew of a project."""
        self.not_wanted: set[str] = set()
        """What a person has decided against."""
        self.met: list[list[str]] = []
        """The rows as a write met them that people had come before."""
        self.rekeyed = False
        """Whether keys were put back: then rows may have become another project's."""

    def by_key(self) -> dict[str, set[str]]:
        """Return what the rows say whose key stands once."""
        rows = self.rows()
        keys = Counter(row[0] for row in rows)
        return {row[0]: set(row[1:]) for row in rows if row[0] and keys[row[0]] == 1}

    def remember(self) -> tuple[set[str], set[str]]:
        """Return what the sheet and the ledger say now, and remember it."""
        sheet = {cell for row in self.rows() for cell in row[1:] if cell}
        ledger = set()
        for key, values in self.ledger().items():
            said = {shown(value) for value in values.values() if value}
            self.known[key] |= said
            ledger |= said
        self.in_sheet |= sheet
        self.in_ledger |= ledger
        return sheet, ledger

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look whether anything vanishes that the other side has never known, or goes astray."""
        sheet, ledger = self.remember()
        before = self.by_key()
        yield
        sheet_now, ledger_now = self.remember()
        told = self.told()
        hit = {row[0] for at, row in enumerate(self.rows()) if at in told}
        for key, row in self.by_key().items():
            astray = row - before.get(key, row) - self.known[key] - {""}
            assert not astray or self.rekeyed or key in hit, (
                f"in the row of {key}, of which nobody said it"
            )
        lost = sheet - sheet_now - self.in_ledger - self.not_wanted
        named = {cell for at, row in enumerate(self.met) if at in told for cell in row}
        assert lost <= named, "typed and lost, of which nobody was told"
        assert not ledger - ledger_now - self.in_sheet - self.not_wanted, "known and lost"

    def told(self) -> list[int]:
        """Return which rows the last card says could not be put back."""
        last = self.office.last()
        sentences = " ".join((last.failure or "", *last.also_failed))
        return [int(row) - HEADED for row in OVERWRITTEN.findall(sentences)]

    def meanwhile(self, do: Callable[[], None], end: str) -> Fate:
        """Return the fate that people do this just before a write arrives."""

        def people() -> None:
            do()
            self.met = self.rows()

        return meanwhile(people, ENDS[end])

    @initialize(count=st.integers(2, 6))
    def begin(self, count: int) -> None:
        for _ in range(count):
            self.make_project()
        self.sync("", "")

    # What Kakari does, and those it asks.

    @rule(fate=st.sampled_from(FATES), end=st.sampled_from(sorted(ENDS)))
    def sync(self, fate: str, end: str) -> None:
        office, faults = self.office, self.office.simulator.world.faults
        fates = {
            "late": delayed(self.late),
            "killed before": killed(sent=False),
            "killed after": killed(sent=True),
            "inserting": self.meanwhile(lambda: self.insert(0), end),
            "deleting": self.meanwhile(self.delete_first, end),
            "sorting": self.meanwhile(lambda: self.sort_all("name", "DESCENDING"), end),
        }
        with self.watched():
            faults.set([Fault(WRITE, FAULTS[fate], times=1)] if fate in FAULTS else [])
            office.fate = fates.get(fate)
            office.ask()
            self.work()
        office.fate = None
        faults.set([])

    def delete_first(self) -> None:
        for row in self.rows()[:1]:
            self.not_wanted |= set(row)
            self.delete(0)

    def work(self) -> None:
        """Let workers do all there is to do, one after the death of the other."""
        try:
            self.office.work()
        except Killed:
            self.office.outlive()
            self.work()

    @precondition(lambda self: self.late)
    @rule()
    def arrive(self) -> None:
        """Let a write arrive that was sent again since."""
        with self.watched(), pytest.raises(WrittenBefore):
            self.late.pop()()

    @precondition(lambda self: self.questions())
    @rule(at=INDEX, which=st.integers(0, 1))
    def answer(self, at: int, which: int) -> None:
        asked = self.questions()
        question = asked[at % len(asked)]
        view = self.office.last()
        (card,) = [each for each in view.questions if _id(each.choices[-1]) == question.id]
        choice = card.choices[which % len(card.choices)]
        if choice.action == "ask":
            self.typed += 1
            given = question.about["values"]
            known = {name: given.get(name, "") for name in ("customer", "name")}
            self.office.project(f"P-{self.typed}", **known)
            return
        self.rekeyed = self.rekeyed or choice.parameters["answer"] == questions.RESTORE
        if question.kind == "conflict":
            self.not_wanted |= {shown(question.about[side]) for side in ("sheet", "ledger")}
        self.office.answer(view, view.questions.index(card), choice.label)

    def questions(self) -> list[ScheduleQuestion]:
        with self.office.ledger.read() as tx:
            return list(schedule.open_questions(tx))

    def teardown(self) -> None:
        """Sync until it is quiet: then both sides are equal, or people were asked or told."""
        for _ in range(ROUNDS):
            self.sync("", "")
            last = self.office.last()
            if last.state == "done" and not last.lines:
                break
        assert last.state == "done", last.failure
        assert not last.lines, "it comes to rest"
        asked = self.questions()
        if any(question.kind == "damage" for question in asked):
            return
        open_ = {(each.key, each.about["field"]) for each in asked if each.kind == "conflict"}
        gone = {each.key for each in asked if each.kind == "deleted"}
        with self.office.ledger.read() as tx:
            known, unscheduled = projects.every(tx)
        rows = {row[0]: row for row in self.rows() if row[0]}
        for key, values in known.items():
            if key not in rows:
                assert key in gone | unscheduled
                continue
            for field in FIELDS:
                there = rows[key][COLUMNS[field]]
                same = there == shown(values[field])
                assert same or there == NONSENSE or (key, field) in open_, (key, field)


def _id(choice: Any) -> str:
    return str(choice.parameters.get("question", ""))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("examples", "steps"), [(3, 12), pytest.param(30, 30, marks=pytest.mark.chaos)]
)
def test_nothing_that_anybody_typed_is_lost_and_in_the_end_both_sides_agree(
    clients: GoogleClients,
    simulator: SimulatorServer,
    valkey_url: str,
    tmp_path: Path,
    examples: int,
    steps: int,
) -> None:
    ledgers: list[Ledger] = []

    def begin() -> Anything:
        ledgers.append(Ledger(f"sqlite:///{tmp_path / str(len(ledgers))}.db"))
        schema.upgrade(ledgers[-1])
        return Anything(new_sheet(Office(ledgers[-1], clients, simulator, valkey_url)))

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        begin,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    for ledger in ledgers:
        ledger.close()
