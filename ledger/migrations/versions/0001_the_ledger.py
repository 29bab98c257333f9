"""The ledger as it was first laid out."""

import sqlalchemy as sa
from alembic import op

import ledger.database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "events",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("reply", sa.JSON(), nullable=False),
        sa.Column("at", ledger.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_at"), ["at"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("task", sa.String(length=50), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=80), nullable=True),
        sa.Column("asker", sa.String(length=500), nullable=False),
        sa.Column("asker_name", sa.String(length=500), nullable=False),
        sa.Column("locale", sa.String(length=50), nullable=False),
        sa.Column("space", sa.String(length=500), nullable=False),
        sa.Column("thread", sa.String(length=500), nullable=True),
        sa.Column("asked_at", ledger.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", ledger.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=True),
        sa.Column("bindings", sa.JSON(), nullable=False),
        sa.Column("failure", sa.JSON(), nullable=True),
        sa.Column("waits_for", sa.JSON(), nullable=True),
        sa.Column("planned_again", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fruitless", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=100), nullable=True),
        sa.Column("lease_until", ledger.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form"),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("jobs_by_asker", ["asker", "asked_at"], unique=False)
        batch_op.create_index("jobs_by_state", ["state", "since"], unique=False)

    op.create_table(
        "leases",
        sa.Column("post", sa.String(length=50), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=True),
        sa.Column("until", ledger.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("post"),
    )
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(length=50), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year"),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=24), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=500), nullable=False),
        sa.Column("person_name", sa.String(length=500), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("at", ledger.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_job_id"), ["job_id"], unique=False)

    op.create_table(
        "blob_uses",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["blobs.sha256"],
        ),
        sa.PrimaryKeyConstraint("sha256", "job_id"),
    )
    op.create_table(
        "effects",
        sa.Column("job_id", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=800), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("intended_at", ledger.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("settled_at", ledger.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs.id"],
        ),
        sa.PrimaryKeyConstraint("job_id", "key"),
    )
    op.create_table(
        "numbers",
        sa.Column("series", sa.String(length=50), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("written", sa.String(length=100), nullable=False),
        sa.Column("job_id", sa.String(length=24), nullable=False),
        sa.Column("bound_at", ledger.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs.id"],
        ),
        sa.PrimaryKeyConstraint("series", "year", "number"),
    )
    op.create_table(
        "owed_messages",
        sa.Column("message_id", sa.String(length=63), nullable=False),
        sa.Column("job_id", sa.String(length=24), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("space", sa.String(length=500), nullable=False),
        sa.Column("thread", sa.String(length=500), nullable=True),
        sa.Column("name", sa.String(length=500), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("due_at", ledger.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("held_by", sa.String(length=100), nullable=True),
        sa.Column("held_until", ledger.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("undeliverable", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs.id"],
        ),
        sa.PrimaryKeyConstraint("message_id"),
    )
    with op.batch_alter_table("owed_messages", schema=None) as batch_op:
        batch_op.create_index("owed_by_due", ["due_at"], unique=False)
        batch_op.create_index("owed_by_job", ["job_id"], unique=False)

    op.create_table(
        "plans",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.String(length=24), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("made_at", ledger.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs.id"],
        ),
        sa.PrimaryKeyConstraint("hash", "job_id"),
    )
