"""From what was asked for to a document: its party, its lines, its dates."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from cards.sentences import Sentence
from errors.document import AlreadyInvoiced, NotAnInvoice, NothingBefore, NotIssued, QuoteExpired
from ledger import documents, parties
from ledger.database import Ledger
from ledger.documents import DocumentState, Found
from ledger.models import PartyRow
from ledger.plan import Note
from money.amount import Money
from money.bill import Bill, Discount, Line
from money.rounding import Rounding
from tasks.base import Look
from tasks.document.changes import changes
from tasks.document.day import day_in
from tasks.document.document import Document, DocumentKind
from tasks.document.issue import Wanted
from tasks.document.office import Office
from tasks.document.pages import Head, LinePage, Source
from tasks.document.party import Party
from tasks.document.said import STATES, FrozenDocument

FOLLOWED = Sentence(
    "⚠ {numbers} came from {number} before. Please check that nothing is charged for twice.",
    "⚠ {number} からはすでに {numbers} を発行しています。二重請求にならないかご確認ください。",
)


class Desk:
    """What one request is drafted with."""

    def __init__(self, head: Head, look: Look, office: Office, today: date) -> None:
        """Raises NotADay."""
        assert look.ledger is not None
        self.head = head
        self.ledger: Ledger = look.ledger
        self.office = office
        self.issued = day_in(head.issued, today) if head.issued else today
        self.only_on = None if head.issued else today
        """The day on which alone this may be approved: rates, dates and names follow from it."""

    def party(self, source: Source, about: str) -> PartyRow:
        """Return whom the document is for. Raises PartyUnknown, PartyUnclear, DocumentUnknown."""
        with self.ledger.read() as tx:
            if source is Source.DOCUMENT and not self.head.party:
                return tx.get_one(PartyRow, documents.find(tx, about).row.party_id)
            return parties.named(tx, self.head.party)

    def bill(
        self,
        source: Source,
        about: str,
        party: PartyRow,
        pages: Iterable[LinePage],
        *,
        anew: bool = True,
    ) -> Bill:
        """Return what is charged for; ``anew``, what an earlier document charged is supplied again.

        Raises NothingBefore, DocumentUnknown, NotIssued, QuoteExpired, NoPrice and NotADay.
        """
        match source:
            case Source.LAST:
                with self.ledger.read() as tx:
                    last = documents.latest(tx, DocumentKind.INVOICE, party=party.id)
                if last is None:
                    raise NothingBefore
                return self._renewed(said(last).bill)
            case Source.DOCUMENT:
                was = said(self.earlier(about))
                # What was delivered keeps its day, and with it its rate.
                anew = anew and was.kind is not DocumentKind.DELIVERY_NOTE
                return self._renewed(was.bill) if anew else was.bill
            case _:
                return self._typed(pages)

    def follow(self, about: str) -> None:
        """Take over what an earlier document is about, where the form does not say it anew."""
        found = self.earlier(about)
        subject = self.head.subject or said(found).subject
        project = self.head.project or found.row.project or ""
        self.head = self.head.model_copy(update={"subject": subject, "project": project})

    def earlier(self, number: str) -> Found:
        """Return an issued document. Raises DocumentUnknown, NotIssued and QuoteExpired."""
        with self.ledger.read() as tx:
            found = documents.find(tx, number)
        if found.state is not DocumentState.ISSUED:
            state = STATES[found.state]
            raise NotIssued(number=number, state=state.en, state_ja=state.ja)
        document = said(found)
        if document.valid_until and document.valid_until < self.issued:
            raise QuoteExpired(number=number, until=document.valid_until)
        return found

    def demand_invoice(self, number: str) -> None:
        """Raise NotAnInvoice, or as ``earlier`` does."""
        if self.earlier(number).row.kind != DocumentKind.INVOICE:
            raise NotAnInvoice(number=number)

    def compared(self, wanted: Wanted) -> Iterator[Note]:
        """Yield what a document says otherwise than the one it is about, and who else followed it.

        Raises as ``earlier`` and ``money.totals.total`` do.
        """
        document = wanted.document
        if not document.about or document.kind is DocumentKind.RETURN_INVOICE:
            return
        was = self.earlier(document.about)
        before = Money(was.row.amount, was.row.currency)
        yield changes(said(was), before, document, document.totals(self.office.rates).gross)
        with self.ledger.read() as tx:
            others = documents.following(tx, document.about)
        standing = (DocumentState.ISSUED, DocumentState.ISSUING)
        if document.corrects:
            return
        if numbers := [f.row.number for f in others if f.state in standing and not f.row.corrects]:
            values = {"number": document.about, "numbers": ", ".join(numbers)}
            yield Note(en=FOLLOWED.say("en", **values), ja=FOLLOWED.say("ja", **values))

    def wanted(
        self,
        kind: DocumentKind,
        party: PartyRow,
        bill: Bill,
        *,
        about: str = "",
        corrects: bool = False,
        valid_until: date | None = None,
    ) -> Wanted:
        """Return the document to be issued. Raises AlreadyInvoiced."""
        terms = Party.of(party).terms
        days = [line.supplied for line in bill.lines]
        invoice = kind is DocumentKind.INVOICE
        due = terms.due(max(days)) if invoice else None
        document = Document(
            kind=kind,
            number="",
            issued=self.issued,
            issuer=self.office.issuer,
            recipient=Party.of(party).recipient,
            subject=self.head.subject,
            bill=bill.model_copy(update={"paid": due}),
            due=due,
            valid_until=valid_until,
            terms=terms.say("ja") if kind in (DocumentKind.INVOICE, DocumentKind.QUOTE) else "",
            about=about,
            corrects=corrects,
            notes=tuple(filter(None, map(str.strip, self.head.notes.splitlines()))),
        )
        with self.ledger.read() as tx:
            for number in documents.taken(tx, document.takes):
                raise AlreadyInvoiced(number=number)
        late = invoice and any(terms.too_late(day) for day in days)
        return Wanted(document, party.id, self.head.project, late)

    def _typed(self, pages: Iterable[LinePage]) -> Bill:
        head, issuer = self.head, self.office.issuer
        discounts: tuple[Discount, ...] = ()
        if head.discount:
            off = Money.rounded(Fraction(head.discount), head.currency, Rounding.HALF_UP)
            discounts = (Discount(text="お値引", minor=off.minor),)
        return Bill(
            lines=tuple(
                Line(
                    text=page.text,
                    quantity=page.quantity,
                    unit=page.unit,
                    price=page.charged,
                    category=page.category,
                    supplied=day_in(page.supplied, self.issued) if page.supplied else self.issued,
                    withheld=page.withheld,
                )
                for page in pages
            ),
            discounts=discounts,
            mode=head.mode,
            currency=head.currency,
            yen_rate=head.yen_rate,
            tax_rounding=issuer.tax_rounding,
            line_rounding=issuer.line_rounding,
        )

    def _renewed(self, bill: Bill) -> Bill:
        """Return an earlier bill as one that is supplied now."""
        moved = {"supplied": self.issued}
        lines = tuple(line.model_copy(update=moved) for line in bill.lines)
        return bill.model_copy(update={"lines": lines})


def said(found: Found) -> Document:
    """Return what a document of the ledger says."""
    return FrozenDocument.model_validate(found.row.data).document
