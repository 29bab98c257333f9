"""The task: a quote, with a number, as a PDF in its folder."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from cards.sentences import Sentence
from ledger.database import today
from ledger.plan import Plan
from tasks.base import Ask, Look, Next, Request
from tasks.document.completing import completed
from tasks.document.day import TypedDay, day_in
from tasks.document.document import DocumentKind
from tasks.document.drafting import Desk
from tasks.document.issue import plan_of
from tasks.document.office import Office
from tasks.document.pages import SOURCES, DocumentTask, Head, LinePage, Source
from tasks.document.said import told

VALID = timedelta(days=30)
INVOICE = Sentence("Make the invoice…", "請求書にする…")


class Beginning(Request):
    """The field that comes before those of every document."""

    source: Annotated[
        Source,
        Ask(
            Sentence("The lines come", "明細"),
            choices=tuple((each, SOURCES[each]) for each in (Source.TYPED, Source.PROJECT)),
        ),
    ] = Source.TYPED


class QuotePage(Head, Beginning):
    valid_until: Annotated[
        TypedDay,
        Ask(Sentence("Valid until", "有効期限"), Sentence("empty: 30 days", "空欄なら 30 日間")),
    ] = ""


class QuoteRequest(QuotePage):
    lines: tuple[LinePage, ...]


class QuoteTask(DocumentTask[QuoteRequest]):
    name = "quote"
    command_id = 22
    title = Sentence("Quote", "見積書")
    about = Sentence("Make a quote", "見積書を作成します")
    words = ("見積", "見積書", "見積もり")
    Head = QuotePage
    Request = QuoteRequest

    def plan(self, request: QuoteRequest, look: Look) -> Plan:
        """Return the plan of one quote. Raises as ``completed``, ``Desk`` and ``plan_of`` do."""
        request = completed(request, look)
        office = Office.read(look.setting.templates)
        desk = Desk(request, look, office, today(look.setting.zone))
        party = desk.party(Source.TYPED, "")
        bill = desk.bill(Source.TYPED, "", party, request.lines)
        until = desk.issued + VALID
        if request.valid_until:
            until = day_in(request.valid_until, desk.issued)
        wanted = desk.wanted(DocumentKind.QUOTE, party, bill, valid_until=until)
        return plan_of([wanted], look, office, day=desk.only_on)

    def follows(self, bindings: Mapping[str, str]) -> Next | None:
        return Next(INVOICE, "invoice", bindings["number"])

    def told(self, plan: Plan, locale: str) -> list[str]:
        return told(plan, locale)
