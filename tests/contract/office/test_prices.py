"""Lines whose prices stand in the office's price list."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from errors import KakariError
from errors.listing import ColumnsMissing, NoPrice, PricedOtherwise, PricedTwice, PriceUnread
from errors.schedule import HeaderTwice, TabMissing
from ledger.database import Ledger
from ledger.plan import Plan
from tasks.document_sheets import DocumentSheets, PriceSheet
from tasks.invoice import TASK as INVOICE
from tests.contract.office.sheets import Sheet
from tests.unit.document.test_drafting import FUJI, Desk
from workspace.clients import GoogleClients
from workspace.quota import Quota
from workspace.sheets import Sheets

PRICES: list[list[Any]] = [
    ["2026 年度 単価表"],
    ["品　名", "Unit Price", "単位", "税区分", "備考"],
    ["金型設計", 480000, "式", "標準税率"],
    ["お茶", "￥150", "個", "軽減"],
    ["試作", "応相談", "回", ""],
    ["部品", 10, "", "8%"],
    ["二重", 1, "", ""],
    ["二 重", 2, "", ""],
    ["未定", "", "", ""],
    ["壊れた", "=1/0", "", ""],
    ["割引券", -500, "", "対象外"],
]
TEA = {"text": "お茶", "quantity": "1"}


@pytest.fixture
def desk(ledger: Ledger, tmp_path: Path) -> Desk:
    (tmp_path / "place").mkdir()
    return Desk(ledger, tmp_path / "place")


@pytest.fixture
def listed(desk: Desk, clients: GoogleClients) -> Callable[..., Desk]:
    """Give the office a price list."""

    def listed(cells: list[list[Any]] = PRICES, **place: Any) -> Desk:
        prices = PriceSheet(spreadsheet=Sheet(clients, *cells).id, **place)
        desk.setting = replace(desk.setting, document_sheets=DocumentSheets(prices=prices))
        desk.sheets = Sheets(clients, Quota())
        return desk

    return listed


def lines_of(plan: Plan) -> Any:
    (draft,) = plan.documents
    return draft.data["document"]["bill"]["lines"]  # type: ignore[index, call-overload]


def test_a_line_without_a_price_is_the_price_lists(listed: Callable[..., Desk]) -> None:
    lines = [
        {"text": "金型　設計", "quantity": "2"},
        {"text": "お茶", "quantity": "3", "unit": "本"},
        {"text": "お茶", "quantity": "1", "price": "200"},
        {"text": "割引券", "quantity": "1"},
    ]
    said = lines_of(listed().plan(INVOICE, *lines))
    assert [(line["price"], line["unit"], line["category"]) for line in said] == [
        ("480000", "式", "standard"),
        ("150", "本", "reduced"),
        ("200", "", "standard"),
        ("-500", "", "outside"),
    ]


@pytest.mark.parametrize(
    ("text", "head", "error"),
    [
        ("どこにもない", {}, NoPrice),
        ("未定", {}, NoPrice),
        ("試作", {}, PriceUnread),
        ("部品", {}, PriceUnread),
        ("壊れた", {}, PriceUnread),
        ("二重", {}, PricedTwice),
        ("お茶", {"mode": "inclusive"}, PricedOtherwise),
        ("お茶", {"currency": "EUR", "yen_rate": "160"}, PricedOtherwise),
    ],
)
def test_a_line_that_the_price_list_does_not_price_is_one_sentence(
    listed: Callable[..., Desk], text: str, head: dict[str, str], error: type[KakariError]
) -> None:
    with pytest.raises(error) as caught:
        listed().plan(INVOICE, {"text": text, "quantity": "1"}, **head)
    assert "{" not in caught.value.say("ja") + caught.value.say("en")


def test_without_a_price_list_a_price_has_to_be_typed(
    desk: Desk, listed: Callable[..., Desk]
) -> None:
    pages = ({"party": FUJI}, TEA)
    with pytest.raises(ValueError, match="price"):
        INVOICE.walk(pages, desk.setting)
    assert INVOICE.walk(pages, listed().setting).request
    desk.setting = replace(desk.setting, document_sheets=DocumentSheets())
    with pytest.raises(NoPrice):  # the list was taken away since
        desk.plan(INVOICE, TEA)


def test_a_list_with_tax_is_for_documents_with_tax(listed: Callable[..., Desk]) -> None:
    (draft,) = listed(with_tax=True).plan(INVOICE, TEA, mode="inclusive").documents
    assert draft.amount == 150


@pytest.mark.parametrize(
    ("cells", "place", "error"),
    [
        ([["品名", "備考"]], {}, ColumnsMissing),
        ([], {}, ColumnsMissing),
        ([["品名", "単価", "単価"]], {}, HeaderTwice),
        (PRICES, {"tab": "価格"}, TabMissing),
    ],
)
def test_a_price_list_that_cannot_be_read_says_what_to_change(
    listed: Callable[..., Desk],
    cells: list[list[Any]],
    place: dict[str, str],
    error: type[KakariError],
) -> None:
    with pytest.raises(error):
        listed(cells, **place).plan(INVOICE, TEA)


@pytest.mark.parametrize(
    "price", ["0e999999999", "1e999", "9" * 400, "NaN", "\t" * 420 + "x\nx", "9223372036854775808"]
)
def test_a_bad_price_costs_its_own_line_only(listed: Callable[..., Desk], price: str) -> None:
    desk = listed([*PRICES, ["悪い", price, "", ""], ["\u0301\u0316" * 9_000, "\x07", "", ""]])
    assert lines_of(desk.plan(INVOICE, party=FUJI, lines=[TEA]))[0]["price"] == "150"
    bad = {"text": "悪い", "quantity": "1"}
    if price.startswith("0e"):
        assert lines_of(desk.plan(INVOICE, party=FUJI, lines=[bad, TEA]))[0]["price"] == "0"
    else:
        with pytest.raises(PriceUnread, match="B12"):
            desk.plan(INVOICE, party=FUJI, lines=[bad])
