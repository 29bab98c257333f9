"""Whole conversations about the schedule: the sheet, the space and the people in it."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from errors.asking import NotAllowed
from kakari.bootstrap import task_setting
from kakari.demo.person import Json, Person, text_of
from kakari.demo.stack import Stack
from ledger import projects
from ledger.schedule import Schedule
from simulator.office import ALICE, BOB, CHARLIE, PROJECTS_SPACE
from tests.forked.nursery import Nursery
from tests.scenario.room import DONE, WAITING, Room, opened


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory, templates: Path) -> Iterator[Stack]:
    """An installation with a schedule sheet, which the clock looks at all the time."""
    folder = tmp_path_factory.mktemp("planned")
    stack = Stack(folder, templates=str(templates), workers=1, schedule_minutes=0.1)
    stack.processes = Nursery(stack.processes.logs)
    try:
        stack.start()
        until(lambda: _is_known(stack))  # the clock has seen that no rows were there before
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def office(planned: Stack) -> Room:
    """The space that the schedule is told in."""
    return Room(planned, PROJECTS_SPACE.name)


@dataclass
class Sheet:
    """The schedule sheet as Alice sees it."""

    alice: Person
    spreadsheet: str

    def rows(self) -> list[list[str]]:
        return self.alice.sheet(self.spreadsheet)

    def type(self, at: str, *cells: str) -> None:
        self.alice.enter(self.spreadsheet, at, *cells)

    def row_of(self, key: str) -> int:
        """Wait for a project's row and return its number."""
        until(lambda: key in [row[0] for row in self.rows()])
        return next(at for at, row in enumerate(self.rows(), start=1) if row[0] == key)


@pytest.fixture
def sheet(office: Room) -> Sheet:
    file = task_setting(office.stack.settings).schedule
    assert file is not None
    return Sheet(office.alice, file.spreadsheet)


def until(there: Callable[[], Any], patience: float = 20) -> None:
    deadline = time.monotonic() + patience
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _is_known(stack: Stack) -> bool:
    with opened(stack) as ledger, ledger.read() as tx:
        return tx.scalar(select(Schedule.imported_at)) is not None


def due_of(stack: Stack, key: str) -> str:
    with opened(stack) as ledger, ledger.read() as tx:
        return (projects.find(tx, key) or {}).get("due", "")


def made(room: Room, name: str) -> str:
    """Have a project made; return its number."""
    card = room.memo(room.alice, name)
    assert "🗓" in text_of(card)
    room.apply(room.alice, card)
    room.result(card)
    return room.number(card)


def told(room: Room, *words: str) -> Json:
    """Wait for a card of the schedule's that says these words.

    Open questions stand on every card that is drawn while they are open, also on one of an earlier
    sync that another person asked for in their language; a button's words tell which.
    """
    return room.bob.await_message(lambda m: all(word in str(m) for word in ("予定表", *words)), 20)


def test_from_the_project_to_the_sheet_and_back(office: Room, sheet: Sheet) -> None:
    key = made(office, "椅子")
    at = sheet.row_of(key)
    sheet.type(f"E{at}", "2026/12/24", "佐藤")
    told(office, DONE, key, "2026-12-24")
    assert due_of(office.stack, key) == "2026-12-24"
    answered = office.alice.say("/schedule")
    assert "Kakari" in office.heard(office.alice, answered)


def test_both_have_changed_it_and_bob_decides(office: Room, sheet: Sheet) -> None:
    key = made(office, "机")
    at = sheet.row_of(key)
    sheet.type(f"E{at}", "2026/12/01")
    office.bob.say("/sync")
    until(lambda: due_of(office.stack, key) == "2026-12-01")
    with opened(office.stack) as ledger, ledger.write() as tx:
        projects.change(tx, key, {"due": ("2026-12-01", "2026-12-08")})
        sheet.type(f"E{at}", "2026/12/15")
    office.alice.say("/sync")
    card = told(office, "予定表の値: 2026-12-15", "Kakari の値: 2026-12-08", key)
    outcome = office.bob.tap(card, "Kakari の値: 2026-12-08")
    assert outcome["error"] is None
    until(lambda: sheet.rows()[at - 1][4] == "2026/12/08")
    assert due_of(office.stack, key) == "2026-12-08"
    again = office.alice.tap(card, "Kakari の値: 2026-12-08")
    assert "回答済み" in office.heard(office.alice, again)


