"""The number under which a spreadsheet is written next, so that no request is taken twice."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_writes",
        sa.Column("spreadsheet", sa.String(100), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
    )
