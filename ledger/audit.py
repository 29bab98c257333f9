"""The audit: what happened, who wanted it, what came of it. It only grows.

Each change of a job notes itself here in its own transaction, so nothing is done unseen and
nothing is noted that was not done. The migration's trigger refuses any other statement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ScalarSelect, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ledger.database import now
from ledger.models import AuditRow

_NOTE = insert(AuditRow)


class What(StrEnum):
    """Everything that is noted; ``docs/audit.md`` says what each word means."""

    ASKED = "asked"
    PLANNED = "planned"
    EDITED = "edited"
    APPROVED = "approved"
    DISCARDED = "discarded"
    REMINDED = "reminded"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    RETRIED = "retried"
    UNSURE = "unsure"
    ANSWERED = "answered"
    DONE = "done"
    FAILED = "failed"
    UNDO_ASKED = "undo_asked"
    UNDONE = "undone"
    ASKED_AGAIN = "asked_again"
    RESTORED = "restored"
    EFFECT_DONE = "effect.done"
    EFFECT_FAILED = "effect.failed"
    EFFECT_UNDONE = "effect.undone"
    EFFECT_LEFT = "effect.left"

    @property
    def outcome(self) -> str | None:
        """What came of an effect: ``done``, ``failed``, ``undone``, ``left``; None of a job."""
        of, _, outcome = self.partition(".")
        return outcome if of == "effect" else None


@dataclass(frozen=True)
class Who:
    """A person, by Chat's name and as they are called."""

    name: str
    called: str


def note(
    tx: Session,
    job_id: str,
    what: What,
    who: Who | None = None,
    *,
    plan: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note what happened to a job; ``who`` is None where Kakari did it by itself."""
    tx.connection().execute(
        _NOTE,
        {
            "at": now(),
            "job_id": job_id,
            "what": what,
            "who": who.name if who else None,
            "who_name": who.called if who else None,
            "plan_hash": plan,
            "details": dict(details) if details else None,
        },
    )


def reason(job_id: str | InstrumentedAttribute[str]) -> ScalarSelect[Any]:
    """Return the query for why a job was taken back: what was typed, in each language the same."""
    asked = select(AuditRow.details).where(
        AuditRow.job_id == job_id, AuditRow.what == What.UNDO_ASKED
    )
    return asked.order_by(AuditRow.id.desc()).limit(1).scalar_subquery()


@dataclass(frozen=True)
class EffectNote:
    """What came of one effect."""

    key: str
    kind: str
    what: str
    """The state it came into: ``done``, ``failed``, ``undone``, ``left``."""
    link: str | None = None
    why: Mapping[str, str] | None = None
    """The sentence of a refusal in each language."""


def note_effects(tx: Session, job_id: str, notes: Iterable[EffectNote]) -> None:
    moment = now()
    rows = [
        {
            "at": moment,
            "job_id": job_id,
            "what": What(f"effect.{each.what}"),
            "effect": each.key,
            "kind": each.kind,
            "link": each.link,
            "details": dict(each.why) if each.why else None,
        }
        for each in notes
    ]
    if rows:
        tx.connection().execute(_NOTE, rows)
