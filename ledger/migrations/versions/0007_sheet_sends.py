"""Which rows a job has sent, so that what they hit is told of although the answer was lost."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_sends",
        sa.Column("spreadsheet", sa.String(100), primary_key=True),
        sa.Column("job", sa.String(24), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
    )
