"""The register in a sheet: one row for each document, whatever happens meanwhile."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from effects.base import World
from effects.disk import DiskFile
from effects.registry import kind
from errors.listing import ColumnsMissing
from ledger import jobs, leases, numbers, parties, steering, work
from ledger.approvals import Decision
from ledger.database import Ledger
from ledger.models import EffectState
from ledger.plan import Effect, Plan
from simulator.server import SimulatorServer
from tasks.base import Look
from tasks.document_sheets import DocumentSheets, RegisterSheet
from tasks.register import TASK as REGISTER
from tests.contract.office.sheets import Sheet
from tests.contract.office.test_documents import approved
from tests.unit.document.test_drafting import FUJI, Desk
from tests.unit.ledger.office import ALICE, approve, claim, show_plan
from worker.applying import Applying, Ending
from worker.contents import StoredContents
from worker.undoing import TakingBack
from workspace.clients import GoogleClients
from workspace.quota import Quota
from workspace.sheets import Sheets

HEADERS = [
    *["状態", "書類番号", "種別", "発行日", "取引先", "件名", "税抜金額", "消費税額"],
    *["税込金額", "請求額", "支払期限", "メモ", "PDF"],
]


class Registrar(Desk):
    """A desk whose documents stand in a sheet, too."""

    def __init__(self, ledger: Ledger, place: Path, clients: GoogleClients, sheet: Sheet) -> None:
        super().__init__(ledger, place)
        self.sheet = sheet
        self.sheets = Sheets(clients, Quota())
        register = RegisterSheet(spreadsheet=sheet.id)
        self.setting = replace(self.setting, document_sheets=DocumentSheets(documents=register))

    def world(self, job: str) -> World:
        with self.ledger.read() as tx:
            bindings = jobs.find(tx, job).bindings
        contents = StoredContents(self.ledger, self.setting.templates, bindings)
        return World(job=job, contents=contents, ledger=self.ledger, sheets=self.sheets)

    def apply(self, job: str) -> Ending:
        lease = claim(self.ledger)
        ending = Applying(self.ledger, lease, self.world(job), threading.Event()).run()
        with self.ledger.write() as tx:
            jobs.fail(tx, lease, ending.refusal) if ending.refusal else jobs.finish(tx, lease)
        return ending

    def decision(self, job: str) -> Decision:
        with self.ledger.read() as tx:
            return Decision(job, jobs.find(tx, job).plan_hash or "", ALICE, "Alice")

    def bring_up_to_date(self) -> Plan:
        """Ask for that and approve what it comes to; return the plan."""
        look = Look(self.setting, sheets=self.sheets, ledger=self.ledger)
        job, plan = show_plan(self.ledger, REGISTER.plan(REGISTER.Request(), look))
        approve(self.ledger, job, plan)
        assert self.apply(job).refusal is None
        return plan

    def rows(self) -> list[dict[str, str]]:
        headers, *rows = self.sheet.cells()
        return [dict(zip(headers, row, strict=False)) for row in rows]


@pytest.fixture
def desk(ledger: Ledger, tmp_path: Path, clients: GoogleClients) -> Registrar:
    (tmp_path / "place").mkdir()
    return Registrar(ledger, tmp_path / "place", clients, Sheet(clients, ["取引台帳"], HEADERS))


@pytest.fixture
def table(desk: Registrar) -> Registrar:
    """The same with nothing above its headers."""
    desk.sheet.put("A1", HEADERS, [""] * len(HEADERS))
    return desk


def test_an_issued_document_has_its_row_which_says_void_when_it_is_taken_back(
    table: Registrar, tmp_path: Path
) -> None:
    job = approved(table, subject="=HYPERLINK(1)", issued="2026-11-30")
    table.apply(job)
    (row,) = table.rows()
    (file,) = (tmp_path / "place").iterdir()
    assert row == {
        "状態": "有効",
        "書類番号": row["書類番号"],
        "種別": "請求書",
        "発行日": "2026/11/30",
        "取引先": FUJI,
        "件名": "=HYPERLINK(1)",
        "税抜金額": "100,000",
        "消費税額": "10,000",
        "税込金額": "110,000",
        "請求額": "110,000",
        "支払期限": "2027/01/04",
        "メモ": "",
        "PDF": str(file),
    }
    stored = table.sheet.cells("UNFORMATTED_VALUE")[1]
    assert [type(cell) for cell in stored[6:10]] == [int] * 4, "amounts can be summed up"
    with table.ledger.write() as tx:
        steering.undo(tx, table.decision(job))
    lease = claim(table.ledger)
    for _ in range(2):  # the second time as after a crash before it was written down
        data = kind("register.row").data(work_of(table, job)["register.row"])
        assert kind("register.row").undo([(data, {})], table.world(job))
    TakingBack(table.ledger, lease, table.world(job), threading.Event()).run()
    assert table.rows() == [row | {"状態": "無効"}]


def work_of(desk: Registrar, job: str) -> dict[str, Effect]:
    with desk.ledger.read() as tx:
        return {step.effect.kind: step.effect for step in work.steps(tx, job)}


@pytest.mark.parametrize("written", [False, True], ids=["before it was written", "after that"])
def test_a_worker_that_dies_at_the_row_leaves_one(desk: Registrar, *, written: bool) -> None:
    job = approved(desk)
    dead = claim(desk.ledger)
    row = work_of(desk, job)["register.row"]
    with desk.ledger.write() as tx:
        jobs.running(tx, dead)
        assert work.intend(tx, dead, [row.key], EffectState.INTENDED, 30)
    if written:
        of = kind(row.kind)
        of.apply([(row.key, of.data(row))], desk.world(job))
    with desk.ledger.write() as tx:
        leases.give_back(tx, dead)
    desk.apply(job)
    assert len(desk.sheet.cells()) == 3
    with desk.ledger.read() as tx:
        assert {step.state for step in work.steps(tx, job)} == {EffectState.DONE}


def test_rows_that_become_ready_while_others_are_written_travel_in_the_next_call(
    desk: Registrar,
    simulator: SimulatorServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(DiskFile, "batch", 1)  # as in Drive, where files come in one by one
    elsewhere = Desk(desk.ledger, tmp_path / "place")
    for at in range(10):
        with desk.ledger.write() as tx:
            parties.save(tx, name := f"取引先 {at:02}", {})
        elsewhere.issue(what="delivery_note", issued="2026-11-10", party=name)
    simulator.world.calls.clear()
    simulator.world.faults.delay = 0.1
    job = approved(desk, source="month", month="2026-11", party="")
    desk.apply(job)
    calls = [call["method"] for call in simulator.world.calls.to_json()]
    assert len({row[1] for row in desk.sheet.cells()[2:]}) == len(desk.sheet.cells()[2:]) == 10
    assert calls.count("sheets.spreadsheets.batchUpdate") <= 4, calls


def test_headers_that_were_taken_away_are_asked_for_and_it_goes_on(desk: Registrar) -> None:
    job = approved(desk)
    desk.sheet.put("B2", ["番号なし"])
    ending = desk.apply(job)
    assert ending.refusal
    assert "書類番号" in ending.refusal["ja"]
    with pytest.raises(ColumnsMissing):
        desk.plan()
    desk.sheet.put("B2", ["書類番号"])
    with desk.ledger.write() as tx:
        steering.retry(tx, desk.decision(job))
    desk.apply(job)
    assert [row[0] for row in desk.sheet.cells()[2:]] == ["有効"]


def test_what_was_issued_before_there_was_a_register_is_entered_by_a_command(
    table: Registrar, tmp_path: Path
) -> None:
    elsewhere = Desk(table.ledger, tmp_path / "place")
    first = approved(elsewhere, issued="2026-11-01")
    table.apply(first)
    table.apply(approved(elsewhere, issued="2026-11-02", subject="二件目"))
    plan = table.bring_up_to_date()
    assert (plan.asks, len(plan.effects)) == (True, 2)
    rows = table.rows()
    assert [(row["発行日"], row["件名"], row["状態"]) for row in rows] == [
        ("2026/11/01", "", "有効"),
        ("2026/11/02", "二件目", "有効"),
    ]
    assert {row["PDF"] for row in rows} == {str(file) for file in (tmp_path / "place").iterdir()}
    with table.ledger.write() as tx:
        numbers.void(tx, first)
    table.sheet.put("A3", ["済"])  # what a person types into a state is left
    plan = table.bring_up_to_date()
    assert len(plan.effects) == 1
    assert [row["状態"] for row in table.rows()] == ["無効", "済"]
    plan = table.bring_up_to_date()
    assert (plan.asks, plan.effects, len(plan.notes)) == (False, (), 1)
    table.sheet.put("B3", [rows[0]["書類番号"]])
    assert rows[0]["書類番号"] in table.bring_up_to_date().notes[0].ja
