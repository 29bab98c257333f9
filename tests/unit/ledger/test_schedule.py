"""Projects and what both sides of the schedule agree on, on both databases."""

from datetime import date, timedelta

import pytest

from errors.schedule import AnsweredBefore
from ledger import projects, schedule, sheet_writes
from ledger.database import Ledger, now
from ledger.schedule import Asked

SHEET, SPACE = "1" * 44, "spaces/A"
VALUES = {"customer": "鈴木", "name": "金型", "due": "2026-12-01", "amount": "-131200"}


def test_a_project_is_entered_once_and_read_as_it_was_written(ledger: Ledger) -> None:
    with ledger.write() as tx:
        assert projects.add(tx, "P-1", None, SPACE, VALUES)
        assert not projects.add(tx, "P-1", None, SPACE, {"name": "another"})
    with ledger.read() as tx:
        said = projects.find(tx, "P-1")
        every, unscheduled = projects.every(tx)
    assert said is not None
    assert {name: value for name, value in said.items() if value} == VALUES
    assert every == {"P-1": said}
    assert unscheduled == set()


def test_a_value_changes_only_where_it_is_what_it_was(ledger: Ledger) -> None:
    with ledger.write() as tx:
        projects.add(tx, "P-1", None, SPACE, VALUES)
        projects.unschedule(tx, ["P-1"])
        moves = {"due": ("2026-12-01", ""), "amount": ("1", "2"), "person": ("", "佐藤")}
        projects.change(tx, "P-1", moves)
        projects.change(tx, "nobody", moves)
    with ledger.read() as tx:
        said = projects.find(tx, "P-1")
        assert projects.every(tx)[1] == set(), "what is changed is in the schedule again"
    assert said is not None
    assert (said["due"], said["amount"], said["person"]) == ("", "-131200", "佐藤")


def test_what_is_due_comes_in_the_order_of_its_days(ledger: Ledger) -> None:
    with ledger.write() as tx:
        for key, due, space in (("P-1", "2026-12-03", SPACE), ("P-2", "2026-12-01", SPACE)):
            projects.add(tx, key, None, space, {"due": due})
        projects.add(tx, "P-3", None, "spaces/B", {"due": "2026-12-02"})
        projects.add(tx, "P-4", None, SPACE, {})
    until = date(2026, 12, 3)
    with ledger.read() as tx:
        assert [each.key for each in projects.due_until(tx, until, None)] == ["P-2", "P-3", "P-1"]
        assert [each.key for each in projects.due_until(tx, until, SPACE)] == ["P-2", "P-1"]


def test_agreeing_adds_to_what_was_agreed_on(ledger: Ledger) -> None:
    with ledger.write() as tx:
        schedule.of(tx, SHEET)
        schedule.agree(tx, SHEET, {"P-1": {"name": "A", "due": "2026-12-01"}, "P-2": {"name": "B"}})
        schedule.agree(tx, SHEET, {"P-1": {"due": ""}})
        schedule.agree(tx, SHEET, {})
        schedule.forget(tx, SHEET, ["P-2"])
    with ledger.read() as tx:
        assert schedule.agreed(tx, SHEET) == {"P-1": {"name": "A", "due": ""}}


def test_a_question_is_asked_once_and_answered_once(ledger: Ledger) -> None:
    first = Asked("q1", "conflict", "P-1", {"field": "due"})
    second = Asked("q2", "typed", "", {})
    with ledger.write() as tx:
        schedule.of(tx, SHEET)
        schedule.ask(tx, SHEET, [first, second], ["leave"])
        schedule.ask(tx, SHEET, [first, second], ["leave"])
        assert [each.id for each in schedule.open_questions(tx)] == ["q1", "q2"]
        assert schedule.answer(tx, "q1", "sheet", "users/1").key == "P-1"
        with pytest.raises(AnsweredBefore):
            schedule.answer(tx, "q1", "ledger", "users/2")
        schedule.answer(tx, "q2", "leave", "users/1")
        assert schedule.answers(tx, SHEET) == {"q1": "sheet", "q2": "leave"}
        schedule.ask(tx, SHEET, [first, second], ["leave"])
        assert [each.id for each in schedule.open_questions(tx)] == ["q1"], "it came up again"
        schedule.ask(tx, SHEET, [], ["leave"])
        assert not schedule.open_questions(tx)


def test_a_sheet_is_one_jobs_at_a_time(ledger: Ledger) -> None:
    with ledger.write() as tx:
        assert schedule.alone(tx, SHEET, "a", 1, 60)
        assert schedule.alone(tx, SHEET, "a", 1, 60), "it keeps it"
        assert not schedule.alone(tx, SHEET, "b", 1, 60)
        schedule.let_go(tx, SHEET, "b", 1)
        assert not schedule.alone(tx, SHEET, "b", 1, 60)


def test_an_attempt_that_was_taken_over_does_not_let_go_of_the_sheet(ledger: Ledger) -> None:
    with ledger.write() as tx:
        assert schedule.alone(tx, SHEET, "a", 1, 60)
        assert schedule.alone(tx, SHEET, "a", 2, 60), "the next attempt does not wait for it"
        schedule.let_go(tx, SHEET, "a", 1)
        assert not schedule.alone(tx, SHEET, "b", 1, 60)
        schedule.let_go(tx, SHEET, "a", 2)
        assert schedule.alone(tx, SHEET, "b", 1, 60)


def test_a_number_stays_until_a_request_was_taken_under_it(ledger: Ledger) -> None:
    with ledger.write() as tx:
        first = sheet_writes.number(tx, SHEET)
        assert sheet_writes.number(tx, SHEET) == first
        sheet_writes.taken(tx, SHEET, first, by="a")
        assert sheet_writes.number(tx, SHEET) == first + 1
        sheet_writes.taken(tx, SHEET, first, by="a")
        assert sheet_writes.number(tx, SHEET) == first + 1, "a late worker says nothing new"
        sheet_writes.taken(tx, SHEET, first + 1, by=None)
        assert sheet_writes.number(tx, SHEET) not in range(first, first + 9)


def test_what_a_job_has_sent_is_known_until_it_knows_what_came_of_it(ledger: Ledger) -> None:
    with ledger.write() as tx:
        number = sheet_writes.number(tx, SHEET)
        assert sheet_writes.send(tx, SHEET, number, "a", {"P-1": 2}) == {}
        assert sheet_writes.send(tx, SHEET, number, "a", {"P-1": 9, "P-2": 3}) == {"P-1": 2}
        assert sheet_writes.arrived(tx, SHEET, "a") == {}, "it may still be on its way"
        sheet_writes.send(tx, SHEET, number, "b", {"P-3": 4})
        sheet_writes.taken(tx, SHEET, number, by="a")
        assert sheet_writes.arrived(tx, SHEET, "a") == {"P-1": 2, "P-2": 3}
        assert sheet_writes.arrived(tx, SHEET, "b") == {}, "Google refuses it from now on"
        sheet_writes.forget(tx, SHEET, "a")
        assert sheet_writes.arrived(tx, SHEET, "a") == {}


def test_a_schedule_is_looked_at_when_something_has_happened(ledger: Ledger) -> None:
    with ledger.write() as tx:
        schedule.of(tx, SHEET).look_at = now() + timedelta(hours=1)
        schedule.look_soon(tx)
    with ledger.read() as tx:
        assert schedule.of(tx, SHEET).look_at <= now()
