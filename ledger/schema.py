"""Brings the database to the schema that this code was written for.

Every process asks whether it is there. Alembic is loaded only where something is to be brought:
it takes 8 MB and a third of a second.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table

from errors.settings import LedgerOutdated
from ledger.database import Ledger

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "head"
"""Alembic's name for the newest revision."""
MIGRATIONS = Path(__file__).parent / "migrations"

_STAMP = table("alembic_version", column("version_num"))


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
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revision(connection: Connection) -> str | None:
    """Return the revision that the database is at; None if it has no schema yet."""
    if not inspect(connection).has_table(_STAMP.name):
        return None
    return connection.scalar(select(_STAMP.c.version_num))


def revisions() -> list[str]:
    """Return every revision that this code knows, the oldest first."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config())
    return [step.revision for step in script.walk_revisions()][::-1]


def newest() -> str:
    """Return the revision of this code's schema: migrations are named in their order."""
    last = max(file.name for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return last.partition("_")[0]


def demand_current(ledger: Ledger) -> None:
    """Raise LedgerOutdated unless the database is at this code's schema."""
    with ledger.engine.connect() as connection:
        found = revision(connection)
    if found != newest():
        raise LedgerOutdated(found=found or "nothing", wanted=newest())


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
