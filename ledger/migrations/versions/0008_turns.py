"""Whose turn it is for a worker, so that nobody waits for all that another has asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "askers",
        sa.Column("name", sa.String(500), primary_key=True),
        sa.Column("turn", sa.BigInteger(), nullable=False),
    )
    op.add_column("jobs", sa.Column("turn_of", sa.String(500), nullable=True))
    op.create_index("jobs_open_by_asker", "jobs", ["asker", "state"])
    op.create_index("jobs_open_by_turn", "jobs", ["turn_of", "state"])
