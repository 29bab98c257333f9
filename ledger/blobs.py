"""Rendered bytes, named by what they are, kept as long as a live plan names them."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from ledger.database import insert_or_ignore, now
from ledger.models import FOR_GOOD, Blob, BlobUse, Job, JobState

KEPT = timedelta(days=30)
COMPARED = timedelta(hours=1)
"""How long what is over for good can still be compared with what was planned."""


def keep(tx: Session, job_id: str, rendered: Mapping[str, bytes]) -> None:
    """Keep bytes by their sha256 for a job's plan."""
    for sha256, body in rendered.items():
        insert_or_ignore(tx, Blob, sha256=sha256, body=body)
        insert_or_ignore(tx, BlobUse, sha256=sha256, job_id=job_id)


def read(tx: Session, sha256: str) -> bytes:
    return tx.scalars(select(Blob.body).where(Blob.sha256 == sha256)).one()


def release(tx: Session, job_id: str) -> None:
    """Forget that the job needs its blobs; ``sweep`` removes those that nobody needs."""
    tx.execute(delete(BlobUse).where(BlobUse.job_id == job_id))


def sweep(tx: Session) -> None:
    """Remove the blobs that no live plan names.

    A job that stopped half-way may be gone on with for a month.
    """
    moment = now()
    stopped = and_(Job.state.in_((JobState.FAILED, JobState.CANCELLED)), Job.since < moment - KEPT)
    over = and_(Job.state.in_(FOR_GOOD), Job.since < moment - COMPARED)
    ended = select(Job.id).where(or_(stopped, over))
    tx.execute(delete(BlobUse).where(BlobUse.job_id.in_(ended)))
    used = select(BlobUse.sha256)
    tx.execute(delete(Blob).where(Blob.sha256.not_in(used)))
