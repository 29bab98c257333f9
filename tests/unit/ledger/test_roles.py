"""The processes' role in PostgreSQL may do what they need, and nothing that its holder would like."""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError

from kakari.backup import saving
from kakari.cli import main
from ledger import roles, schema
from ledger.audit import What, Who, note
from ledger.database import Ledger
from tests.conftest import APP_ROLE
from tests.unit.kakari.test_settings import GOOD
from tests.unit.ledger.office import ALICE, ask

REFUSED = (
    "SET session_replication_role = replica",
    "DELETE FROM audit",
    "UPDATE audit SET who_name = 'Charlie'",
    "TRUNCATE audit",
    "TRUNCATE jobs CASCADE",
    "DELETE FROM documents",
    "UPDATE documents SET amount = 1",
    "UPDATE document_files SET pdf = ''",
    "UPDATE taken_documents SET taken = 'Q'",
    "DROP TABLE audit",
    "DROP TRIGGER audit_append_only ON audit",
    "ALTER TABLE audit DISABLE TRIGGER ALL",
    "ALTER TABLE jobs ADD COLUMN more text",
    "CREATE TRIGGER more BEFORE INSERT ON jobs EXECUTE FUNCTION audit_is_append_only()",
    "ALTER FUNCTION audit_is_append_only() RENAME TO other",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE audit (id int)",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine SUPERUSER",
    f"ALTER ROLE {APP_ROLE} SUPERUSER",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "COPY audit TO PROGRAM 'cat >/dev/null'",
    "COPY audit FROM PROGRAM 'true'",
    "COPY audit TO '/tmp/audit'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "UPDATE alembic_version SET version_num = '0001'",
    "SELECT setval('audit_id_seq', 1)",
    "SELECT rolpassword FROM pg_authid",
)


@pytest.fixture
def filled(postgres_ledger: Ledger, app_ledger: Ledger) -> Ledger:
    """The processes' ledger, with a request and its note in the audit."""
    job = ask(app_ledger)
    with app_ledger.write() as tx:
        note(tx, job, What.CANCELLED, Who(ALICE, "Alice"))
    return app_ledger


@pytest.mark.parametrize("statement", REFUSED)
def test_the_processes_role_is_refused(filled: Ledger, statement: str) -> None:
    with pytest.raises(DBAPIError) as refused, filled.write() as tx:
        tx.execute(text(statement))
    assert isinstance(refused.value.orig, InsufficientPrivilege)


def test_a_document_that_may_be_locked_cannot_be_changed_all_the_same(filled: Ledger) -> None:
    with pytest.raises(DBAPIError, match="a document is frozen"), filled.write() as tx:
        tx.execute(text("UPDATE documents SET number = 'Q'"))


def test_only_what_the_processes_role_may_do_beyond_its_work_is_named(
    postgres_ledger: Ledger, filled: Ledger
) -> None:
    schema.demand_current(filled)
    with filled.engine.connect() as processes, postgres_ledger.engine.connect() as owners:
        assert roles.excess(processes) == ""
        assert roles.excess(owners).startswith("superuser, ")


class Installation:
    """A database of its own, whose owner may make roles and is no superuser, as in compose."""

    def __init__(self, server: URL, monkeypatch: pytest.MonkeyPatch) -> None:
        self.owner = f"owner_{secrets.token_hex(4)}"
        self.app = f"app_{secrets.token_hex(4)}"
        self.url = server.set(username=self.owner, database=self.owner)
        for name, value in GOOD.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("KAKARI_DATABASE_URL", self.url.render_as_string(hide_password=False))
        monkeypatch.setenv("KAKARI_DATABASE_APP_ROLE", self.app)
        monkeypatch.setenv("KAKARI_DATABASE_APP_PASSWORD", "geheim")

    def kakari(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    @contextmanager
    def opened(self, role: str) -> Iterator[Ledger]:
        with closing(Ledger(self.url.set(username=role))) as ledger:
            yield ledger


@pytest.fixture
def installation(
    postgres_ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    made = Installation(postgres_ledger.url, monkeypatch)
    server = postgres_ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with server as connection:
        connection.execute(text(f"CREATE ROLE {made.owner} LOGIN CREATEROLE"))
        connection.execute(text(f"CREATE DATABASE {made.owner} OWNER {made.owner}"))
        yield made
        connection.execute(text(f"DROP DATABASE {made.owner}"))


def test_migrate_makes_the_processes_role_and_gives_it_what_it_needs(
    installation: Installation, postgres_ledger: Ledger
) -> None:
    assert installation.kakari("migrate").exit_code == 0
    with installation.opened(installation.app) as ledger:
        schema.demand_current(ledger)
        job = ask(ledger)
        with ledger.write() as tx:
            note(tx, job, What.CANCELLED)
        with ledger.engine.connect() as connection:
            assert roles.excess(connection) == ""
    with postgres_ledger.read() as tx:
        known = text("SELECT rolpassword FROM pg_authid WHERE rolname = :role")
        assert tx.scalar(known, {"role": installation.app}).startswith("SCRAM-SHA-256$")


def test_what_was_granted_too_much_is_taken_away_at_the_next_migration(
    installation: Installation,
) -> None:
    assert installation.kakari("migrate").exit_code == 0
    with installation.opened(installation.owner) as owners, owners.write() as tx:
        tx.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {installation.app}"))
    assert installation.kakari("migrate").exit_code == 0
    with installation.opened(installation.app) as ledger:
        for statement in ("DELETE FROM audit", "TRUNCATE jobs CASCADE"):
            with pytest.raises(DBAPIError, match="permission denied"), ledger.write() as tx:
                tx.execute(text(statement))


def test_a_table_of_a_later_migration_is_the_processes_too_once_it_is_there(
    installation: Installation,
) -> None:
    assert installation.kakari("migrate").exit_code == 0
    with installation.opened(installation.owner) as owners, owners.write() as tx:
        tx.execute(text("DROP TABLE leases"))
        tx.connection().exec_driver_sql("CREATE TABLE leases (name text PRIMARY KEY)")
    assert installation.kakari("migrate").exit_code == 0
    with installation.opened(installation.app) as ledger, ledger.write() as tx:
        tx.execute(text("DELETE FROM leases"))


def test_the_owner_itself_is_refused_as_the_processes_role(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAKARI_DATABASE_APP_ROLE", installation.owner)
    told = installation.kakari("migrate")
    assert told.exit_code == 1
    assert "name another role" in told.output


def test_an_owner_who_may_make_no_role_is_told_what_to_do(
    installation: Installation, postgres_ledger: Ledger
) -> None:
    with postgres_ledger.write() as tx:
        tx.execute(text(f"ALTER ROLE {installation.owner} NOCREATEROLE"))
    told = installation.kakari("migrate")
    assert told.exit_code == 1
    assert "permission denied to create role" in told.output
    assert "docs/deploy.md" in told.output
    assert "geheim" not in told.output


def test_the_processes_role_is_enough_for_a_backup(filled: Ledger, tmp_path: Path) -> None:
    assert saving.save_to_file(filled, tmp_path / "ledger.zip", replace=False).rows["audit"]


def test_a_restore_lets_the_processes_in(
    installation: Installation, sqlite_ledger: Ledger, tmp_path: Path
) -> None:
    file = tmp_path / "ledger.zip"
    saving.save_to_file(sqlite_ledger, file, replace=False)
    told = installation.kakari("restore", str(file))
    assert told.exit_code == 0, told.output
    with installation.opened(installation.app) as ledger, ledger.read() as tx:
        assert tx.scalar(text("SELECT count(*) FROM audit WHERE what = 'restored'")) == 1
