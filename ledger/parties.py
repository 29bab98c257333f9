"""Parties: whom the office trades with, by name."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from errors.document import PartyUnclear, PartyUnknown
from ledger.database import new_id, now
from ledger.models import PartyRow
from reading.text import same


def save(tx: Session, name: str, details: Mapping[str, Any]) -> str:
    """Write a party down, or what has changed of it; return its id."""
    row = tx.scalars(select(PartyRow).where(PartyRow.name == name)).one_or_none()
    if row is None:
        row = PartyRow(id=new_id(), name=name, details={}, changed_at=now())
        tx.add(row)
    row.details = dict(details)
    row.changed_at = now()
    tx.flush()
    return row.id


def named(tx: Session, words: str) -> PartyRow:
    """Return the party of this name, or the only one whose name holds these words.

    Raises PartyUnknown and PartyUnclear.
    """
    wanted = plain(words)
    rows = [row for row in tx.scalars(select(PartyRow)) if wanted in plain(row.name)]
    exact = [row for row in rows if plain(row.name) == wanted]
    if not rows or not wanted:
        raise PartyUnknown(words=words)
    if not exact and len(rows) > 1:
        raise PartyUnclear(words=words, known="、".join(row.name for row in rows[:5]))
    return (exact or rows)[0]


def every(tx: Session) -> list[PartyRow]:
    """Return the parties by name."""
    return list(tx.scalars(select(PartyRow).order_by(PartyRow.name)))


def plain(name: str) -> str:
    """Return a name as it is compared: ㈱ is 株式会社, and blanks and widths do not matter."""
    whole = name.replace("㈱", "株式会社").replace("㈲", "有限会社")
    return same(whole)
