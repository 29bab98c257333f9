"""A project's entry in the ledger is an effect: made once, undone, and nobody else's."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from effects.base import Done, Failed, Left, Undone, World
from effects.project import EnterProject, ProjectData, TakeValues, ValuesData
from errors.schedule import KeyTaken, ProjectChanged
from errors.work import LeaseLost
from ledger import leases, projects, schedule
from ledger.database import Ledger
from tests.unit.ledger.office import ask, claim
from worker.contents import StoredContents

SHEET = "1" * 44
DATA = ProjectData(
    key="P-1", space="spaces/A", values={"name": "金型", "customer": "鈴木"}, job=True
)


def world(ledger: Ledger, job: str = "job") -> World:
    return World(job=job, contents=StoredContents(ledger, Path("/nowhere"), {}), ledger=ledger)


def test_an_entry_is_made_once_and_taken_back(ledger: Ledger) -> None:
    kind = EnterProject()
    assert kind.probe([("e", DATA)], world(ledger)) == [None]
    for _ in range(2):
        assert kind.apply([("e", DATA)], world(ledger)) == [Done()]
    assert kind.probe([("e", DATA)], world(ledger)) == [Done()]
    for _ in range(2):
        assert kind.undo([(DATA, {})], world(ledger)) == [Undone()]
    with ledger.read() as tx:
        assert projects.find(tx, "P-1") is None


def test_an_entry_that_was_changed_since_stays(ledger: Ledger) -> None:
    kind = EnterProject()
    kind.apply([("e", DATA)], world(ledger))
    with ledger.write() as tx:
        projects.change(tx, "P-1", {"person": ("", "佐藤")})
    (left,) = kind.undo([(DATA, {})], world(ledger))
    assert isinstance(left, Left)
    assert isinstance(left.why, ProjectChanged)


def test_another_projects_number_is_not_taken(ledger: Ledger) -> None:
    with ledger.write() as tx:
        projects.add(tx, "P-1", None, "spaces/A", {"name": "椅子"})
    (refused,) = EnterProject().apply([("e", DATA)], world(ledger))
    assert isinstance(refused, Failed)
    assert isinstance(refused.error, KeyTaken)
    with ledger.read() as tx:
        assert (projects.find(tx, "P-1") or {})["name"] == "椅子"


def test_what_the_sheet_says_is_taken_where_the_ledger_says_what_it_said(ledger: Ledger) -> None:
    with ledger.write() as tx:
        projects.add(tx, "P-1", None, "spaces/A", {"due": "2026-12-01", "person": "佐藤"})
        schedule.of(tx, SHEET)
        projects.change(tx, "P-1", {"person": ("佐藤", "鈴木")})  # meanwhile
    moves = {"due": ("2026-12-01", "2026-12-24"), "person": ("佐藤", "高橋")}
    data = ValuesData(key="P-1", moves=moves, spreadsheet=SHEET, shown="")
    for _ in range(2):
        assert TakeValues().apply([("e", data)], world(ledger)) == [Done()]
    with ledger.read() as tx:
        found = projects.find(tx, "P-1") or {}
        agreed = schedule.agreed(tx, SHEET)
    assert agreed == {"P-1": {"due": "2026-12-24"}}, "of the person nothing is agreed on"
    assert (found["due"], found["person"]) == ("2026-12-24", "鈴木")


def test_a_worker_that_was_taken_over_enters_changes_and_removes_nothing(ledger: Ledger) -> None:
    ask(ledger)
    stopped, _ = claim(ledger, seconds=-1), claim(ledger)
    late = replace(world(ledger), fence=partial(leases.fence, lease=stopped))
    moved = ValuesData(key="P-2", moves={"person": ("", "佐藤")}, spreadsheet=SHEET, shown="")
    EnterProject().apply([("e", DATA.model_copy(update={"key": "P-2"}))], world(ledger))
    with pytest.raises(LeaseLost):
        EnterProject().apply([("e", DATA)], late)
    with pytest.raises(LeaseLost):
        TakeValues().apply([("t", moved)], late)
    with pytest.raises(LeaseLost):
        EnterProject().undo([(DATA.model_copy(update={"key": "P-2"}), {})], late)
    with ledger.read() as tx:
        assert projects.find(tx, "P-1") is None
        assert (projects.find(tx, "P-2") or {})["person"] == ""
