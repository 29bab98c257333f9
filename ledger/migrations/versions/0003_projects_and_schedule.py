"""Projects, the schedule sheets they stand in, and what people are asked about those."""

import sqlalchemy as sa
from alembic import op

import ledger.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = ledger.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "projects",
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("job_id", sa.String(24)),
        sa.Column("space", sa.String(500), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ordered", sa.Date()),
        sa.Column("due", sa.Date()),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
    )
    op.create_index("ix_projects_job_id", "projects", ["job_id"])
    op.create_index("ix_projects_due", "projects", ["due"])
    op.create_table(
        "schedules",
        sa.Column("spreadsheet", sa.String(100), primary_key=True),
        sa.Column("tab", sa.BigInteger()),
        sa.Column("imported_at", MOMENT),
        sa.Column("look_at", MOMENT, nullable=False),
        sa.Column("told", sa.String(64)),
        sa.Column("digest_on", sa.Date()),
    )
    op.create_table(
        "schedule_rows",
        sa.Column("spreadsheet", sa.String(100), sa.ForeignKey("schedules.spreadsheet")),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("agreed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("spreadsheet", "key"),
    )
    op.create_table(
        "schedule_questions",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column(
            "spreadsheet",
            sa.String(100),
            sa.ForeignKey("schedules.spreadsheet"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(20)),
        sa.Column("answered_by", sa.String(500)),
        sa.Column("answered_at", MOMENT),
    )
    op.create_index("ix_schedule_questions_spreadsheet", "schedule_questions", ["spreadsheet"])
