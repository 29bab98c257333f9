"""What a document counts as where it decides who approves: all of it, whatever the asker names."""

from pathlib import Path
from typing import Any

import pytest

from bot import permission_file
from bot.rules import Rules
from ledger.database import Ledger
from ledger.plan import Effect, Plan
from money.amount import Money
from tasks.invoice import TASK as INVOICE
from tasks.project import TASK as PROJECT
from tasks.quote import TASK as QUOTE
from tests.unit.document import test_drafting

LIMIT = 100_000
RULES = f"""
[rates]
EUR = "160"

[tasks.invoice]
ask = []
approve = ["carol@fuji.example"]

[[tasks.invoice.above]]
amount = {LIMIT}
approve = ["bob@fuji.example", "dave@fuji.example"]
approvals = 2
"""


@pytest.fixture
def desk(ledger: Ledger, tmp_path: Path) -> test_drafting.Desk:
    (tmp_path / "place").mkdir()
    return test_drafting.Desk(ledger, tmp_path / "place")


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    file = tmp_path / "permissions.toml"
    file.write_text(RULES)
    return permission_file.read(file, ["invoice"], ["jobs"])


def line(price: str, **more: str) -> dict[str, str]:
    return {"text": "設計", "quantity": "1", "price": price, **more}


def counts(rules: Rules, plan: Plan) -> float:
    return rules.counted(INVOICE.sums(plan)) or 0


@pytest.mark.parametrize(
    ("head", "counted"),
    [
        ({"currency": "USD", "mode": "untaxed"}, float("inf")),
        ({"currency": "USD", "yen_rate": "0.0001"}, float("inf")),
        ({"currency": "KWD", "mode": "untaxed"}, float("inf")),
        ({"currency": "EUR", "mode": "untaxed"}, 99_000 * 160),
        ({"currency": "EUR", "yen_rate": "0.0001"}, 108_900 * 160),
        ({"currency": "EUR", "yen_rate": "999999"}, 108_900 * 160),
        ({"mode": "untaxed"}, 99_000),
        ({"mode": "inclusive"}, 99_000),
        ({"yen_rate": "0.0001"}, 108_900),
    ],
)
def test_the_rate_that_the_asker_names_decides_nothing(
    desk: test_drafting.Desk, rules: Rules, head: dict[str, str], counted: float
) -> None:
    plan = desk.plan(INVOICE, line("99000"), **head)
    assert counts(rules, plan) == counted
    assert rules.approval("invoice", counts(rules, plan)).approvals == 1 + (counted >= LIMIT)


@pytest.mark.parametrize(
    ("lines", "head", "counted"),
    [
        ([line("10000000"), line("-9990000")], {}, 11_000_000 + 10_989_000),
        ([line("10000000"), line("-9990000")], {"mode": "inclusive"}, 19_990_000),
        ([line("10000000"), line("9990000", quantity="-1")], {"mode": "untaxed"}, 19_990_000),
        ([line("60000"), line("-59000")], {"mode": "untaxed"}, 119_000),
        ([line("10000000")], {"discount": "9990000"}, 11_000_000 + 10_989_000),
        ([line("10000000"), line("-10000000", category="reduced")], {}, 22_000_000 - 200_000),
        ([line("50000"), line("40000")], {}, 99_000),
        ([line("90909")], {}, 99_999),
    ],
)
def test_lines_and_discounts_do_not_make_up_for_one_another(
    desk: test_drafting.Desk,
    rules: Rules,
    lines: list[dict[str, str]],
    head: dict[str, Any],
    counted: int,
) -> None:
    found = counts(rules, desk.plan(INVOICE, *lines, **head))
    assert counted <= found <= counted * 1.02, "to the coin, but where rates of tax are mixed"
    if len({each.get("category") for each in lines}) == 1:
        assert found == counted


def test_what_is_given_back_counts_as_what_is_charged(
    desk: test_drafting.Desk, rules: Rules
) -> None:
    (invoice,) = desk.issue(INVOICE, line("100000"), issued="2026-10-31")
    about = {"about": invoice, "party": ""}
    returned = desk.plan(what="return_invoice", source="document", **about)
    corrected = desk.plan(INVOICE, line("100000"), what="correction", about=invoice)
    assert [counts(rules, each) for each in (returned, corrected)] == [110_000, 110_000]


def test_a_months_invoices_count_together_and_none_makes_up_for_another(
    desk: test_drafting.Desk, rules: Rules
) -> None:
    note = {"what": "delivery_note", "issued": "2026-10-10"}
    for price in ("10000000", "-9990000", "5"):
        desk.issue(INVOICE, line(price), mode="untaxed", **note)
    plan = desk.plan(source="month", month="2026-10", issued="2026-10-31")
    assert counts(rules, plan) == 19_990_005


def test_other_tasks_count_by_what_their_plan_says() -> None:
    effect = Effect(key="a", kind="drive.folder", data={})
    assert PROJECT.sums(Plan(effects=(effect,))) == ()
    assert PROJECT.sums(Plan(effects=(effect,), amount=-5)) == (Money(-5),)
    assert QUOTE.sums(Plan(effects=(effect,))) == []
