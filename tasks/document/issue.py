"""A plan that issues documents: each gets a number, a PDF, and a file in its folder."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from effects.glyphs import demand_printable
from errors.document import IssuerIsSample, NotWithheld, SignOfReturn
from ledger.documents import FILED
from ledger.plan import Content, Draft, Effect, Note, Plan, Slot
from money.amount import YEN, Money
from money.rounding import Rounding
from money.totals import Totals
from tasks.base import Look
from tasks.document.accounting import Books, OwnRegister
from tasks.document.document import NAMES, Document, DocumentKind
from tasks.document.issuer import FILE
from tasks.document.office import Office
from tasks.document.paper import amount, paper, plain, printed, texts
from tasks.document.register import Register
from tasks.document.said import frozen
from tasks.document.shelf import Shelf
from tasks.file_name import INVISIBLE, WINDOWS_SIGNS

BOOKS: Books = OwnRegister()


@dataclass(frozen=True)
class Wanted:
    """A document to be issued, still without a number."""

    document: Document
    party_id: str
    project: str = ""
    late: bool = False
    """Whether it is paid later than the law allows where it protects the seller."""


def slot_for(kind: DocumentKind, at: int | None = None) -> Slot:
    """Return the slot of a document's number; ``at`` tells those of one plan apart."""
    name = "number" if at is None else f"number-{at}"
    pattern = f"{kind.letter}-{{year}}-{{number:04}}"
    return Slot(name=name, series=kind, pattern=pattern)


def plan_of(
    wanted: Sequence[Wanted],
    look: Look,
    office: Office,
    subject: str = "",
    *,
    day: date | None = None,
    notes: Iterable[Note] = (),
) -> Plan:
    """Return the plan that issues these documents; it is about ``subject``, or the first one's.

    ``day`` is the only one it is good for, if any.

    Raises IssuerIsSample, what ``money.totals.total`` raises, SellerNotRegistered, NotWithheld,
    SignOfReturn, Unprintable, ProjectUnknown, and what ``open_place`` and ``Register.open`` raise.
    """
    if office.issuer.sample and not look.setting.simulated:
        raise IssuerIsSample(name=office.issuer.name, file=FILE)
    register = Register.open(look)
    layout = look.keep(office.layout.packed)
    shelves: dict[str, Shelf] = {}
    slots: list[Slot] = []
    drafts: list[Draft] = []
    effects: list[Effect] = []
    whole = 0
    for at, each in enumerate(wanted, 1):
        slot = slot_for(each.document.kind, at if len(wanted) > 1 else None)
        document = each.document.model_copy(update={"number": slot.mark})
        totals = document.totals(office.rates)
        _demand_issuable(document, totals)
        words = paper(document, totals)
        demand_printable(text.replace(slot.mark, "") for text in texts(words))
        content = look.keep(printed(words).encode(), slots=True)
        draft = _draft(each, document, totals)
        if each.project not in shelves:
            shelves[each.project] = Shelf.open(look, each.project)
        whole += _in_yen(document, totals)
        slots.append(slot)
        drafts.append(draft)
        shelf = shelves[each.project]
        issue, upload = _effects(draft, document, content, layout, shelf)
        effects += [issue, upload]
        if register is not None:
            effects.append(register.row(draft, shelf.address(upload), upload))
        effects += BOOKS.entries(draft, issue)
    first = " ".join(filter(None, (drafts[0].party_name, wanted[0].document.subject)))
    return Plan(
        effects=tuple(effects),
        slots=tuple(slots),
        headline=effects[1].key if len(wanted) == 1 else None,
        amount=whole,
        notes=tuple(notes),
        documents=tuple(drafts),
        subject=(subject or first)[:200],
        day=day,
    )


def _demand_issuable(document: Document, totals: Totals) -> None:
    if totals.withheld.minor and not document.issuer.individual:
        raise NotWithheld
    if document.kind is DocumentKind.RETURN_INVOICE and totals.gross.minor >= 0:
        raise SignOfReturn


def _draft(wanted: Wanted, document: Document, totals: Totals) -> Draft:
    return Draft(
        number=document.number,
        kind=document.kind,
        party_id=wanted.party_id,
        party_name=document.recipient.name,
        issued=document.issued,
        due=document.due,
        currency=totals.currency,
        amount=totals.gross.minor,
        payable=totals.payable.minor,
        project=wanted.project or None,
        about=document.about or None,
        corrects=document.corrects,
        takes=document.takes,
        data=frozen(document, totals, late=wanted.late),
    )


def _effects(
    draft: Draft, document: Document, words: Content, layout: Content, shelf: Shelf
) -> tuple[Effect, Effect]:
    """Return what issues one document: its PDF, and the file in its folder."""
    whole = Money(draft.amount, draft.currency)
    label = f"{NAMES[document.kind].ja} {draft.party_name} {amount(whole)}"
    issue = Effect(
        key=draft.number,
        kind="document",
        data={
            "number": draft.number,
            "label": label,
            "file": document.kind.template,
            "words": words.model_dump(mode="json"),
            "layout": layout.model_dump(mode="json"),
            "issued": draft.issued.isoformat(),
        },
    )
    # Day, party and amount in the name: so it can be searched for on a disk, too (電子帳簿保存法).
    name = f"{draft.issued:%Y%m%d}_{_safe(draft.party_name)}_{plain(whole).replace(',', '')}_{draft.number}.pdf"
    content = words.model_copy(update={"document": draft.number})
    return issue, shelf.put(f"{draft.number}{FILED}", name, content, after=issue.key)


def _in_yen(document: Document, totals: Totals) -> int:
    """Return the whole yen by the document's own rate; the office's decides who may approve."""
    rate = 1 if totals.currency == YEN else document.bill.yen_rate or 1
    return Rounding.UP.whole(Fraction(totals.gross.units) * Fraction(rate))


def _safe(name: str) -> str:
    """Return a party's name as a part of a file's name: short, and without what none may hold."""
    refused = {*WINDOWS_SIGNS, *"/\\."}
    signs = (s for s in name if s not in refused and unicodedata.category(s) not in INVISIBLE)
    return "".join(signs)[:40].strip()
