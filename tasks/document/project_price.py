"""The project's price: what the schedule says of a project, as a document's one line."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cards.sentences import Sentence
from errors.document import PartyUnknown
from errors.listing import CustomerUnknown, ProjectNotScheduled, ProjectUnpriced
from ledger import documents, parties, projects
from ledger.database import Ledger
from ledger.plan import Note
from money.amount import YEN, Money
from reading.text import normal
from tasks.document.document import DocumentKind
from tasks.document.pages import Head, LinePage, Source
from tasks.document.paper import amount
from tasks.document.prices import in_yen

UNIT = "式"
CHARGED = Sentence(
    "⚠ The project {project} was invoiced before: {number}, {amount}.",
    "⚠ 案件 {project} にはすでに請求書 {number}（{amount}）があります。二重請求にならないかご確認ください。",
)
LONGEST = 200
"""Characters of a line's text, and fewer of a subject."""


def from_project(head: Head, ledger: Ledger) -> dict[str, Any]:
    """Return what the form would say if the project's one line had been typed.

    Raises ProjectNotScheduled, ProjectUnpriced, PricedOtherwise, CustomerUnknown and PartyUnclear.
    """
    typed = normal(head.project).strip()
    with ledger.read() as tx:
        key = next((key for key in (typed, typed.upper()) if projects.find(tx, key)), None)
        if key is None:
            raise ProjectNotScheduled(project=typed)
        said = projects.find(tx, key) or {}
        if not int(said["amount"] or 0):
            raise ProjectUnpriced(project=key)
        name = said["name"] or key
        if head.currency != YEN:
            raise in_yen(name, head.currency)
        try:
            party = head.party or parties.named(tx, said["customer"]).name
        except PartyUnknown as error:
            raise CustomerUnknown(project=key, customer=said["customer"]) from error
    line = LinePage(
        text=name[:LONGEST],
        quantity=Decimal(1),
        unit=UNIT,
        price=Decimal(said["amount"]),
        supplied=said["due"],
    )
    subject = head.subject or name[:100]
    return {
        "source": Source.TYPED,
        "party": party,
        "project": key,
        "subject": subject,
        "lines": (line,),
    }


def charged_before(ledger: Ledger, project: str) -> Iterator[Note]:
    """Yield what to say of a project that is to be invoiced and was before."""
    with ledger.read() as tx:
        last = documents.latest(tx, DocumentKind.INVOICE, project=project) if project else None
    if last is not None:
        whole = amount(Money(last.row.amount, last.row.currency))
        said = {"project": project, "number": last.row.number, "amount": whole}
        yield Note(en=CHARGED.say("en", **said), ja=CHARGED.say("ja", **said))
