"""Cancel, undo, expiry and timers; numbers that are void; and the audit, which only grows."""

import sqlalchemy as sa
from alembic import op

import ledger.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = ledger.database.UtcDateTime(timezone=True)

SQLITE = """
CREATE TRIGGER audit_{verb} BEFORE {verb} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
"""
SQLITE_REPLACE = """
CREATE TRIGGER audit_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
"""
POSTGRESQL = (
    """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$
""",
    """
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
""",
)


def upgrade() -> None:
    # Not in a batch: that makes the table anew, which rows that point at it do not allow.
    for column in (
        sa.Column("approvals_needed", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("reminded", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("not_before", MOMENT),
        sa.Column("cancelled_by", sa.String(500)),
        sa.Column("moved", sa.String(20)),
    ):
        op.add_column("jobs", column)
    op.add_column("numbers", sa.Column("void_at", MOMENT))
    op.create_table(
        "audit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("job_id", sa.String(24), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("who", sa.String(500)),
        sa.Column("who_name", sa.String(500)),
        sa.Column("plan_hash", sa.String(64)),
        sa.Column("effect", sa.String(800)),
        sa.Column("kind", sa.String(50)),
        sa.Column("link", sa.Text()),
        sa.Column("details", sa.JSON()),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_job_id", "audit", ["job_id"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(verb=verb))
        op.execute(SQLITE_REPLACE)  # which deletes without a trigger for that
    else:
        for statement in POSTGRESQL:
            op.execute(statement)
