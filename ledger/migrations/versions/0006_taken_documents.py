"""Which documents took others in, so that no delivery note is invoiced twice."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQLITE = """
CREATE TRIGGER taken_documents_{verb} BEFORE {verb} ON taken_documents
BEGIN SELECT RAISE(ABORT, 'a document is frozen'); END
"""
POSTGRESQL = """
CREATE TRIGGER taken_documents_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON taken_documents
FOR EACH STATEMENT EXECUTE FUNCTION document_is_frozen()
"""


def upgrade() -> None:
    op.create_table(
        "taken_documents",
        sa.Column("number", sa.String(100), sa.ForeignKey("documents.number"), primary_key=True),
        sa.Column("taken", sa.String(100), sa.ForeignKey("documents.number"), primary_key=True),
    )
    op.create_index("ix_taken_documents_taken", "taken_documents", ["taken"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(verb=verb))
    else:
        op.execute(POSTGRESQL)
