"""The register in a sheet (取引台帳): a row for each document that is issued.

The ledger's own register is the book; the sheet shows it to those who work in Sheets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from effects.sheet import RegisterRow
from effects.sheet_writing import SheetRowData
from ledger.models import DocumentRow
from ledger.plan import Draft, Effect
from money.amount import Money
from tasks.base import Look
from tasks.document.document import NAMES, DocumentKind
from tasks.document.listing import ListedRow, Listing
from tasks.document.paper import amount
from tasks.document.said import FrozenDocument
from tasks.document_sheets import RegisterSheet
from tasks.schedule.dates import serial
from workspace.sheets import Cell

NUMBER, STATE = "number", "state"
DATES = ("issued", "due")

Entered = Draft | DocumentRow
"""A document that is to be issued, or was."""


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
        return cls(place, Listing.read(place, look.google_sheets))

    def row(self, of: Entered, file: str, upload: Effect) -> Effect:
        """Return what enters a document that is issued, once its PDF is where ``file`` says."""
        place, state = self.place, self.listing.headers[STATE]
        data = self._added(of, file, place.valid)
        # A row is never taken away: a document that becomes void says so.
        data = data.model_copy(update={"instead": {state: (place.valid, place.void)}})
        return _effect(data, after=(upload.key,))

    def missing(self, of: Entered, file: str, *, void: bool) -> Effect:
        """Return what adds the row of a document that was issued before."""
        return _effect(self._added(of, file, self._state(void=void)))

    def corrected(self, row: ListedRow, of: Entered, *, void: bool) -> Effect | None:
        """Return what puts a row's state right; None where it is, or a person has typed another."""
        said, becomes = row.cell(STATE), self._state(void=void)
        if said == becomes or said not in (self.place.valid, self.place.void):
            return None
        state = self.listing.headers[STATE]
        shown = f"{of.number} {state}: {said} → {becomes}"
        return _effect(
            self._row(of.number, present=of.number, cells={state: (said, becomes)}, shown=shown)
        )

    def _state(self, *, void: bool) -> str:
        return self.place.void if void else self.place.valid

    def _added(self, of: Entered, file: str, state: str) -> SheetRowData:
        headers = self.listing.headers
        said = {STATE: state, "file": file, **_said(of)}
        whole = amount(Money(of.amount, of.currency))
        return self._row(
            of.number,
            present=None,
            cells={headers[name]: ("", cell) for name, cell in said.items() if name in headers},
            dates=tuple(headers[name] for name in DATES if name in headers and said[name]),
            shown=f"{of.number} {of.party_name} {whole}",
        )

    def _row(self, number: str, **more: Any) -> SheetRowData:
        return SheetRowData(
            spreadsheet=self.place.spreadsheet,
            tab=self.listing.tab.id,
            title=self.listing.tab.title,
            key_header=self.listing.headers[NUMBER],
            key=number,
            agrees=None,
            **more,
        )


def _effect(data: SheetRowData, after: tuple[str, ...] = ()) -> Effect:
    body = data.model_dump(mode="json")
    return Effect(key=f"{data.key}/row", kind=RegisterRow.name, data=body, after=after)


def _said(of: Entered) -> Mapping[str, Cell]:
    """Return what the cells say: days and amounts as numbers, the rest as texts."""
    whole = FrozenDocument.model_validate(of.data)
    return {
        "kind": NAMES[DocumentKind(of.kind)].ja,
        "issued": serial(of.issued),
        "party": of.party_name,
        "subject": whole.document.subject,
        "currency": of.currency,
        "net": _number(sum(group.net for group in whole.groups), of.currency),
        "tax": _number(sum(group.tax for group in whole.groups), of.currency),
        "gross": _number(of.amount, of.currency),
        "payable": _number(of.payable, of.currency),
        "due": serial(of.due) if of.due else "",
        "project": of.project or "",
        "about": of.about or "",
    }


def _number(minor: int, currency: str) -> int | float:
    units = Money(minor, currency).units
    return int(units) if units == int(units) else float(units)
