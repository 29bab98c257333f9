"""Rendered bytes, named by what they are, kept as long as a live plan names them."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ledger.database import insert_or_ignore
from ledger.models import Blob, BlobUse


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
    """Remove the blobs that no live plan names."""
    used = select(BlobUse.sha256)
    tx.execute(delete(Blob).where(Blob.sha256.not_in(used)))