def test_a_row_typed_by_hand_becomes_a_project_with_one_tap(office: Room, sheet: Sheet) -> None:
    at = 1 + next(n for n, row in enumerate(sheet.rows()) if not any(row))
    sheet.type(f"B{at}", "田中工業", "本棚", "", "2027/01/15")
    office.alice.say("/sync")
    card = told(office, "田中工業 本棚", "案件を作成")
    dialog = office.alice.tap(card, "案件を作成")["dialog"]
    assert "田中工業" in str(dialog)
    assert "本棚" in str(dialog)
    outcome = office.alice.send(
        dialog, {"template": "memo", "name": "本棚", "customer": "田中工業"}
    )
    assert outcome["closed"], outcome
    plan = office.card("本棚", WAITING)
    office.apply(office.alice, plan)
    key = office.number(plan)
    until(lambda: sheet.rows()[at - 1][0] == key)
    until(lambda: due_of(office.stack, key) == "2027-01-15")
    told(office, DONE, key)


def test_a_customer_and_a_price_from_the_sheets_become_a_row_in_the_register(office: Room) -> None:
    place = task_setting(office.stack.settings).document_sheets.documents
    assert place
    office.alice.say("/parties")
    card = office.card("Google Sheets", "新規 2 件")
    assert "+ 富士精工㈱" in text_of(card)
    office.apply(office.alice, card)
    office.result(card)
    dialog = office.alice.say("/invoice")["dialog"]
    dialog = office.alice.send(dialog, {"party": "富士精工", "issued": "2026-11-30"})["dialog"]
    assert office.alice.send(dialog, {"text": "試作 トライ", "quantity": "2"})["closed"]
    card = office.card("富士精工㈱", WAITING)
    assert "試作 トライ: 2回 × 65,000 = ¥130,000" in text_of(card)
    office.apply(office.alice, card)
    office.result(card)
    headers, *rows = office.alice.sheet(place.spreadsheet)
    (row,) = (dict(zip(headers, row, strict=True)) for row in rows if any(row))
    assert row["書類番号"] == office.number(card)
    assert (row["発行日"], row["取引先"]) == ("2026/11/30", "富士精工㈱")
    assert (row["税込金額"], row["支払期限"]) == ("143,000", "2027/01/12")
    assert row["PDF"].startswith(f"{office.stack.page}/#drive/")
    assert row["状態"] == "有効"


def test_elsewhere_nothing_of_it_is_told_and_to_charlie_not_at_all(planned: Stack) -> None:
    space = f"spaces/ROOM{secrets.token_hex(4)}"
    members = [ALICE.name, BOB.name, CHARLIE.name]
    planned.control("spaces", {"name": space, "display_name": "別室", "members": members})
    elsewhere = Room(planned, space)
    with opened(planned) as ledger, ledger.write() as tx:
        projects.add(tx, "P-old", None, PROJECTS_SPACE.name, {"name": "秘密", "due": "2026-01-05"})
    for words in ("/sync", "/schedule"):
        said = elsewhere.heard(elsewhere.charlie, elsewhere.charlie.say(words))
        assert NotAllowed().say("en") in said
    assert "秘密" not in elsewhere.heard(elsewhere.bob, elsewhere.bob.say("/schedule"))
    here = Room(planned, PROJECTS_SPACE.name)
    assert "秘密" in here.heard(here.bob, here.bob.say("/schedule"))


def test_where_no_sheet_is_set_up_the_commands_say_so(room: Room) -> None:
    for words in ("/sync", "/schedule"):
        assert "KAKARI_SCHEDULE" in room.heard(room.bob, room.bob.say(words))
