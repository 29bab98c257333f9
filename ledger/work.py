"""The effects of a job: intent before the call, outcome after it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from ledger.database import now
from ledger.leases import Lease, fence
from ledger.models import EffectRow, EffectState, Job
from ledger.plan import Effect, Plan, bind

# Made once: to make them anew in every round of effects took most of a worker's time.
_INTEND = update(EffectRow).where(
    EffectRow.job_id == bindparam("of_job"),
    EffectRow.key.in_(bindparam("of_keys", expanding=True)),
)
_SETTLE = update(EffectRow).where(
    EffectRow.job_id == bindparam("of_job"), EffectRow.key == bindparam("of_key")
)
_FRUITFUL = update(Job).where(Job.id == bindparam("of_job")).values(fruitless=0)


@dataclass(frozen=True)
class Step:
    """An effect of a job and how far it is."""

    effect: Effect
    state: EffectState
    error: dict[str, str] | None


@dataclass(frozen=True)
class Settled:
    """What came of an effect: done, with its link and facts, or refused, with the sentence."""

    key: str
    link: str | None = None
    facts: dict[str, Any] | None = None
    error: dict[str, str] | None = None


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
        )
        for row in rows
    ]


def intend(tx: Session, lease: Lease, keys: Sequence[str], seconds: float) -> None:
    """Write down that these effects are about to be sent, and make the lease outlast the calls.

    ``seconds`` is the longest that a call takes. Raises LeaseLost: then nothing may be sent.
    """
    fence(tx, lease, seconds)
    tx.connection().execute(
        _INTEND,
        {
            "of_job": lease.job,
            "of_keys": keys,
            "state": EffectState.INTENDED,
            "attempt": lease.attempt,
            "intended_at": now(),
        },
    )


def settle(tx: Session, lease: Lease, outcomes: Iterable[Settled]) -> None:
    """Write down what came of effects. Raises LeaseLost if the job is another worker's now."""
    fence(tx, lease)
    moment = now()
    connection = tx.connection()
    connection.execute(
        _SETTLE,
        [
            {
                "of_job": lease.job,
                "of_key": outcome.key,
                "state": EffectState.FAILED if outcome.error else EffectState.DONE,
                "settled_at": moment,
                "link": outcome.link,
                "facts": outcome.facts,
                "error": outcome.error,
            }
            for outcome in outcomes
        ],
    )
    connection.execute(_FRUITFUL, {"of_job": lease.job})


def progress(tx: Session, job_id: str) -> tuple[int, int]:
    """Return how many of the job's effects are done, and how many there are."""
    done = func.count().filter(EffectRow.state == EffectState.DONE)
    row = tx.execute(select(done, func.count()).where(EffectRow.job_id == job_id)).one()
    return row[0], row[1]


def done_keys(tx: Session, job_id: str) -> set[str]:
    """Return the keys of the job's effects that are done."""
    done = EffectRow.state == EffectState.DONE
    return set(tx.scalars(select(EffectRow.key).where(EffectRow.job_id == job_id, done)))


def links(tx: Session, job_id: str) -> dict[str, str]:
    """Return the links of the job's done effects by their key."""
    rows = tx.execute(
        select(EffectRow.key, EffectRow.link).where(
            EffectRow.job_id == job_id, EffectRow.link.is_not(None)
        )
    )
    return {key: link for key, link in rows if link}
