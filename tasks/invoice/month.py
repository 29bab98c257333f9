"""Month-end: what was delivered to each party becomes one summary invoice."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from errors.document import NothingDelivered, PriceModesMixed
from ledger import documents
from ledger.documents import DocumentState, Found, Search
from ledger.models import PartyRow
from reading.text import LONGEST_VALUE
from tasks.document.day import month_in, said_in_form
from tasks.document.document import Document, DocumentKind, Slip
from tasks.document.drafting import Desk, said
from tasks.document.issue import Wanted

MOST = 10_000
"""Delivery notes that are looked through for one month."""

TypedMonth = Annotated[str, Field(max_length=LONGEST_VALUE), said_in_form(month_in)]


def summaries(desk: Desk, month: str) -> list[Wanted]:
    """Return an invoice for each party of what was delivered in a month and is not invoiced.

    Raises NothingDelivered, PriceModesMixed and NotADay.
    """
    first, last = month_in(month)
    with desk.ledger.read() as tx:
        open_ = _open_notes(tx, first, last)
        rows = {key: tx.get_one(PartyRow, key[0]) for key in open_}
    if not open_:
        raise NothingDelivered(month=month)
    if not desk.head.issued:
        desk.issued, desk.only_on = last, None
    return [_summary(desk, rows[key], notes) for key, notes in open_.items()]


def _open_notes(tx: Session, first: date, last: date) -> dict[tuple[str, str], list[Found]]:
    """Return the delivery notes that no invoice has taken in, by party and currency."""
    delivered = Search(kind=DocumentKind.DELIVERY_NOTE, issued_from=first, issued_to=last)
    notes = documents.search(tx, delivered, MOST)
    taken = documents.taken(tx, [found.row.number for found in notes])
    open_: defaultdict[tuple[str, str], list[Found]] = defaultdict(list)
    for found in notes:
        row = found.row
        if found.state is DocumentState.ISSUED and row.number not in taken:
            open_[row.party_id, row.currency].append(found)
    by_name = sorted(open_, key=lambda key: (open_[key][0].row.party_name, key))
    return {key: sorted(open_[key], key=lambda f: (f.row.issued, f.row.number)) for key in by_name}


def _summary(desk: Desk, party: PartyRow, notes: list[Found]) -> Wanted:
    slips = [_slip(said(found)) for found in notes]
    one = slips[0].bill
    if any(slip.bill.mode is not one.mode for slip in slips):
        raise PriceModesMixed(numbers=", ".join(slip.number for slip in slips))
    lines = tuple(line for slip in slips for line in slip.bill.lines)
    discounts = tuple(discount for slip in slips for discount in slip.bill.discounts)
    bill = one.model_copy(update={"lines": lines, "discounts": discounts})
    wanted = desk.wanted(DocumentKind.INVOICE, party, bill)
    document = wanted.document.model_copy(
        update={"slips": tuple(slips), "notes": (*wanted.document.notes, *_named(slips))}
    )
    return Wanted(document, wanted.party_id, late=wanted.late)


def _slip(note: Document) -> Slip:
    return Slip(number=note.number, bill=note.bill)


def _named(slips: list[Slip]) -> Iterator[str]:
    """Name the delivery notes: with their numbers they are one qualified invoice (1-8-1)."""
    yield f"納品書番号: {'、'.join(slip.number for slip in slips)}"
