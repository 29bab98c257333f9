"""A document in words, ready to print: the data that a document template is given."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

from babel.numbers import get_currency_symbol

from money.amount import YEN, Money, digits
from money.bill import Bill, Line, Mode
from money.rates import NAMES as CATEGORIES
from money.rates import UNTAXED, Category
from money.totals import Group, Totals
from tasks.document.document import Document, DocumentKind

MARK = "※"
LEGEND = f"{MARK}は軽減税率対象品目です。"
PRICED = {Mode.EXCLUSIVE: "（税抜）", Mode.INCLUSIVE: "（税込）", Mode.UNTAXED: ""}


def paper(document: Document, totals: Totals) -> dict[str, Any]:
    """Return every word of the document. Raises SellerNotRegistered."""
    bill = document.bill
    taxed = bill.mode is not Mode.UNTAXED
    priced = PRICED[bill.mode]
    reduced = any(line.category is Category.REDUCED for line in bill.lines)
    issuer, recipient = document.issuer, document.recipient
    notes = [*document.notes]
    if document.kind is DocumentKind.INVOICE:
        notes += issuer.notes
    return {
        "title": _title(document),
        "number": document.number,
        "heading": list(_heading(document)),
        "party": recipient.model_dump(mode="json"),
        "seller": {
            "name": issuer.name,
            "postal": issuer.postal,
            "address": list(issuer.address),
            "contact": list(issuer.contact),
            "registration": document.registration,
            "person": document.person,
            "bank": list(issuer.bank),
            "logo": issuer.logo,
            "seal": issuer.seal,
        },
        "subject": document.subject,
        "payable": amount(totals.payable),
        "facts": list(_facts(document)),
        "taxed": taxed,
        # What is only offered has no day of supply yet.
        "dated": document.kind is not DocumentKind.QUOTE,
        "words": {
            "price": f"単価{priced}",
            "amount": f"金額{priced}",
            "groups": ["税率別内訳", f"金額{priced}", "消費税額"],
        },
        "lines": list(_lines(bill, totals)),
        "groups": [_group(group, bill.mode) for group in totals.groups] if taxed else [],
        "legend": LEGEND if taxed and reduced else "",
        "sums": list(_sums(bill.mode, totals)),
        "notes": notes,
    }


def printed(words: Mapping[str, Any]) -> str:
    """Return the words as a template reads them: the same text for the same words."""
    return json.dumps(words, ensure_ascii=False, sort_keys=True)


def texts(words: Any) -> Iterator[str]:
    """Yield every text of the words, to be looked at sign by sign."""
    if isinstance(words, str):
        yield words
    elif isinstance(words, Mapping):
        for part in words.values():
            yield from texts(part)
    elif isinstance(words, list | tuple):
        for part in words:
            yield from texts(part)


def amount(money: Money) -> str:
    """Return an amount with its currency's sign: ¥131,200, €2,750.00, -¥1,021."""
    sign = get_currency_symbol(money.currency, locale="en_US")
    gap = " " if len(sign) > 1 else ""
    minus = "-" if money.minor < 0 else ""
    return f"{minus}{sign}{gap}{plain(Money(abs(money.minor), money.currency))}"


def plain(money: Money) -> str:
    """Return an amount without its currency: 131,200."""
    return f"{money.units:,.{digits(money.currency)}f}"


def number(value: Decimal) -> str:
    """Return a quantity or a price: 1,000 or 2.5, without zeros that say nothing."""
    return f"{value:,f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:,f}"


def day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def percent(value: Decimal) -> str:
    return f"{number(value)}%"


def _title(document: Document) -> str:
    match document.kind:
        case DocumentKind.QUOTE:
            return "御見積書"
        case DocumentKind.INVOICE:
            return "請求書（訂正）" if document.corrects else "請求書"
        case DocumentKind.DELIVERY_NOTE:
            return "納品書"
        case DocumentKind.RETURN_INVOICE:
            return "適格返還請求書" if document.registration else "返還請求書"


