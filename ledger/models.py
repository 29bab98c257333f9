"""The ledger's tables."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    and_,
    func,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from ledger.columns import Bounded, Shown
from ledger.database import Base, UtcDateTime, now


class JobState(StrEnum):
    """Where a request is on its way."""

    PLANNING = "planning"
    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    UNSURE = "unsure"
    """A person has to look: whether an effect happened that cannot be asked for at its target, or
    after a restore how far the job came."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """Discarded before anything was made, or stopped between effects."""
    EXPIRED = "expired"
    """Nobody decided in time."""
    UNDOING = "undoing"
    UNDONE = "undone"


NAME = 500
"""Characters of a name that comes from Chat; the front desk lets none longer in."""
KEY_LENGTH = 800
"""Characters of an effect's key: PostgreSQL indexes no more than some 2,700 bytes."""

WORKABLE = (JobState.PLANNING, JobState.QUEUED, JobState.RUNNING, JobState.UNDOING)
"""The states in which a worker has something to do."""
FOR_GOOD = (JobState.DONE, JobState.EXPIRED, JobState.UNDONE)
"""The ends after which nothing goes on with the job's plan."""


class EffectState(StrEnum):
    PLANNED = "planned"
    INTENDED = "intended"
    """Sent, and no outcome came yet."""
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
    LEFT = "left"
    """Not undone, for the reason in ``error``: a person has changed it since, say."""


class Job(Base):
    """One request on its way through planning, approval and work."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    task: Mapped[str] = mapped_column(Bounded(50))
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    subject: Mapped[str] = mapped_column(Shown(200))
    """The few words that tell this job from others in a list."""
    form: Mapped[str | None] = mapped_column(Bounded(80), unique=True)
    """The dialog it came from: a doubled tap on its last button is one request."""

    asker: Mapped[str] = mapped_column(Bounded(NAME))
    """Chat's name of the person, ``users/…``."""
    asker_name: Mapped[str] = mapped_column(Shown(NAME))
    locale: Mapped[str] = mapped_column(Bounded(50))
    space: Mapped[str] = mapped_column(Bounded(NAME))
    thread: Mapped[str | None] = mapped_column(Bounded(NAME))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    state: Mapped[JobState] = mapped_column(Bounded(20))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it came into this state."""
    plan_hash: Mapped[str | None] = mapped_column(Bounded(64))
    bindings: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """What the plan's slots were bound to when it was approved."""
    failure: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """Why it failed or a person has to look, a sentence in each language."""
    waits_for: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """What the job stands still for, such as a quota, a sentence in each language."""
    planned_again: Mapped[bool] = mapped_column(default=False)
    """Whether the plan that waits replaces one that a person approved."""
    approvals_needed: Mapped[int] = mapped_column(Integer, default=1)
    """How many people have to approve the plan, as the permissions said at the latest tap."""
    reminded: Mapped[bool] = mapped_column(default=False)
    """Whether the space was reminded of the plan that waits."""
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the work may begin, if not at once."""
    cancelled_by: Mapped[str | None] = mapped_column(Bounded(NAME))
    """Who asked to stop; from then on nothing more is sent out."""
    turn_of: Mapped[str | None] = mapped_column(Bounded(NAME))
    """Whose turn its work takes: who edited, retried or undid it last; None for who asked."""
    moved: Mapped[str | None] = mapped_column(Bounded(20))
    """Where the job's messages went when its space refused them: ``direct`` or ``admin``."""

    attempt: Mapped[int] = mapped_column(Integer, default=0)
    """Counts the workers that claimed it; every write of a worker is fenced by it."""
    fruitless: Mapped[int] = mapped_column(Integer, default=0)
    """How many of the latest attempts ended without a new outcome."""
    lease_owner: Mapped[str | None] = mapped_column(Bounded(100))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("jobs_by_state", "state", "since"),
        Index("jobs_by_asker", "asker", "asked_at"),
        Index("jobs_open_by_asker", "asker", "state"),
        Index("jobs_open_by_turn", "turn_of", "state"),
    )

    @hybrid_property
    def whose(self) -> str:
        """Whose turn its work takes, and among whose open requests it counts."""
        return self.turn_of or self.asker

    @whose.inplace.expression
    @classmethod
    def _whose(cls) -> ColumnElement[str]:
        return func.coalesce(cls.turn_of, cls.asker)

    @hybrid_property
    def scheduled(self) -> bool:
        """Whether it waits for its time and for nothing else."""
        later = self.not_before is not None and self.not_before > now()
        return self.state == JobState.QUEUED and later

    @scheduled.inplace.expression
    @classmethod
    def _scheduled(cls) -> ColumnElement[bool]:
        return and_(cls.state == JobState.QUEUED, cls.not_before > now())


class Asker(Base):
    """Somebody for whom work is done; the clock is one too, and its name is empty."""

    __tablename__ = "askers"

    name: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    """Chat's name of the person, ``users/…``."""
    turn: Mapped[int] = mapped_column(BigInteger)
    """Which claim of all that workers made was the latest for them; 0 for none yet."""


class PlanRow(Base):
    """A plan as it was shown; a job that is planned again has several."""

    __tablename__ = "plans"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Approval(Base):
    """Who decided what about which plan, in the order of their ids."""

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    plan_hash: Mapped[str] = mapped_column(Bounded(64))
    person: Mapped[str] = mapped_column(Bounded(NAME))
    person_name: Mapped[str] = mapped_column(Shown(NAME))
    verdict: Mapped[str] = mapped_column(Bounded(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("approvals_by_person", "person", "verdict"),)


class EffectRow(Base):
    """One effect of an approved plan, and what came of it."""

    __tablename__ = "effects"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Bounded(50))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[EffectState] = mapped_column(Bounded(20))
    attempt: Mapped[int | None] = mapped_column(Integer)
    intended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    link: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[dict[str, str] | None] = mapped_column(JSON)


