"""Brings the database to the schema that this code was written for."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from errors.settings import LedgerOutdated
from ledger.database import Ledger


def upgrade(ledger: Ledger, revision: str = "head") -> None:
    """Run the migrations that are missing up to ``revision``. Safe to run again."""
    if ledger.url.get_backend_name() == "sqlite" and ledger.url.database:
        Path(ledger.url.database).parent.mkdir(parents=True, exist_ok=True)
    config = _config()
    with ledger.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def demand_current(ledger: Ledger) -> None:
    """Raise LedgerOutdated unless the database is at this code's schema."""
    wanted = newest()
    with ledger.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != wanted:
        raise LedgerOutdated(found=found or "nothing", wanted=wanted)


def newest() -> str | None:
    """Return the version of this code's schema."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
