"""Alembic's entry point; the connection comes from ``ledger.schema``."""

from alembic import context

from ledger.database import Base
from ledger.models import Job
from ledger.projects import Project
from ledger.schedule import Schedule

for model in (Job, Project, Schedule):
    assert model.metadata is Base.metadata  # the models are loaded

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite alters a table by making it anew.
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
