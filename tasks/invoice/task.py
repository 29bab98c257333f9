"""The task: an invoice and its kin, one or a month's, as PDFs in their folders."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from cards.sentences import Sentence
from ledger.database import today
from ledger.plan import Plan
from money.bill import Bill
from tasks.base import Answers, Ask, Look, Request
from tasks.document.completing import completed
from tasks.document.document import DocumentKind
from tasks.document.drafting import Desk
from tasks.document.issue import plan_of
from tasks.document.office import Office
from tasks.document.pages import (
    DOCUMENT_NUMBER,
    SOURCES,
    DocumentTask,
    Head,
    LinePage,
    Source,
    needed,
    number_in,
)
from tasks.document.project_price import charged_before
from tasks.document.said import told
from tasks.form import FILL_IN
from tasks.invoice.month import TypedMonth, summaries

_NUMBER = re.compile(rf"(?:(?P<what>CORRECT|訂正|RETURN|返還)\s+)?(?P<number>{DOCUMENT_NUMBER})")
_MONTH = re.compile(r"(?:month|月次|締め)\s+(?P<month>\S+)", re.IGNORECASE)


class What(StrEnum):
    INVOICE = "invoice"
    DELIVERY_NOTE = "delivery_note"
    RETURN = "return_invoice"
    CORRECTION = "correction"


WHATS = {
    What.INVOICE: Sentence("invoice", "請求書"),
    What.DELIVERY_NOTE: Sentence("delivery note", "納品書"),
    What.RETURN: Sentence("return invoice", "返還請求書（返品・値引）"),
    What.CORRECTION: Sentence("corrected invoice", "請求書の訂正"),
}
WORDS = {
    "CORRECT": What.CORRECTION,
    "訂正": What.CORRECTION,
    "RETURN": What.RETURN,
    "返還": What.RETURN,
}
KINDS = {
    What.INVOICE: DocumentKind.INVOICE,
    What.DELIVERY_NOTE: DocumentKind.DELIVERY_NOTE,
    What.RETURN: DocumentKind.RETURN_INVOICE,
    What.CORRECTION: DocumentKind.INVOICE,
}


def _named(about: str, info: ValidationInfo) -> str:
    """Demand the invoice that is corrected: without it this would be one more invoice."""
    if not about.strip() and info.data.get("what") is What.CORRECTION:
        raise PydanticCustomError("kakari", "{en}", {"en": FILL_IN.en, "ja": FILL_IN.ja})
    return about


class Beginning(Request):
    """The fields that come before those of every document."""

    what: Annotated[What, Ask(Sentence("What", "書類"), choices=tuple(WHATS.items()))] = (
        What.INVOICE
    )
    source: Annotated[
        Source, Ask(Sentence("The lines come", "明細"), choices=tuple(SOURCES.items()))
    ] = Source.TYPED
    about: Annotated[
        str,
        Field(max_length=100, validate_default=True),
        needed(Source.DOCUMENT),
        AfterValidator(_named),
        Ask(
            Sentence("From or about document", "もとの書類の番号"),
            Sentence(
                "a quote, a delivery note, the invoice that is corrected; lines to type begin with its",
                "見積書・納品書、訂正・返品する請求書（入力するときは、その明細から始まります）",
            ),
        ),
    ] = ""
    month: Annotated[TypedMonth, needed(Source.MONTH), Ask(Sentence("Month", "対象月"))] = ""


class InvoicePage(Head, Beginning):
    """The first page: what it is, then the fields of every document."""


class InvoiceRequest(InvoicePage):
    lines: tuple[LinePage, ...]


class InvoiceTask(DocumentTask[InvoiceRequest]):
    name = "invoice"
    command_id = 23
    title = Sentence("Invoice", "請求書")
    about = Sentence("Make an invoice, or a month’s", "請求書・納品書などを作成します")
    words = ("請求", "請求書", "納品書")
    Head = InvoicePage
    Request = InvoiceRequest

    def prefill(self, text: str) -> Answers:
        """Read ``month 2026-11``, a document’s number, ``correct`` or ``return`` one, or as others do."""
        if found := _MONTH.fullmatch(text):
            return {"source": Source.MONTH, "month": found["month"]}
        if (found := _NUMBER.fullmatch(number_in(text))) is None:
            return super().prefill(text)
        what = WORDS[found["what"]] if found["what"] else What.INVOICE
        # A correction is typed, beginning with the lines as they were.
        source = Source.TYPED if what is What.CORRECTION else Source.DOCUMENT
        return {"what": what, "source": source, "about": found["number"]}

    def subject(self, request: InvoiceRequest) -> str:
        whose = request.party or request.about or request.month or request.project
        return " ".join(filter(None, (whose, request.subject)))

    def plan(self, request: InvoiceRequest, look: Look) -> Plan:
        """Return the plan of one document, or of a month's.

        Raises as ``completed``, ``Desk`` and ``plan_of`` do.
        """
        request = completed(request, look)
        office = Office.read(look.setting.templates)
        desk = Desk(request, look, office, today(look.setting.zone))
        if request.source is Source.MONTH:
            return plan_of(summaries(desk, request.month), look, office, request.month)
        about = number_in(request.about)
        if request.source is Source.DOCUMENT:
            desk.follow(about)
        party = desk.party(request.source, about)
        of_a_sale = request.what in (What.RETURN, What.CORRECTION)
        if about and of_a_sale:
            desk.demand_invoice(about)
        bill = desk.bill(request.source, about, party, request.lines, anew=not of_a_sale)
        if request.what is What.RETURN and request.source is Source.DOCUMENT:
            bill = _turned(bill)
        corrects = request.what is What.CORRECTION
        wanted = desk.wanted(KINDS[request.what], party, bill, about=about, corrects=corrects)
        notes = [*desk.compared(wanted)]
        if request.what is What.INVOICE and not about:
            notes += charged_before(desk.ledger, wanted.project)
        return plan_of([wanted], look, office, day=desk.only_on, notes=notes)

    def told(self, plan: Plan, locale: str) -> list[str]:
        return told(plan, locale)


def _turned(bill: Bill) -> Bill:
    """Return the bill that takes all of another one back."""
    lines = tuple(line.model_copy(update={"quantity": -line.quantity}) for line in bill.lines)
    back = tuple(each.model_copy(update={"minor": -each.minor}) for each in bill.discounts)
    return bill.model_copy(update={"lines": lines, "discounts": back})
