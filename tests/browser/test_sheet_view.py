"""A spreadsheet in the page, as people use it on a desk and on a phone."""

import pytest
import requests
from playwright.sync_api import expect

from simulator.office import ALICE, BOB, PROJECTS_FOLDER_ID
from simulator.sheets.state import SPREADSHEET

pytestmark = pytest.mark.browser

ROWS = [
    ["案件番号", "納期", "金額"],
    ["2026-002", "2026-12-24", 200],
    ["2026-001", "2026-12-01", 100],
]


@pytest.fixture
def act(simulator):
    """Somebody at work on the spreadsheet elsewhere."""

    def act(what, person=BOB, **body):
        url = f"{simulator.origin}/_sim/sheets/SCHEDULE/{what}"
        answer = requests.post(url, json={"person": person.name, **body}, timeout=10)
        answer.raise_for_status()

    return act


@pytest.fixture
def sheet(page, simulator, act):
    drive = simulator.world.drive
    projects = drive.file(PROJECTS_FOLDER_ID)
    drive.add("工程表", SPREADSHEET, projects, ALICE.email, file_id="SCHEDULE")
    frozen = {"properties": {"gridProperties": {"frozenRowCount": 1}}}
    act("change", requests=[
        {"updateSheetProperties": {**frozen, "fields": "gridProperties.frozenRowCount"}},
        {"addSheet": {"properties": {"title": "納品済み"}}},
    ])  # fmt: skip
    act("enter", range="A1", values=ROWS)
    page.evaluate("location.hash = '#drive/SCHEDULE'")
    expect(cell(page, "A2")).to_have_text("2026-002")
    return page


def cell(page, name):
    return page.locator(f'[data-cell="{name}"]')


def type_into(page, name, text):
    cell(page, name).click()
    page.get_by_role("textbox", name=name).fill(text)
    page.keyboard.press("Enter")


def test_what_one_types_is_read_as_in_sheets_and_the_next_cell_waits(sheet):
    type_into(sheet, "C4", "=SUM(C2:C3)*2")
    expect(cell(sheet, "C4")).to_have_text("600")
    expect(cell(sheet, "C5")).to_be_focused()
    sheet.keyboard.type("12%")
    sheet.keyboard.press("Tab")
    expect(cell(sheet, "C5")).to_have_text("12%")
    cell(sheet, "C4").click()
    expect(sheet.get_by_role("textbox", name="C4")).to_have_value("=SUM(C2:C3)*2")
    sheet.keyboard.press("Escape")
    expect(cell(sheet, "C4")).to_have_text("600")


def test_rows_are_inserted_deleted_and_sorted_below_the_header(sheet):
    sheet.get_by_role("button", name="B 列").click()
    sheet.get_by_role("button", name="昇順で並べ替え").click()
    expect(cell(sheet, "A2")).to_have_text("2026-001")
    expect(cell(sheet, "A1")).to_have_text("案件番号")
    sheet.get_by_role("button", name="2 行", exact=True).click()
    sheet.get_by_role("button", name="上に行を挿入").click()
    expect(cell(sheet, "A3")).to_have_text("2026-001")
    sheet.get_by_role("button", name="3 行", exact=True).click()
    sheet.get_by_role("button", name="行を削除").click()
    expect(cell(sheet, "A3")).to_have_text("2026-002")


def test_what_others_write_appears_but_not_while_one_types(sheet, act):
    act("enter", range="C2", values=[[999]])
    expect(cell(sheet, "C2")).to_have_text("999")
    cell(sheet, "A3").click()
    typing = sheet.get_by_role("textbox", name="A3")
    typing.fill("下書き")
    with sheet.expect_response("**/_sim/drive/tree*"):
        act("enter", range="C2", values=[[7]])
    expect(typing).to_have_value("下書き")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, "A3")).to_have_text("下書き")
    expect(cell(sheet, "C2")).to_have_text("7")


def test_the_tabs_lead_to_the_other_sheets_and_the_page_keeps_its_width(sheet):
    sheet.get_by_role("tab", name="納品済み").click()
    expect(sheet.get_by_role("tab", name="納品済み")).to_have_attribute("aria-selected", "true")
    type_into(sheet, "A1", "ここ")
    expect(cell(sheet, "A1")).to_have_text("ここ")
    overflow = sheet.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
