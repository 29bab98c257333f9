"""What the processes may do in PostgreSQL: their role reads and writes rows, and owns nothing.

The role that owns the tables is for migrations alone. SQLite has no roles: there the file's mode
says who may do what.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Integer, Table, func, select, text

from errors.settings import RoleOwns
from ledger.models import AuditRow, DocumentFile, DocumentRow, TakenDocument
from ledger.tables import METADATA

ADDED_TO = frozenset(
    table.__tablename__ for table in (AuditRow, DocumentRow, DocumentFile, TakenDocument)
)
"""The tables whose rows are added and never changed."""
LOCKED = {DocumentRow.__tablename__: DocumentRow.number.key}
"""The columns that it takes the right to change to lock rows; a trigger lets nobody change them."""

_EXCESS = text("""
SELECT concat_ws(', ',
    CASE WHEN role.rolsuper THEN 'superuser' END,
    CASE WHEN role.rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN role.rolcreatedb THEN 'CREATEDB' END,
    CASE WHEN role.rolreplication THEN 'REPLICATION' END,
    CASE WHEN role.rolbypassrls THEN 'BYPASSRLS' END,
    CASE WHEN pg_has_role('pg_execute_server_program', 'MEMBER')
           OR pg_has_role('pg_write_server_files', 'MEMBER')
           OR pg_has_role('pg_read_server_files', 'MEMBER') THEN 'server files' END,
    CASE WHEN EXISTS (
        SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = current_schema AND pg_has_role(relowner, 'MEMBER')
    ) THEN 'owner of tables' END,
    CASE WHEN has_schema_privilege(current_schema, 'CREATE') THEN 'CREATE in the schema' END)
FROM pg_roles AS role WHERE role.rolname = current_user
""")

_HERE = text("""
SELECT nspname AS schema, pg_has_role(nspowner, 'USAGE') AS owns_schema,
    datname AS database, pg_has_role(datdba, 'USAGE') AS owns_database
FROM pg_namespace, pg_database
WHERE nspname = current_schema AND datname = current_database()
""")


def excess(connection: Connection) -> str:
    """Return what the connection's role may do beyond reading and writing rows; empty if nothing."""
    return connection.scalar(_EXCESS) or ""


def admit(connection: Connection, role: str, password: str | None) -> None:
    """Let the processes' role do what they need in the schema as it is now, and nothing else.

    The role is made where there is none; with a password it can log in by that one from now on.
    Raises RoleOwns, and DBAPIError where the connection's own role may do too little.
    """
    name = _quoted(connection, role)
    known = text(
        "SELECT pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = :it"
    )
    above = connection.execute(known, {"it": role}).scalars().all()
    if any(above):
        raise RoleOwns(role=role)
    if not above:
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
    if password is not None:
        # As a verifier, which no log of statements betrays.
        server: Any = connection.connection.driver_connection
        by = (password.encode(), role.encode(), b"scram-sha-256")
        verifier = server.pgconn.encrypt_password(*by).decode()
        connection.exec_driver_sql(f"ALTER ROLE {name} PASSWORD '{verifier}'")
    for statement in _statements(connection, name):
        connection.exec_driver_sql(statement)


def _statements(connection: Connection, role: str) -> Iterator[str]:
    here = connection.execute(_HERE).one()
    schema, database = (_quoted(connection, name) for name in (here.schema, here.database))
    # What everybody may do by PostgreSQL's habit; only the owner of each may take it away.
    if here.owns_database:
        yield f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}"
        yield f"GRANT CONNECT ON DATABASE {database} TO {role}"
    if here.owns_schema:
        yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}"
        yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    yield f"REVOKE ALL ON {schema}.alembic_version FROM {role}"
    yield f"GRANT SELECT ON {schema}.alembic_version TO {role}"
    for table in METADATA.sorted_tables:
        name = _quoted(connection, table.name)
        yield f"REVOKE ALL ON {schema}.{name} FROM {role}"
        yield f"GRANT {', '.join(_rights(table))} ON {schema}.{name} TO {role}"
        for column in table.primary_key:
            counts = select(func.pg_get_serial_sequence(f"{schema}.{name}", column.name))
            if isinstance(column.type, Integer) and (sequence := connection.scalar(counts)):
                yield f"GRANT USAGE ON SEQUENCE {sequence} TO {role}"


def _rights(table: Table) -> Iterator[str]:
    yield from ("SELECT", "INSERT")
    if table.name not in ADDED_TO:
        yield from ("UPDATE", "DELETE")
    elif table.name in LOCKED:
        yield f"UPDATE ({LOCKED[table.name]})"


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)
