"""Parties are taken over from the sheet in which the office keeps them."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from effects.base import World
from errors.listing import ColumnsMissing, NoPartySheet
from ledger import parties
from ledger.database import Ledger, now
from ledger.plan import Plan
from tasks.base import Look, Setting
from tasks.document.party import Party
from tasks.document_sheets import DocumentSheets, PartySheet
from tasks.parties import TASK, rows
from tests.contract.office.sheets import Sheet
from tests.unit.ledger.office import approve, claim, show_plan
from worker.applying import Applying, Ending
from worker.contents import StoredContents
from workspace.clients import GoogleClients
from workspace.quota import Quota
from workspace.sheets import Sheets

HEADERS = ["取引先名", "敬称", "郵便番号", "住所", "担当", "支払条件", "登録番号", "メモ"]
FUJI = ["富士精工㈱", "御中", "〒417-0052", "静岡県富士市", "", "20日締め翌月10日", ""]


class Books:
    """A ledger with parties, and the sheet they come from."""

    def __init__(self, ledger: Ledger, clients: GoogleClients, sheet: Sheet) -> None:
        self.ledger = ledger
        self.sheet = sheet
        self.sheets = Sheets(clients, Quota())
        place = DocumentSheets(parties=PartySheet(spreadsheet=sheet.id))
        self.setting = Setting("disk:/nowhere", Path("/nowhere"), document_sheets=place)

    def plan(self) -> Plan:
        look = Look(self.setting, sheets=self.sheets, ledger=self.ledger)
        return TASK.plan(TASK.parse("", now(), self.setting), look)

    def apply(self, plan: Plan) -> Ending:
        job, _ = show_plan(self.ledger, plan)
        approve(self.ledger, job, plan)
        contents = StoredContents(self.ledger, Path("/nowhere"), {})
        world = World(job=job, contents=contents, ledger=self.ledger)
        return Applying(self.ledger, claim(self.ledger), world, threading.Event()).run()

    def known(self) -> dict[str, Party]:
        with self.ledger.read() as tx:
            return {row.name: Party.of(row) for row in parties.every(tx)}

    def save(self, **details: Any) -> None:
        with self.ledger.write() as tx:
            parties.save(tx, "富士精工株式会社", details)


@pytest.fixture
def books(ledger: Ledger, clients: GoogleClients) -> Books:
    return Books(ledger, clients, Sheet(clients, HEADERS))


def test_new_and_changed_parties_are_taken_over_and_what_the_sheet_leaves_open_stays(
    books: Books,
) -> None:
    books.save(person="購買部", postal="417-0001", registration="T7000012050002")
    books.sheet.put(
        "A2",
        FUJI,
        ["髙橋 花子", "様", "0600001", "札幌市\n中央区", "", "", "7000012050002"],
        ["神\U000e0100田商会", "", "", "", "=1+1", "", "なし"],
    )
    plan = books.plan()
    assert plan.asks
    assert plan.notes[0].en == "3 rows: 2 new, 1 changed, 0 as they were, 0 to look at."
    assert plan.effects[0].data["shown"] == (
        "· 富士精工株式会社 郵便番号: 417-0001 → 417-0052・住所: 静岡県富士市"
        "・支払条件: 月末締め翌月末払い → 20日締め翌月10日払い"
    )
    assert books.apply(plan).refusal is None
    known = books.known()
    fuji, hanako = known["富士精工株式会社"], known["髙橋 花子"]
    assert (fuji.person, fuji.registration, fuji.terms.day) == ("購買部", "T7000012050002", 10)
    assert (hanako.honorific, hanako.postal) == ("様", "060-0001")
    assert (hanako.address, hanako.registration) == (("札幌市", "中央区"), "T7000012050002")
    assert known["神\U000e0100田商会"].person == "2"
    again = books.plan()
    assert (again.effects, again.asks) == ((), False)
    assert again.notes[0].ja.startswith("3 行: 新規 0 件・変更 0 件・変更なし 3 件")


def test_what_is_not_understood_is_named_by_its_cell_and_its_row_left_alone(books: Books) -> None:
    books.sheet.put(
        "A2",
        ["検査商会", "殿", "", "", "", "そのうち", "T1234567890123"],
        ["", "御中", "", "住所だけ"],
        ["二重㈱"],
        ["二重 株式会社"],
        ["良い商会"],
        ["壊れ商会", "", "", "=1/0"],
        ["長" * 201],
    )
    plan = books.plan()
    assert [effect.data["name"] for effect in plan.effects] == ["良い商会"]
    counts, listed = plan.notes
    assert counts.ja == "7 行: 新規 1 件・変更 0 件・変更なし 0 件・要確認 6 件"
    said = dict(line.split(": ", 1) for line in listed.ja.splitlines()[1:])
    assert set(said) == {"A3", "A4", "A5", "A8", "B2", "F2", "G2", "D7"}
    assert "御中" in said["B2"]
    assert "検査数字" in said["G2"]
    assert "4、5" in said["A4"]


def test_a_row_that_breaks_its_reader_is_named_and_the_others_are_taken_over(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str, *_: object) -> str:
        raise OverflowError(text)

    monkeypatch.setattr(rows, "READERS", {**rows.READERS, "person": broken})
    books.sheet.put(
        "A2",
        ["壊れ商会", "", "", "", "佐藤"],
        ["長い商会", "", "", "", "", "20日" + " \t" * 90 + "締め", "T" + "9" * 190],
        ["\u0301\u0316" * 9_000],
        ["良い商会"],
    )
    plan = books.plan()
    assert [effect.data["name"] for effect in plan.effects] == ["良い商会"]
    said = dict(line.split(": ", 1) for line in plan.notes[1].ja.splitlines()[1:])
    assert set(said) == {"E2", "F3", "G3", "A4"}


def test_who_was_changed_after_the_plan_was_shown_is_left(books: Books) -> None:
    books.save(person="購買部")
    books.sheet.put("A2", FUJI)
    plan = books.plan()
    books.save(person="製造部")
    ending = books.apply(plan)
    assert ending.refusal
    assert "富士精工" in ending.refusal["ja"]
    assert books.known()["富士精工株式会社"].person == "製造部"


def test_a_sheet_that_is_not_there_or_has_no_names_is_one_sentence(books: Books) -> None:
    books.sheet.put("A1", ["備考"])
    with pytest.raises(ColumnsMissing):
        books.plan()
    books.setting = replace(books.setting, document_sheets=DocumentSheets())
    with pytest.raises(NoPartySheet):
        books.plan()
