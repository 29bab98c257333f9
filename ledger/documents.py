"""Documents: frozen by the approval, issued when their file is stored, searched by law.

No row of them is ever changed (the migration's triggers see to it), so a document's state is not
kept but follows: from its number, its file, and what was issued about it since.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import eq, ge, le
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from errors.document import DocumentUnknown, RestedOn, TakenSince
from ledger import audit, numbers
from ledger.columns import LARGEST
from ledger.database import now
from ledger.models import (
    DocumentFile,
    DocumentRow,
    EffectRow,
    EffectState,
    Job,
    JobState,
    Number,
    TakenDocument,
)
from ledger.plan import SLOT_CLOSES, SLOT_OPENS, Plan, bind

CHAIN = "document-chain"
"""The series that counts the links of the chain."""
FIRST = "0" * 64
FILED = "/pdf"
"""What the key of the effect that files a document ends with, behind its slot."""


class DocumentState(StrEnum):
    """Before that it is a draft or waits for approval: then it is its job that has a state."""

    ISSUING = "issuing"
    ISSUED = "issued"
    CORRECTED = "corrected"
    VOID = "void"


@dataclass(frozen=True)
class Found:
    row: DocumentRow
    state: DocumentState
    why: str | None = None
    """Why it is void, as it was typed."""


@dataclass(frozen=True)
class Search:
    """What people look for; the law wants day, amount and party, with ranges, and all at once."""

    kind: str | None = None
    party: str = ""
    """Words of the party's name."""
    issued_from: date | None = None
    issued_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    number: str | None = None
    currency: str | None = None


def freeze(tx: Session, job_id: str, plan: Plan, bindings: Mapping[str, str]) -> None:
    """Write down the documents of an approved plan, with their numbers bound."""
    moment = now()
    for draft in plan.documents:
        number = bind(draft.number, bindings)
        values = vars(draft) | {"number": number, "data": bind(draft.data, bindings)}
        takes = values.pop("takes")
        tx.add(DocumentRow(**values, job_id=job_id, frozen_at=moment))
        tx.add_all(TakenDocument(number=number, taken=each) for each in takes)


def outdated(tx: Session, plan: Plan) -> bool:
    """Say whether a plan rests on documents that are spent by now.

    That is: void, about to be, corrected, or taken in by another one.
    """
    return any(_spent(tx, draft.about, draft.takes) for draft in plan.documents)


def demand_free(tx: Session, job_id: str) -> None:
    """Raise TakenSince if what a stopped job was still to issue rests on what is spent by now."""
    for found in of_job(tx, job_id):
        if found.state is DocumentState.VOID:
            number = found.row.number
            its = select(TakenDocument.taken).where(TakenDocument.number == number)
            if spent := _spent(tx, found.row.about, tx.scalars(its).all()):
                raise TakenSince(number=number, spent=spent)


def demand_unused(tx: Session, job_id: str) -> None:
    """Raise RestedOn if another job's document, which is not void, rests on one of this job's.

    They are locked until the transaction's end, as ``outdated`` locks them.
    """
    its = select(DocumentRow.number).where(DocumentRow.job_id == job_id)
    tx.execute(its.order_by(DocumentRow.number).with_for_update())
    by = aliased(DocumentRow)
    about = by.about.in_(its)
    resting = (
        select(by.number, case((about, by.about), else_=TakenDocument.taken))
        .join(Number, _its(Number, by))
        .outerjoin(TakenDocument, TakenDocument.number == by.number)
        .where(by.job_id != job_id, Number.void_at.is_(None))
        .where(or_(about, TakenDocument.taken.in_(its)))
    )
    for number, on in tx.execute(resting.order_by(by.number).limit(1)):
        raise RestedOn(number=on, by=number)


def withdraw(tx: Session, job_id: str) -> None:
    """Make a stopped job's numbers void, but not those of documents that are issued."""
    issued = [f.row.number for f in of_job(tx, job_id) if f.state is not DocumentState.ISSUING]
    numbers.void(tx, job_id, but=issued)


