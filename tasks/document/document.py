"""A document as it is frozen when it is approved: all facts, and none of the words."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from cards.sentences import Sentence
from money.bill import Bill, Frozen
from money.rates import Rates
from money.totals import Totals, summed, total
from tasks.document.issuer import Issuer


class DocumentKind(StrEnum):
    """Each is also the name of its template and of its series of numbers."""

    QUOTE = "quote"
    INVOICE = "invoice"
    DELIVERY_NOTE = "delivery_note"
    RETURN_INVOICE = "return_invoice"

    @property
    def letter(self) -> str:
        """What its numbers begin with."""
        return LETTERS[self]

    @property
    def template(self) -> str:
        return f"{self}.typ"


LETTERS = {
    DocumentKind.QUOTE: "Q",
    DocumentKind.INVOICE: "I",
    DocumentKind.DELIVERY_NOTE: "D",
    DocumentKind.RETURN_INVOICE: "R",
}
NAMES = {
    DocumentKind.QUOTE: Sentence("quote", "見積書"),
    DocumentKind.INVOICE: Sentence("invoice", "請求書"),
    DocumentKind.DELIVERY_NOTE: Sentence("delivery note", "納品書"),
    DocumentKind.RETURN_INVOICE: Sentence("return invoice", "返還請求書"),
}


class Honorific(StrEnum):
    FIRM = "御中"
    PERSON = "様"


class Recipient(Frozen):
    """Whom a document is for, as it is printed."""

    name: str
    honorific: Honorific = Honorific.FIRM
    postal: str = ""
    address: tuple[str, ...] = ()
    person: str = ""


class Slip(Frozen):
    """A delivery note that a summary invoice takes in, with its own bill."""

    number: str
    bill: Bill


class Document(Frozen):
    kind: DocumentKind
    number: str
    """As it is written; a slot's mark until the approval."""
    issued: date
    issuer: Issuer
    recipient: Recipient
    subject: str = ""
    bill: Bill
    slips: tuple[Slip, ...] = ()
    """Delivery notes whose taxes are added up; then the bill has all of their lines."""
    due: date | None = None
    valid_until: date | None = None
    terms: str = ""
    about: Annotated[str, Field(max_length=100)] = ""
    """The number of the document that this one corrects, returns, or came from."""
    corrects: bool = False
    person: str = ""
    """Who is in charge of it at the issuer's."""
    notes: tuple[str, ...] = ()

    @property
    def registration(self) -> str | None:
        """The issuer's registration number for the days of supply. Raises SellerNotRegistered."""
        if self.kind is DocumentKind.QUOTE:
            return None
        return self.issuer.number_for(tuple(line.supplied for line in self.bill.lines))

    @property
    def takes(self) -> tuple[str, ...]:
        """The numbers of the delivery notes that it charges for, each of which is charged once."""
        if self.kind is not DocumentKind.INVOICE:
            return ()
        delivered = self.about.startswith(DocumentKind.DELIVERY_NOTE.letter)
        return (*(slip.number for slip in self.slips), *([self.about] if delivered else ()))

    def totals(self, rates: Rates) -> Totals:
        """Return what it comes to. Raises as ``money.totals.total`` does."""
        if self.slips:
            return summed(total(slip.bill, rates) for slip in self.slips)
        return total(self.bill, rates)
