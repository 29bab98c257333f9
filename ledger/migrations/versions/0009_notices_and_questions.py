"""Messages to the admin space that are of no job, and which job asks a question."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("owed_messages") as owed:
        owed.alter_column("job_id", existing_type=sa.String(24), nullable=True)
        owed.add_column(sa.Column("notice", sa.JSON(), nullable=True))
    op.add_column("schedule_questions", sa.Column("job_id", sa.String(24), nullable=True))
    op.create_index("approvals_by_person", "approvals", ["person", "verdict"])