def _heading(document: Document) -> Iterator[tuple[str, str]]:
    yield "No.", document.number
    yield ("見積日" if document.kind is DocumentKind.QUOTE else "発行日"), day(document.issued)
    if not document.about:
        return
    if document.corrects:
        yield "訂正する請求書", document.about
    elif document.kind is DocumentKind.RETURN_INVOICE:
        yield "元の請求書", document.about
    elif document.takes:
        yield "納品書番号", document.about
    else:
        yield "見積番号", document.about


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    days = sorted({line.supplied for line in document.bill.lines})
    if document.kind in (DocumentKind.INVOICE, DocumentKind.RETURN_INVOICE):
        period = day(days[0]) if len(days) == 1 else f"{day(days[0])}〜{day(days[-1])}"
        if document.kind is DocumentKind.RETURN_INVOICE:
            yield "返還等の年月日", day(document.issued)
            yield "元の取引年月日", period
        else:
            yield "取引年月日", period
    if document.kind is DocumentKind.DELIVERY_NOTE:
        yield "納品日", day(days[-1])
    if document.due:
        yield "お支払期限", day(document.due)
    if document.valid_until:
        yield "有効期限", day(document.valid_until)
    if document.terms:
        yield "お支払条件", document.terms


def _lines(bill: Bill, totals: Totals) -> Iterator[dict[str, str]]:
    rates = {group.category: group.percent for group in totals.groups}
    amounts = [bill.amount(line) for line in bill.lines]
    amounts += [Money(-discount.minor, bill.currency) for discount in bill.discounts]
    sums = [plain(total) for total in accumulate(amounts, initial=Money.zero(bill.currency))][1:]
    for line, money, running in zip(bill.lines, amounts, sums, strict=False):
        yield {
            "day": f"{line.supplied:%Y/%m/%d}",
            "text": line.text,
            "mark": MARK if line.category is Category.REDUCED else "",
            "quantity": number(line.quantity),
            "unit": line.unit,
            "price": number(line.price),
            "rate": _rate(line, rates),
            "amount": plain(money),
            "sum": running,
        }
    for at, discount in enumerate(bill.discounts, len(bill.lines)):
        empty = dict.fromkeys(("day", "mark", "quantity", "unit", "price", "rate"), "")
        yield {**empty, "text": discount.text, "amount": plain(amounts[at]), "sum": sums[at]}


def _rate(line: Line, rates: Mapping[Category, Decimal]) -> str:
    if line.category in UNTAXED:
        return CATEGORIES[line.category].ja
    return percent(rates[line.category])


def _group(group: Group, mode: Mode) -> dict[str, str]:
    tax = amount(group.tax)
    if group.yen_tax is not None and group.tax.currency != YEN:
        tax = f"{tax}（{amount(group.yen_tax)}）"
    shown = group.gross if mode is Mode.INCLUSIVE else group.net
    return {"label": _label(group), "amount": amount(shown), "tax": tax}


def _label(group: Group) -> str:
    if group.category in UNTAXED:
        return CATEGORIES[group.category].ja
    names = {Category.REDUCED: "（軽減税率）", Category.STANDARD: ""}
    return f"{percent(group.percent)}対象{names.get(group.category, '（旧税率）')}"


def _sums(mode: Mode, totals: Totals) -> Iterator[dict[str, Any]]:
    held = totals.withheld.minor != 0
    if mode is Mode.EXCLUSIVE:
        yield _sum("小計（税抜）", totals.net)
        for group in totals.groups:
            if group.category not in UNTAXED:
                yield _sum(f"消費税（{percent(group.percent)}）", group.tax)
    elif mode is Mode.INCLUSIVE:
        yield _sum("うち消費税", totals.tax)
    label = "合計" if mode is Mode.UNTAXED else "合計（税込）"
    yield _sum(label, totals.gross, strong=not held)
    if held:
        yield _sum("源泉徴収税額", -totals.withheld)
        yield _sum("差引ご請求額", totals.payable, strong=True)


def _sum(label: str, money: Money, *, strong: bool = False) -> dict[str, Any]:
    return {"label": label, "amount": amount(money), "strong": strong}
