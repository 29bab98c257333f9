"""One bad cell costs itself only: never the other rows, never the time of everybody."""

import time
from datetime import date

import pytest

from tasks.schedule import cells
from tests.contract.schedule.office import HEADERS, Office

TABS = "\t" * 420 + "x\nx"
BAD = (
    *(TABS, "9" * 400, "1" + "0" * 30 + "億", "NaN", "9223372036854775808", "\u0301\u0316" * 8_000),
    *("1e308", " \t" * 10_000 + "x", "¥" * 5_000, "(" * 9_000, "▲" * 9_000),
)
LIMIT = 5.0
"""Seconds of CPU for a look at all of them; each took minutes, or broke the look."""


def test_bad_cells_are_listed_and_the_other_rows_carried_over(office: Office) -> None:
    office.put("A1", [HEADERS])
    for at in range(len(BAD) + 1):
        office.project(f"P-{at:02}", name=f"案件 {at}")
    office.sync()
    rows = [["2026/12/24", "", "", bad] for bad in BAD]
    office.put("E2", [*rows, ["2026/12/24", "", "", "131,200"]], typed=False)
    office.put("D2", [["9999/99/99"]], typed=False)
    begun = time.thread_time()
    done = office.sync()
    assert time.thread_time() - begun < LIMIT
    assert done.state == "done", done.failure
    assert office.known(f"P-{len(BAD):02}")["amount"] == "131200"
    for at in range(len(BAD)):
        assert office.known(f"P-{at:02}") == {"name": f"案件 {at}", "due": "2026-12-24"}
    listed = next(note for note in done.notes if note.startswith("Not understood"))
    assert "D2 “9999/99/99”" in listed
    assert "H2 “x x”" in listed
    assert f"H{len(BAD) + 1} " in listed


def test_a_cell_that_breaks_its_reader_is_not_understood(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(typed: object, near: date) -> date | None:
        if typed == "壊":
            raise RecursionError
        return None

    monkeypatch.setattr(cells, "read_date", broken)
    office.project("P-1", name="A")
    office.project("P-2", name="B")
    office.sync()
    office.put("E2", [["壊"]])
    office.put("F3", [["佐藤"]])
    done = office.sync()
    assert done.state == "done", done.failure
    assert office.known("P-2")["person"] == "佐藤"
    assert "E2 “壊”" in done.notes[-1]
