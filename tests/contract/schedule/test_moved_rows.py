"""Rows that move in the very moment in which Kakari writes: what was hit is put back, or named."""

from contextlib import suppress

import pytest
from sqlalchemy import select

from cards.job_card import job_card
from cards.job_result import result_message
from errors.google import OutcomeUnknown
from errors.schedule import RowsOverwritten
from ledger.sheet_writes import SheetSend
from simulator.faults import Fault
from tests.contract.schedule.fates import Killed, killed, meanwhile
from tests.contract.schedule.office import WRITE, Office
from tests.contract.schedule.test_people_rearrange import filled

LOST = OutcomeUnknown(reason="the connection broke")


def inserted(office: Office) -> None:
    """Insert a row above all others and type into it."""
    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    office.request(insertDimension={"range": row})
    office.put("B2", [["急ぎ", "新しい行", "", "2026/11/30"]])


def deleted(office: Office) -> None:
    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    office.request(deleteDimension={"range": row})


def test_a_row_inserted_while_kakari_writes_is_noticed_and_put_back(office: Office) -> None:
    filled(office)
    office.change("P-3", state="完了", due="2027-01-04")
    office.change("P-5", person="高橋")
    before = office.rows()
    office.fate = meanwhile(lambda: inserted(office))
    told = office.sync()
    assert told.state == "failed"
    assert told.failure
    assert "What stood there was put back" in told.failure
    assert office.rows() == before, "nobody else's row was changed"
    assert office.cells()[1][1:3] == ["急ぎ", "新しい行"]
    office.sync()
    assert office.rows()["P-3"][3:6] == ["2027/01/04", "担当3", "完了"]
    assert office.rows()["P-5"][4] == "高橋"


def test_a_row_deleted_while_kakari_writes_is_noticed(office: Office) -> None:
    filled(office)
    office.change("P-3", state="完了")
    before = office.rows()
    office.fate = meanwhile(lambda: deleted(office))
    told = office.sync()
    assert told.state == "failed"
    assert office.rows() == {key: row for key, row in before.items() if key != "P-1"}
    asks = office.sync()
    assert office.rows()["P-3"][5] == "完了"
    assert [question.text.split()[0] for question in asks.questions] == ["P-1"]


def test_what_cannot_be_put_back_is_named(office: Office) -> None:
    filled(office)
    office.put("G3", [['=IF(E3>0,"済","")']])
    office.sync()
    office.change("P-3", state="完了")
    office.fate = meanwhile(lambda: inserted(office))
    told = office.sync()
    assert told.failure
    assert "P-3" in told.failure
    assert "row 4 could not be put back" in told.failure


def test_each_row_that_was_hit_is_told_of_not_only_the_first(office: Office) -> None:
    filled(office)
    office.put("G3", [['=IF(E3>0,"済","")']])
    office.sync()
    office.change("P-5", person="高橋")
    office.change("P-3", state="完了")
    office.fate = meanwhile(lambda: inserted(office))
    told = office.sync()
    said = (told.failure or "", *told.also_failed)
    assert len(said) == 2
    assert any("row 4 could not be put back" in why for why in said)
    assert any("What stood there was put back" in why for why in said)
    for drawn in (job_card(told, "http://127.0.0.1/chat"), result_message(told)):
        assert all(why in str(drawn) for why in said)
    assert [line for line in told.lines if "could not be put back" in line]


@pytest.mark.parametrize("then", [Killed(), LOST, None], ids=["killed", "lost", "putting back"])
def test_what_a_write_hit_is_named_although_nobody_has_read_its_answer(
    office: Office, then: BaseException | None
) -> None:
    filled(office)
    office.change("P-3", state="完了")

    def people() -> None:
        inserted(office)
        office.fate = None if then else killed(sent=False)  # of the call that puts back

    office.fate = meanwhile(people, then)
    job = office.ask()
    with suppress(Killed):
        office.work()
    office.outlive()
    office.work()
    told = office.view(job)
    assert office.failure(told) == RowsOverwritten.__name__
    assert "the row of P-3" in (told.failure or "")
    assert "row 4 could not" in (told.failure or "")
    with office.ledger.read() as tx:
        assert not tx.scalars(select(SheetSend)).all(), "it is told once"
    office.sync()
    assert office.rows()["P-3"][5] == "完了"


@pytest.mark.parametrize("then", [Killed(), LOST, None], ids=["killed", "lost", "answered"])
def test_an_undo_names_what_it_hit(office: Office, then: BaseException | None) -> None:
    filled(office)
    office.put("G3", [['=IF(E3>0,"済","")']])
    office.sync()
    office.change("P-3", state="完了")
    done = office.sync()
    office.fate = meanwhile(lambda: inserted(office), then)
    with suppress(Killed):
        office.undo(done)
    office.outlive()
    office.work()
    undone = office.view(done.job)
    assert ["row 4 could not be put back" in why for why in undone.left] == [True]


def test_what_could_not_be_put_back_for_googles_sake_is_told(office: Office) -> None:
    filled(office)
    office.change("P-3", state="完了")
    faults = office.simulator.world.faults

    def moved() -> None:
        inserted(office)
        faults.set([Fault(WRITE, "slow", times=1), Fault(WRITE, "503", times=9)])

    office.fate = meanwhile(moved)
    told = office.sync()
    faults.set([])
    assert told.state == "failed"
    assert "row 4 could not be put back" in (told.failure or "")