class Blob(Base):
    """Rendered bytes, stored once however many plans name them."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class BlobUse(Base):
    """Which jobs' plans name a blob; it goes when all of these have ended."""

    __tablename__ = "blob_uses"

    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)


class OwedMessage(Base):
    """A message that a space is owed: a job's card, which is edited, its result, or a notice.

    What it says is rendered from the ledger when it is delivered, so an edit that was superseded
    before it was sent is never sent. It is owed while ``delivered`` is behind ``wanted``.
    """

    __tablename__ = "owed_messages"

    message_id: Mapped[str] = mapped_column(String(63), primary_key=True)
    """The ``messageId`` we choose: a second send of it is refused by Chat."""
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"))
    """None of a notice, which is of no job."""
    notice: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """What a notice says, in each language."""
    role: Mapped[str] = mapped_column(Bounded(20))
    space: Mapped[str] = mapped_column(Bounded(NAME))
    thread: Mapped[str | None] = mapped_column(Bounded(NAME))
    name: Mapped[str | None] = mapped_column(Bounded(NAME))
    """Chat's name of it, once it is there."""
    wanted: Mapped[int] = mapped_column(Integer, default=1)
    delivered: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    held_by: Mapped[str | None] = mapped_column(Bounded(100))
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undeliverable: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """Why it was given up."""

    __table_args__ = (Index("owed_by_job", "job_id"), Index("owed_by_due", "due_at"))


class SeenEvent(Base):
    """An event that Chat delivered, and the reply it got: a second delivery gets it again."""

    __tablename__ = "events"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    reply: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class NumberSeries(Base):
    """The last number given out in a series and year."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(50), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class Number(Base):
    """The register: every number ever given out, and to which job."""

    __tablename__ = "numbers"

    series: Mapped[str] = mapped_column(String(50), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    written: Mapped[str] = mapped_column(Bounded(100))
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    slot: Mapped[str] = mapped_column(Bounded(50), default="number")
    """Which of the job's slots it was given to."""
    bound_at: Mapped[datetime] = mapped_column(UtcDateTime)
    void_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its job was cancelled or undone; the number stays in the register."""

    __table_args__ = (Index("numbers_by_job", "job_id"),)


class PartyRow(Base):
    """Whom the office trades with. It may change; documents keep what they were made with."""

    __tablename__ = "parties"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    name: Mapped[str] = mapped_column(Bounded(200), unique=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Address, honorific, terms, registration number: as the party's task writes it."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DocumentRow(Base):
    """A document as it was approved. A trigger keeps it from being changed or deleted."""

    __tablename__ = "documents"

    number: Mapped[str] = mapped_column(String(100), primary_key=True)
    kind: Mapped[str] = mapped_column(Bounded(20))
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    party_id: Mapped[str] = mapped_column(ForeignKey("parties.id"))
    party_name: Mapped[str] = mapped_column(Bounded(200))
    issued: Mapped[date] = mapped_column(Date)
    due: Mapped[date | None] = mapped_column(Date)
    currency: Mapped[str] = mapped_column(Bounded(3))
    amount: Mapped[int] = mapped_column(BigInteger)
    """With tax, in the smallest coins; what people search by."""
    payable: Mapped[int] = mapped_column(BigInteger)
    """Less what is withheld."""
    project: Mapped[str | None] = mapped_column(Bounded(100))
    about: Mapped[str | None] = mapped_column(Bounded(100), index=True)
    """The number of the document that it corrects, returns, or came from."""
    corrects: Mapped[bool]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Everything it says."""
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("documents_by_party", "party_id", "kind", "issued"),
        Index("documents_by_day", "issued"),
        Index("documents_by_amount", "amount"),
    )


class TakenDocument(Base):
    """A document that another one has taken in: a delivery note in a month's invoice. Frozen, too."""

    __tablename__ = "taken_documents"

    number: Mapped[str] = mapped_column(ForeignKey("documents.number"), primary_key=True)
    taken: Mapped[str] = mapped_column(ForeignKey("documents.number"), primary_key=True, index=True)


class DocumentFile(Base):
    """A document as it was sent out, and its link in the chain of all of them. Frozen, too."""

    __tablename__ = "document_files"

    number: Mapped[str] = mapped_column(ForeignKey("documents.number"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, unique=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(Bounded(64))
    link: Mapped[str] = mapped_column(Bounded(64))
    """The hash of the link before it, of what the document says, and of its file."""
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditRow(Base):
    """What happened, in the order it did. Rows are added and never changed: a trigger sees to it."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    job_id: Mapped[str] = mapped_column(Bounded(24), index=True)
    """No foreign key: the audit outlives what it tells of."""
    what: Mapped[str] = mapped_column(Bounded(40))
    """``asked``, ``planned``, ``approved``, ``done`` …; of an effect ``effect.done`` …"""
    who: Mapped[str | None] = mapped_column(Bounded(NAME))
    """Chat's name of the person; None where Kakari did it by itself."""
    who_name: Mapped[str | None] = mapped_column(Shown(NAME))
    plan_hash: Mapped[str | None] = mapped_column(Bounded(64))
    effect: Mapped[str | None] = mapped_column(Bounded(KEY_LENGTH))
    kind: Mapped[str | None] = mapped_column(Bounded(50))
    link: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class LeaseRow(Base):
    """A post that only one process may hold at a time, such as the clock."""

    __tablename__ = "leases"

    post: Mapped[str] = mapped_column(String(50), primary_key=True)
    owner: Mapped[str | None] = mapped_column(Bounded(100))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
