"""What a dialog is filled in with where it is about a document that there is already."""

from money.amount import Money
from tasks.base import Answers
from tasks.document.document import Document, DocumentKind
from tasks.document.paper import number


def head_of(document: Document, project: str) -> Answers:
    """Return what the first page says of a document like this one."""
    bill = document.bill
    off = Money(sum(discount.minor for discount in bill.discounts), bill.currency)
    return {
        "party": document.recipient.name,
        "subject": document.subject,
        "project": project,
        "mode": bill.mode,
        "discount": number(off.units) if off.minor else None,
        "currency": bill.currency,
        "yen_rate": None if bill.yen_rate is None else number(bill.yen_rate),
    }


def line_of(document: Document, at: int) -> Answers:
    """Return the page of one of its lines; nothing after the last."""
    lines = document.bill.lines
    if at >= len(lines):
        return {}
    line = lines[at]
    # What is only offered has not been supplied; it is on the day of the invoice.
    supplied = "" if document.kind is DocumentKind.QUOTE else line.supplied.isoformat()
    return {
        "text": line.text,
        "quantity": number(line.quantity),
        "unit": line.unit,
        "price": number(line.price),
        "category": line.category,
        "supplied": supplied,
        "withheld": line.withheld,
        "more": at + 1 < len(lines),
    }
