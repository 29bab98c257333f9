"""Brings the database to the schema that this code was written for.

Every process asks whether it is there. Alembic is loaded only where something is to be brought:
it takes 8 MB and a third of a second.
"""

import os
from contextlib import suppress
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
    make_place(ledger)
    with ledger.engine.connect() as connection:
        bring(connection, revision)


def make_place(ledger: Ledger) -> None:
    """Make SQLite's file and its folder so that nobody else can read them; narrow a file's mode."""
    if ledger.url.get_backend_name() != "sqlite" or not ledger.url.database:
        return
    file = Path(ledger.url.database)
    for folder in reversed(file.parents):
        folder.mkdir(0o700, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
    # The log beside it is made with the file's mode; one that is there already has an older one.
    for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        with suppress(FileNotFoundError, PermissionError):  # doctor tells of another's file
            each.chmod(0o600)


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