def store(tx: Session, files: Mapping[str, bytes]) -> None:
    """Keep the files of documents by their numbers, and chain them; those that are there stay."""
    there = select(DocumentFile.number).where(DocumentFile.number.in_(files))
    for number in files.keys() - set(tx.scalars(there)):
        position = numbers.count(tx, CHAIN, numbers.NO_YEAR)
        if tx.get(DocumentFile, number):  # by another worker, while we waited for the count
            continue
        before = select(DocumentFile.link).order_by(DocumentFile.position.desc()).limit(1)
        sha256 = hashlib.sha256(files[number]).hexdigest()
        row = tx.get_one(DocumentRow, number)
        tx.add(
            DocumentFile(
                number=number,
                position=position,
                pdf=files[number],
                sha256=sha256,
                link=_link(tx.scalar(before) or FIRST, row, sha256),
                stored_at=now(),
            )
        )
        tx.flush()


def pdf(tx: Session, number: str) -> bytes:
    """Return the document's file. Raises NoResultFound if it has none yet."""
    return tx.scalars(select(DocumentFile.pdf).where(DocumentFile.number == number)).one()


def stored(tx: Session, of: Collection[str]) -> dict[str, str]:
    """Return the sha256 of those documents' files that are there, by number."""
    columns = select(DocumentFile.number, DocumentFile.sha256)
    rows = tx.execute(columns.where(DocumentFile.number.in_(of)))
    return {row.number: row.sha256 for row in rows}


def broken_links(tx: Session) -> Iterator[str]:
    """Yield the numbers of documents that are not what was chained, with all that follow a gap."""
    before = FIRST
    both = select(DocumentFile, DocumentRow).join(
        DocumentRow, DocumentRow.number == DocumentFile.number
    )
    for file, row in tx.execute(both.order_by(DocumentFile.position)):
        whole = hashlib.sha256(file.pdf).hexdigest() == file.sha256
        if not whole or file.link != _link(before, row, file.sha256):
            yield file.number
        before = file.link


def find(tx: Session, number: str) -> Found:
    """Return a document by its number. Raises DocumentUnknown."""
    found = tx.execute(_documents().where(DocumentRow.number == number)).first()
    if found is None:
        raise DocumentUnknown(number=number)
    return _found(found)


def of_job(tx: Session, job_id: str) -> list[Found]:
    """Return the documents that a job was approved to issue, by number."""
    its = _documents().where(DocumentRow.job_id == job_id).order_by(DocumentRow.number)
    return [_found(row) for row in tx.execute(its)]


def following(tx: Session, number: str) -> list[Found]:
    """Return the documents that are about another one, by number."""
    its = _documents().where(DocumentRow.about == number).order_by(DocumentRow.number)
    return [_found(row) for row in tx.execute(its)]


def taken(tx: Session, of: Collection[str]) -> set[str]:
    """Return those of the documents that another one has taken in."""
    by = aliased(DocumentRow)
    there = (
        select(TakenDocument.taken)
        .join(by, by.number == TakenDocument.number)
        .join(Number, _its(Number, by))
        .where(TakenDocument.taken.in_(of), Number.void_at.is_(None))
    )
    return set(tx.scalars(there))


def latest(
    tx: Session, kind: str, *, party: str | None = None, project: str | None = None
) -> Found | None:
    """Return the newest document of a kind that is not void: of a party, or about a project."""
    of = DocumentRow.party_id == party if party else DocumentRow.project == project
    wanted = _documents().where(DocumentRow.kind == kind, of, Number.void_at.is_(None))
    order = wanted.order_by(DocumentRow.issued.desc(), DocumentRow.frozen_at.desc())
    found = tx.execute(order.limit(1)).first()
    return _found(found) if found else None


