"""A ledger that was filled by the first release goes on with this one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import (
    Connection,
    MetaData,
    Row,
    TableClause,
    column,
    create_engine,
    insert,
    select,
    table,
    text,
)

from ledger import schema
from ledger.audit import What, Who, note
from ledger.database import Base, Ledger
from ledger.models import AuditRow, Job
from tests.unit.ledger.office import ALICE, approve, show_plan

FIRST = "0001"


@pytest.fixture(params=["sqlite", "postgresql"])
def first(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger of the first release."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'first.db'}"
    else:
        server = request.getfixturevalue("postgres_url")
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS first"))
            connection.execute(text("CREATE DATABASE first"))
        engine.dispose()
        url = server.replace("/postgres?", "/first?")
    ledger = Ledger(url)
    schema.upgrade(ledger, FIRST)
    yield ledger
    ledger.close()


def tables(ledger: Ledger) -> list[TableClause]:
    """Return today's tables with only those columns that this ledger has, parents first."""
    found = MetaData()
    found.reflect(ledger.engine)
    return [
        table(each.name, *(column(c.name, c.type) for c in each.c if c.name in there.c))
        for each in Base.metadata.sorted_tables
        if (there := found.tables.get(each.name)) is not None
    ]


def rows(connection: Connection, of: TableClause) -> list[Row[tuple[object, ...]]]:
    keys = Base.metadata.tables[of.name].primary_key.columns.keys()
    return list(connection.execute(select(of).order_by(*(of.c[key] for key in keys))))


def test_an_upgrade_keeps_every_row_and_the_work_goes_on(first: Ledger, tmp_path: Path) -> None:
    today = Ledger(f"sqlite:///{tmp_path / 'today.db'}")
    schema.upgrade(today)
    job, plan = show_plan(today)
    approve(today, job, plan)
    of_the_first = tables(first)
    with today.engine.connect() as source, first.engine.begin() as target:
        for each in of_the_first:
            for row in rows(source, each):
                target.execute(insert(each).values(row._asdict()))
    with first.engine.connect() as connection:
        before = {each.name: rows(connection, each) for each in of_the_first}
    today.close()
    assert {"jobs", "plans", "approvals", "effects", "numbers"} <= {n for n in before if before[n]}

    schema.upgrade(first)

    schema.demand_current(first)
    with first.engine.connect() as connection:
        assert {each.name: rows(connection, each) for each in of_the_first} == before
    with first.write() as tx:
        assert tx.get_one(Job, job).approvals_needed == 1
        note(tx, job, What.CANCELLED, Who(ALICE, "Alice"))
    with first.read() as tx:
        assert tx.scalars(select(AuditRow.what)).all() == [What.CANCELLED]
