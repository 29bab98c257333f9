"""The register in a sheet (取引台帳): a row for each document that is issued.

The ledger's own register is the book; the sheet shows it to those who work in Sheets.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from effects.sheet import RegisterRow
from effects.sheet_writing import SheetRowData
from ledger.plan import Draft, Effect
from money.amount import Money
from money.totals import Totals
from tasks.base import Look
from tasks.document.document import NAMES, Document
from tasks.document.listing import Listing
from tasks.document.paper import amount
from tasks.document_sheets import RegisterSheet
from tasks.schedule.dates import serial
from workspace.sheets import Cell

NUMBER, STATE = "number", "state"
DATES = ("issued", "due")


@dataclass(frozen=True)
class Register:
    """The sheet as it was when the documents were planned."""

    place: RegisterSheet
    listing: Listing

    @classmethod
    def open(cls, look: Look) -> "Register | None":
        """Return the register; None where none is set. Raises as ``Listing.read`` does."""
        place = look.setting.document_sheets.documents
        if place is None:
            return None
        return cls(place, Listing.read(place, look.google_sheets, (NUMBER, STATE)))

    def row(
        self, draft: Draft, document: Document, totals: Totals, upload: Effect, file: str
    ) -> Effect:
        """Return what enters a document once its PDF is where ``file`` says."""
        place, headers = self.place, self.listing.headers
        said = {STATE: place.valid, "file": file, **_said(draft, document, totals)}
        whole = amount(Money(draft.amount, draft.currency))
        data = SheetRowData(
            spreadsheet=place.spreadsheet,
            tab=self.listing.tab.id,
            title=self.listing.tab.title,
            key_header=headers[NUMBER],
            key=draft.number,
            present=None,
            cells={headers[name]: ("", cell) for name, cell in said.items() if name in headers},
            dates=tuple(headers[name] for name in DATES if name in headers and said[name]),
            shown=f"{draft.number} {draft.party_name} {whole}",
            agrees=None,
            instead={headers[STATE]: (place.valid, place.void)},
        )
        return Effect(
            key=f"{draft.number}/row",
            kind=RegisterRow.name,
            data=data.model_dump(mode="json"),
            after=(upload.key,),
        )


def _said(draft: Draft, document: Document, totals: Totals) -> Mapping[str, Cell]:
    """Return what the cells say: days and amounts as numbers, the rest as texts."""
    return {
        "kind": NAMES[document.kind].ja,
        "issued": serial(draft.issued),
        "party": draft.party_name,
        "subject": document.subject,
        "currency": draft.currency,
        "net": _number(totals.net),
        "tax": _number(totals.tax),
        "gross": _number(totals.gross),
        "payable": _number(totals.payable),
        "due": serial(draft.due) if draft.due else "",
        "project": draft.project or "",
        "about": draft.about or "",
    }


def _number(money: Money) -> int | float:
    units = money.units
    return int(units) if units == int(units) else float(units)