def search(
    tx: Session, wanted: Search, most: int = 100, of_jobs: Select[Any] | None = None
) -> list[Found]:
    """Return the documents that answer to everything that is wanted, newest first.

    ``of_jobs`` selects the ids of those jobs whose documents may be found, if not all.
    """
    conditions: list[ColumnElement[bool]] = [
        DocumentRow.party_name.contains(word, autoescape=True) for word in wanted.party.split()
    ]
    compared: tuple[tuple[InstrumentedAttribute[Any], Callable[..., Any], Any], ...] = (
        (DocumentRow.number, eq, wanted.number),
        (DocumentRow.kind, eq, wanted.kind),
        (DocumentRow.currency, eq, wanted.currency),
        (DocumentRow.issued, ge, wanted.issued_from),
        (DocumentRow.issued, le, wanted.issued_to),
        (DocumentRow.amount, ge, _kept(wanted.amount_from)),
        (DocumentRow.amount, le, _kept(wanted.amount_to)),
    )
    conditions += [of(column, value) for column, of, value in compared if value is not None]
    if of_jobs is not None:
        conditions.append(DocumentRow.job_id.in_(of_jobs))
    order = _documents().where(*conditions).order_by(DocumentRow.issued.desc(), DocumentRow.number)
    return [_found(row) for row in tx.execute(order.limit(most))]


def links(tx: Session, of: Collection[str]) -> dict[str, str]:
    """Return where people find the documents' files, by number."""
    its = literal(SLOT_OPENS) + Number.slot + SLOT_CLOSES + FILED
    there = (
        select(DocumentRow.number, EffectRow.link)
        .join(Number, _its(Number, DocumentRow))
        .join(EffectRow, and_(EffectRow.job_id == DocumentRow.job_id, EffectRow.key == its))
        .where(DocumentRow.number.in_(of), EffectRow.state == EffectState.DONE)
    )
    return {number: link for number, link in tx.execute(there) if link}


def _kept(amount: int | None) -> int | None:
    """Return an amount as far as the column goes; no document says more."""
    return amount if amount is None else min(max(amount, -LARGEST), LARGEST)


def _spent(tx: Session, about: str | None, takes: Collection[str]) -> str | None:
    """Return the first document of these on which no other can rest any more.

    Their rows are locked until the transaction's end, so of two who tap at once one is refused.
    """
    of = {*takes, *filter(None, [about])}
    locked = select(DocumentRow.number).where(DocumentRow.number.in_(of))
    tx.execute(locked.order_by(DocumentRow.number).with_for_update())
    taking_back = select(DocumentRow.number).join(Job).where(Job.state == JobState.UNDOING)
    spent = {*taken(tx, takes), *tx.scalars(taking_back.where(DocumentRow.number.in_(of)))}
    for row in tx.execute(_documents().where(DocumentRow.number.in_(of))):
        found = _found(row)
        if found.state is not DocumentState.ISSUED:
            spent.add(found.row.number)
    return min(spent, default=None)


def _link(before: str, row: DocumentRow, sha256: str) -> str:
    says = json.dumps(row.data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{before}\n{row.number}\n{says}\n{sha256}".encode()).hexdigest()


def _documents() -> Select[Any]:
    """Select documents with what their state follows from."""
    correction, its_number = aliased(DocumentRow), aliased(Number)
    corrected = (
        select(func.count())
        .select_from(correction)
        .join(its_number, _its(its_number, correction))
        .where(
            correction.about == DocumentRow.number,
            correction.corrects,
            its_number.void_at.is_(None),
        )
        .correlate(DocumentRow)
        .scalar_subquery()
    )
    filed = DocumentFile.number.is_not(None)
    why = audit.reason(DocumentRow.job_id)
    return (
        select(DocumentRow, Number.void_at, filed, corrected, why)
        .join(Number, _its(Number, DocumentRow))
        .outerjoin(DocumentFile, DocumentFile.number == DocumentRow.number)
    )


def _its(number: type[Number], document: type[DocumentRow]) -> ColumnElement[bool]:
    return and_(number.job_id == document.job_id, number.written == document.number)


def _found(row: Any) -> Found:
    document, void_at, filed, corrected, why = row
    if void_at is not None:
        return Found(document, DocumentState.VOID, why and why["en"])
    if not filed:
        state = DocumentState.ISSUING
    else:
        state = DocumentState.CORRECTED if corrected else DocumentState.ISSUED
    return Found(document, state)
