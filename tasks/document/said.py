"""What is frozen of a document with its sums, and what the card says of it: sums first."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cards.sentences import Sentence
from ledger.documents import DocumentState
from ledger.plan import Draft, Plan
from money.amount import Money
from money.bill import Frozen
from money.rates import NAMES as CATEGORIES
from money.rates import Category
from money.totals import Totals
from tasks.document.document import NAMES, Document, DocumentKind
from tasks.document.paper import amount, number, percent

INDENT = "\u3000"
FOR = Sentence("{kind} for {party}", "{kind}（宛先: {party}）")
TOTAL = Sentence("total {amount}", "合計 {amount}")
GROUP = Sentence(
    "{category} {percent}: {amount}, tax {tax}", "{category} {percent}: {amount}・消費税 {tax}"
)
PAYABLE = Sentence("withheld {held}, to be paid {amount}", "源泉徴収 {held}・差引 {amount}")
ISSUED = Sentence("dated {day}", "日付 {day}")
DUE = Sentence("due {day}", "支払期限 {day}")
VALID = Sentence("valid until {day}", "有効期限 {day}")
ABOUT = Sentence("about {number}", "対象 {number}")
CORRECTS = Sentence("corrects {number}", "訂正する書類 {number}")
LATE = Sentence(
    "⚠ Paid more than 60 days after delivery, which the law may forbid",
    "⚠ 支払期日が納品から 60 日を超えます（取適法の対象となる取引では認められません）",
)
STATES = {
    DocumentState.ISSUING: Sentence("being issued", "発行中"),
    DocumentState.ISSUED: Sentence("issued", "発行済み"),
    DocumentState.CORRECTED: Sentence("corrected since", "訂正済み"),
    DocumentState.VOID: Sentence("void", "無効"),
}


class FrozenGroup(Frozen):
    category: Category
    percent: Decimal
    net: int
    tax: int


class FrozenDocument(Frozen):
    """A document with its sums, as it lies in the ledger."""

    document: Document
    groups: tuple[FrozenGroup, ...]
    late: bool = False


def frozen(document: Document, totals: Totals, *, late: bool) -> dict[str, Any]:
    groups = tuple(
        FrozenGroup(category=g.category, percent=g.percent, net=g.net.minor, tax=g.tax.minor)
        for g in totals.groups
    )
    whole = FrozenDocument(document=document, groups=groups, late=late)
    return whole.model_dump(mode="json", by_alias=True)


def told(plan: Plan, locale: str) -> list[str]:
    """Return the lines; every figure is one that the approval freezes."""
    return [line for draft in plan.documents for line in _told(draft, locale)]


def _told(draft: Draft, locale: str) -> Iterator[str]:
    whole = FrozenDocument.model_validate(draft.data)
    document = whole.document
    kind = NAMES[DocumentKind(draft.kind)].say(locale)
    yield FOR.say(locale, kind=kind, party=f"{draft.party_name} {document.recipient.honorific}")
    yield INDENT + " · ".join(_facts(draft, document, locale))
    for group in whole.groups:
        yield INDENT + GROUP.say(
            locale,
            category=CATEGORIES[group.category].say(locale),
            percent=percent(group.percent),
            amount=amount(Money(group.net, draft.currency)),
            tax=amount(Money(group.tax, draft.currency)),
        )
    if whole.late:
        yield INDENT + LATE.say(locale)
    for line in document.bill.lines:
        price = f"{number(line.quantity)}{line.unit} × {number(line.price)}"
        yield f"{INDENT}{line.text}: {price} = {amount(document.bill.amount(line))}"
    for discount in document.bill.discounts:
        yield f"{INDENT}{discount.text}: {amount(Money(-discount.minor, draft.currency))}"


def _facts(draft: Draft, document: Document, locale: str) -> Iterator[str]:
    yield TOTAL.say(locale, amount=amount(Money(draft.amount, draft.currency)))
    if draft.payable != draft.amount:
        held = amount(Money(draft.amount - draft.payable, draft.currency))
        paid = amount(Money(draft.payable, draft.currency))
        yield PAYABLE.say(locale, held=held, amount=paid)
    yield ISSUED.say(locale, day=draft.issued)
    if draft.due:
        yield DUE.say(locale, day=draft.due)
    if document.valid_until:
        yield VALID.say(locale, day=document.valid_until)
    if draft.about:
        yield (CORRECTS if draft.corrects else ABOUT).say(locale, number=draft.about)
