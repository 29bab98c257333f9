"""Brings the database to the schema that this code was written for."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from errors.settings import LedgerOutdated
from ledger.database import Ledger

HEAD = "head"
"""Alembic's name for the newest revision."""


def upgrade(ledger: Ledger, revision: str = HEAD) -> None:
    """Run the migrations that are missing up to ``revision``. Safe to run again."""
    make_folder(ledger)
    with ledger.engine.connect() as connection:
        bring(connection, revision)


def make_folder(ledger: Ledger) -> None:
    """Make the folder for SQLite's file."""
    if ledger.url.get_backend_name() == "sqlite" and ledger.url.database:
        Path(ledger.url.database).parent.mkdir(parents=True, exist_ok=True)


def bring(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision; in the connection's transaction, if it is in one."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revision(connection: Connection) -> str | None:
    """Return the revision that the database is at; None if it has no schema yet."""
    return MigrationContext.configure(connection).get_current_revision()


def revisions() -> list[str]:
    """Return every revision that this code knows, the oldest first."""
    script = ScriptDirectory.from_config(_config())
    return [step.revision for step in script.walk_revisions()][::-1]


def demand_current(ledger: Ledger) -> None:
    """Raise LedgerOutdated unless the database is at this code's schema."""
    wanted = newest()
    with ledger.engine.connect() as connection:
        found = revision(connection)
    if found != wanted:
        raise LedgerOutdated(found=found or "nothing", wanted=wanted)


def newest() -> str | None:
    """Return the version of this code's schema."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
