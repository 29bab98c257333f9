"""Parties, and documents with their files: frozen when they are approved, chained when issued."""

import sqlalchemy as sa
from alembic import op

import ledger.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = ledger.database.UtcDateTime(timezone=True)
FROZEN = ("documents", "document_files")

SQLITE = """
CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'a document is frozen'); END
"""
SQLITE_REPLACE = """
CREATE TRIGGER {table}_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'a document is frozen'); END
"""
POSTGRESQL = """
CREATE FUNCTION document_is_frozen() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a document is frozen'; END $$
"""
POSTGRESQL_TRIGGER = """
CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION document_is_frozen()
"""


def upgrade() -> None:
    op.add_column(
        "numbers", sa.Column("slot", sa.String(50), nullable=False, server_default="number")
    )
    op.create_index("numbers_by_job", "numbers", ["job_id"])
    op.create_table(
        "parties",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("number", sa.String(100), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("job_id", sa.String(24), sa.ForeignKey("jobs.id"), nullable=False),
        sa.Column("party_id", sa.String(24), sa.ForeignKey("parties.id"), nullable=False),
        sa.Column("party_name", sa.String(200), nullable=False),
        sa.Column("issued", sa.Date(), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("payable", sa.BigInteger(), nullable=False),
        sa.Column("project", sa.String(100)),
        sa.Column("about", sa.String(100)),
        sa.Column("corrects", sa.Boolean(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("frozen_at", MOMENT, nullable=False),
    )
    op.create_index("ix_documents_job_id", "documents", ["job_id"])
    op.create_index("documents_by_party", "documents", ["party_id", "kind", "issued"])
    op.create_index("documents_by_day", "documents", ["issued"])
    op.create_index("documents_by_amount", "documents", ["amount"])
    op.create_index("ix_documents_about", "documents", ["about"])
    op.create_table(
        "document_files",
        sa.Column("number", sa.String(100), sa.ForeignKey("documents.number"), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False, unique=True),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("link", sa.String(64), nullable=False),
        sa.Column("stored_at", MOMENT, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in FROZEN:
            for verb in ("UPDATE", "DELETE"):
                op.execute(SQLITE.format(table=table, verb=verb))
            op.execute(SQLITE_REPLACE.format(table=table))
    else:
        op.execute(POSTGRESQL)
        for table in FROZEN:
            op.execute(POSTGRESQL_TRIGGER.format(table=table))
