"""The effects of a job: intent before the call, outcome after it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from ledger import audit
from ledger.audit import EffectNote
from ledger.database import now
from ledger.leases import Lease, fence
from ledger.models import EffectRow, EffectState, Job
from ledger.plan import Effect, Plan, bind

# Made once: to make them anew in every round of effects took most of a worker's time.
_INTEND = update(EffectRow).where(
    EffectRow.job_id == bindparam("of_job"),
    EffectRow.key.in_(bindparam("of_keys", expanding=True)),
)
_SETTLE = (
    update(EffectRow)
    .where(EffectRow.job_id == bindparam("of_job"), EffectRow.key == bindparam("of_key"))
    # Where an effect was left, people still find it.
    .values(link=func.coalesce(bindparam("found_at"), EffectRow.link))
)
_CANCELLED_BY = select(Job.cancelled_by).where(Job.id == bindparam("of_job"))
_FRUITFUL = update(Job).where(Job.id == bindparam("of_job")).values(fruitless=0)

TOLD = (EffectState.DONE, EffectState.FAILED, EffectState.UNDONE, EffectState.LEFT)
"""The states that the audit tells of."""


@dataclass(frozen=True)
class Step:
    """An effect of a job and how far it is."""

    effect: Effect
    state: EffectState
    error: dict[str, str] | None
    facts: dict[str, Any] | None


@dataclass(frozen=True)
class Settled:
    """What came of an effect: the state it is in, and what there is to say of it."""

    effect: Effect
    state: EffectState
    link: str | None = None
    facts: dict[str, Any] | None = None
    error: dict[str, str] | None = None
    """Why it was refused or left, a sentence in each language."""


Counts = Counter[EffectState]
"""How many effects of a job are in each state."""


def write(tx: Session, job_id: str, plan: Plan, bindings: Mapping[str, str]) -> None:
    """Write down the effects of an approved plan, with its slots bound."""
    if plan.effects:
        tx.execute(
            insert(EffectRow),
            [
                {
                    "job_id": job_id,
                    "key": effect.key,
                    "position": position,
                    "kind": effect.kind,
                    "data": bind(effect.data, bindings),
                    "after": list(effect.after),
                    "state": EffectState.PLANNED,
                }
                for position, effect in enumerate(plan.effects)
            ],
        )


def drop(tx: Session, job_id: str) -> None:
    """Forget the effects of a plan of which nothing was begun."""
    for row in tx.scalars(select(EffectRow).where(EffectRow.job_id == job_id)):
        assert row.state == EffectState.PLANNED, "what was begun is never forgotten"
        tx.delete(row)


def steps(tx: Session, job_id: str) -> list[Step]:
    """Return the job's effects in the plan's order."""
    rows = tx.scalars(
        select(EffectRow).where(EffectRow.job_id == job_id).order_by(EffectRow.position)
    )
    return [
        Step(
            Effect(key=row.key, kind=row.kind, data=row.data, after=tuple(row.after)),
            EffectState(row.state),
            row.error,
            row.facts,
        )
        for row in rows
    ]


def intend(
    tx: Session, lease: Lease, keys: Sequence[str], state: EffectState, seconds: float
) -> bool:
    """Write down that these effects are about to be sent, and make the lease outlast the calls.

    ``seconds`` is the longest that a call takes. False where a person has asked to stop, and
    LeaseLost is raised where the job is another worker's: then nothing may be sent.
    """
    fence(tx, lease, seconds)
    # The fence has written the job's row, so a cancel was committed before it or comes after us.
    if cancel_asked(tx, lease.job):
        return False
    tx.connection().execute(
        _INTEND,
        {
            "of_job": lease.job,
            "of_keys": keys,
            "state": state,
            "attempt": lease.attempt,
            "intended_at": now(),
        },
    )
    return True


def cancel_asked(tx: Session, job_id: str) -> bool:
    """Say whether a person has asked to stop the job."""
    return tx.scalar(_CANCELLED_BY, {"of_job": job_id}) is not None


def settle(tx: Session, lease: Lease, outcomes: Sequence[Settled]) -> None:
    """Write down what came of effects. Raises LeaseLost if the job is another worker's now."""
    fence(tx, lease)
    moment = now()
    connection = tx.connection()
    connection.execute(
        _SETTLE,
        [
            {
                "of_job": lease.job,
                "of_key": outcome.effect.key,
                "state": outcome.state,
                "settled_at": moment,
                "found_at": outcome.link,
                "facts": outcome.facts,
                "error": outcome.error,
            }
            for outcome in outcomes
        ],
    )
    connection.execute(_FRUITFUL, {"of_job": lease.job})
    audit.note_effects(
        tx,
        lease.job,
        [
            EffectNote(each.effect.key, each.effect.kind, each.state, each.link, each.error)
            for each in outcomes
            if each.state in TOLD
        ],
    )


def reopen(tx: Session, job_id: str) -> None:
    """Let what was refused be tried again."""
    refused = EffectRow.state == EffectState.FAILED
    tx.execute(
        update(EffectRow)
        .where(EffectRow.job_id == job_id, refused)
        .values(state=EffectState.PLANNED, error=None)
    )


def answer(tx: Session, job_id: str, key: str, *, happened: bool) -> bool:
    """Take a person's word for whether an effect happened; False if it is not open."""
    changed = tx.connection().execute(
        update(EffectRow)
        .where(
            EffectRow.job_id == job_id,
            EffectRow.key == key,
            EffectRow.state == EffectState.INTENDED,
        )
        .values(state=EffectState.DONE if happened else EffectState.PLANNED, settled_at=now())
    )
    return bool(changed.rowcount)


def counts(tx: Session, job_id: str) -> Counts:
    """Return how many of the job's effects are in each state; none before an approval."""
    counted = (
        select(EffectRow.state, func.count())
        .where(EffectRow.job_id == job_id)
        .group_by(EffectRow.state)
    )
    return Counter({EffectState(state): n for state, n in tx.execute(counted)})


def link(tx: Session, job_id: str, key: str) -> str | None:
    """Return where people find what an effect made."""
    there = EffectRow.state.in_((EffectState.DONE, EffectState.LEFT))
    found = select(EffectRow.link).where(EffectRow.job_id == job_id, EffectRow.key == key, there)
    return tx.scalar(found)
