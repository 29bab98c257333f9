"""What a column holds is the same in every database, whoever writes and however long it is."""

import pytest
from sqlalchemy import String, select

from ledger import approvals, documents, jobs, parties, steering
from ledger.approvals import Decision
from ledger.columns import LARGEST, Bounded, DoesNotFit
from ledger.database import Ledger
from ledger.documents import Search
from ledger.models import AuditRow, DocumentRow, Job
from ledger.plan import Plan
from ledger.tables import METADATA
from tests.unit.ledger.office import approve, ask, asked, show_plan
from tests.unit.ledger.test_documents import STEP, draft, slot

RARE = "𠮷"
"""Four bytes in UTF-8."""


def test_every_text_with_a_length_is_bounded_by_its_column() -> None:
    loose = [
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and column.type.length
        if not (column.primary_key or column.foreign_keys or isinstance(column.type, Bounded))
    ]
    assert loose == []


def test_what_people_read_is_cut(ledger: Ledger) -> None:
    job = ask(ledger, subject=RARE * 301, asker_name=RARE * 600)
    with ledger.read() as tx:
        found = jobs.find(tx, job)
        noted = tx.scalars(select(AuditRow)).one()
    assert found.subject == RARE * 200
    assert found.asker_name == noted.who_name == RARE * 500


def test_an_edited_request_may_be_as_long(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    with ledger.write() as tx:
        edited = Decision(job, plan.hash, "users/1", RARE * 600)
        approvals.edit(tx, edited, {"name": RARE}, RARE * 301)
    with ledger.read() as tx:
        assert jobs.find(tx, job).subject == RARE * 200


@pytest.mark.parametrize(
    "change",
    [{"space": "s" * 501}, {"thread": "t" * 501}, {"locale": "j" * 51}, {"form": "f" * 81}],
)
def test_what_tells_one_from_another_is_refused(ledger: Ledger, change: dict[str, str]) -> None:
    with pytest.raises(DoesNotFit) as refused, ledger.write() as tx:
        jobs.ask(tx, asked(**change))
    assert "短くして" in refused.value.say("ja")


def test_a_plan_that_is_none_is_neither_kept_nor_found(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    with ledger.write() as tx:
        steering.cancel(tx, Decision(job, "p" * 65, "users/1", "Alice"))
    with ledger.read() as tx:
        assert set(tx.scalars(select(AuditRow.plan_hash))) <= {None, plan.hash}
        assert tx.scalar(select(Job.id).where(Job.plan_hash == "p" * 70_000)) is None
        assert tx.scalar(select(Job.id).where(Job.id == "j" * 70_000)) is None


def test_a_party_of_the_longest_name_is_kept_issued_and_found(ledger: Ledger) -> None:
    name = RARE * 200
    with ledger.write() as tx:
        party = parties.save(tx, name, {"address": [RARE * 200]})
    long = {"project": RARE * 100, "amount": LARGEST, "payable": -LARGEST}
    plan = Plan(effects=(STEP,), slots=(slot(),), documents=(draft(party, name=name, **long),))
    job, plan = show_plan(ledger, plan)
    approve(ledger, job, plan)
    for wanted in (Search(party=name), Search(amount_from=LARGEST), Search(amount_to=10**300)):
        with ledger.read() as tx:
            (found,) = documents.search(tx, wanted)
        assert found.row.party_name == name
    with ledger.read() as tx:
        assert documents.search(tx, Search(amount_to=-(10**300))) == []
        assert documents.search(tx, Search(number="I" * 70_000)) == []
        assert tx.scalars(select(DocumentRow.amount)).one() == LARGEST
