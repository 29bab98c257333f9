"""Documents: frozen by the approval, chained when issued, found again."""

import hashlib
import threading
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from errors.document import DocumentUnknown, PartyUnclear, PartyUnknown
from ledger import approvals, documents, jobs, numbers, parties
from ledger.database import Ledger
from ledger.documents import DocumentState, Search
from ledger.plan import Draft, Plan, Slot
from tests.unit.ledger.office import TOKYO, approve, claim, decision, show_plan

FUJI, SUZUKI = "株式会社富士製作所", "鈴木工業"


def slot(at: int = 1) -> Slot:
    return Slot(name=f"number-{at}", series="invoice", pattern="I-{year}-{number:04}")


def draft(party: str, at: int = 1, name: str = FUJI, **more: object) -> Draft:
    mark = slot(at).mark
    given: dict[str, object] = {
        "number": mark,
        "kind": "invoice",
        "party_id": party,
        "party_name": name,
        "issued": date(2026, 11, 30),
        "currency": "JPY",
        "amount": 131_200,
        "payable": 131_200,
        "data": {"number": mark, "subject": "パンフレット"},
        **more,
    }
    return Draft.model_validate(given)


def party(ledger: Ledger, name: str = FUJI) -> str:
    with ledger.write() as tx:
        return parties.save(tx, name, {})


def issued(ledger: Ledger, *drafts: Draft) -> str:
    """Approve a plan of these documents, and store their files; return its job."""
    slots = tuple(slot(at) for at in range(1, len(drafts) + 1))
    job, plan = show_plan(ledger, Plan(effects=(), slots=slots, documents=drafts))
    approve(ledger, job, plan)
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.finish(tx, lease)
        bound = jobs.find(tx, job).bindings.values()
        documents.store(tx, {number: f"%PDF {number}".encode() for number in bound})
    return job


def states(ledger: Ledger) -> dict[str, DocumentState]:
    with ledger.read() as tx:
        return {found.row.number: found.state for found in documents.search(tx, Search())}


def test_an_approval_freezes_the_document_with_its_number(ledger: Ledger) -> None:
    plan = Plan(effects=(), slots=(slot(),), documents=(draft(party(ledger)),))
    job, plan = show_plan(ledger, plan)
    assert states(ledger) == {}
    approve(ledger, job, plan)
    (number,) = states(ledger)
    assert states(ledger) == {number: DocumentState.ISSUING}
    with ledger.write() as tx:
        found = documents.find(tx, number).row
        assert (found.data["number"], found.amount, found.issued) == (
            number,
            131_200,
            date(2026, 11, 30),
        )
        documents.store(tx, {number: b"%PDF"})
        documents.store(tx, {number: b"%PDF"})
        assert documents.pdf(tx, number) == b"%PDF"
        assert documents.stored(tx, [number, "I-1"]) == {
            number: hashlib.sha256(b"%PDF").hexdigest()
        }
    assert states(ledger) == {number: DocumentState.ISSUED}


def test_a_plan_of_many_documents_binds_a_number_for_each(ledger: Ledger) -> None:
    fuji = party(ledger)
    issued(ledger, draft(fuji, 1), draft(fuji, 2), draft(fuji, 3))
    assert [number[-4:] for number in sorted(states(ledger))] == ["0001", "0002", "0003"]


def test_what_is_discarded_used_no_number(ledger: Ledger) -> None:
    fuji = party(ledger)
    plan = Plan(effects=(), slots=(slot(),), documents=(draft(fuji),))
    job, plan = show_plan(ledger, plan)
    with ledger.write() as tx:
        approvals.discard(tx, decision(job, plan))
    issued(ledger, draft(fuji))
    assert [number[-4:] for number in states(ledger)] == ["0001"]


def test_a_document_whose_job_was_taken_back_is_void_and_stays(ledger: Ledger) -> None:
    job = issued(ledger, draft(party(ledger)))
    with ledger.write() as tx:
        numbers.void(tx, job)
    assert list(states(ledger).values()) == [DocumentState.VOID]


def test_a_correction_marks_what_it_corrects_until_it_is_void_itself(ledger: Ledger) -> None:
    fuji = party(ledger)
    issued(ledger, draft(fuji))
    (first,) = states(ledger)
    again = issued(ledger, draft(fuji, about=first, corrects=True))
    assert states(ledger)[first] == DocumentState.CORRECTED
    with ledger.write() as tx:
        numbers.void(tx, again)
    assert states(ledger)[first] == DocumentState.ISSUED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents SET amount = 1",
        "DELETE FROM documents",
        "UPDATE document_files SET sha256 = ''",
        "DELETE FROM document_files",
        "INSERT OR REPLACE INTO document_files SELECT * FROM document_files",
    ],
)
def test_the_database_refuses_to_change_a_document(ledger: Ledger, statement: str) -> None:
    issued(ledger, draft(party(ledger)))
    with pytest.raises(DatabaseError), ledger.write() as tx:
        tx.execute(text(statement))
    with ledger.read() as tx:
        assert list(documents.broken_links(tx)) == []


def test_the_chain_shows_what_was_changed_behind_the_triggers(ledger: Ledger) -> None:
    fuji = party(ledger)
    issued(ledger, draft(fuji, 1), draft(fuji, 2), draft(fuji, 3))
    second = sorted(states(ledger))[1]
    with ledger.write() as tx:
        if ledger.url.get_backend_name() == "sqlite":
            tx.execute(text("DROP TRIGGER document_files_UPDATE"))
        else:
            tx.execute(text("SET LOCAL session_replication_role = replica"))
        change = text("UPDATE document_files SET pdf = :pdf WHERE number = :number")
        tx.execute(change, {"pdf": b"%PDF forged", "number": second})
    with ledger.read() as tx:
        assert list(documents.broken_links(tx)) == [second]


def test_documents_stored_at_once_make_one_chain(ledger: Ledger) -> None:
    fuji = party(ledger)
    drafts = [draft(fuji, at) for at in range(1, 7)]
    slots = tuple(slot(at) for at in range(1, 7))
    job, plan = show_plan(ledger, Plan(effects=(), slots=slots, documents=tuple(drafts)))
    approve(ledger, job, plan)

    def store(number: str) -> None:
        with ledger.write() as tx:
            documents.store(tx, {number: number.encode()})

    at_once = [threading.Thread(target=store, args=[number]) for number in [*states(ledger)] * 2]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    assert set(states(ledger).values()) == {DocumentState.ISSUED}
    with ledger.read() as tx:
        assert list(documents.broken_links(tx)) == []


def test_documents_are_found_by_day_amount_and_party_all_at_once(ledger: Ledger) -> None:
    fuji, suzuki = party(ledger), party(ledger, SUZUKI)
    issued(
        ledger,
        draft(fuji, 1),
        draft(fuji, 2, issued=date(2026, 12, 1), amount=50_000),
        draft(suzuki, 3, SUZUKI, amount=999, kind="quote"),
    )

    def found(**wanted: object) -> list[str]:
        with ledger.read() as tx:
            rows = documents.search(tx, Search(**wanted))  # type: ignore[arg-type]
            return [each.row.number[-1] for each in rows]

    assert found() == ["2", "1", "3"]
    assert found(party="富士") == ["2", "1"]
    assert found(party="富士 %") == []
    assert found(amount_from=1_000, amount_to=100_000) == ["2"]
    assert found(issued_from=date(2026, 11, 30), issued_to=date(2026, 11, 30)) == ["1", "3"]
    assert found(party="富士", amount_from=100_000, issued_to=date(2026, 11, 30)) == ["1"]
    assert found(kind="quote", currency="JPY") == ["3"]
    assert found(currency="EUR") == []


def test_the_latest_document_of_a_party_or_project(ledger: Ledger) -> None:
    fuji = party(ledger)
    issued(ledger, draft(fuji, 1, project="P-1"), draft(fuji, 2, issued=date(2026, 12, 1)))
    with ledger.read() as tx:
        newest = documents.latest(tx, "invoice", party=fuji)
        about = documents.latest(tx, "invoice", project="P-1")
        assert newest
        assert about
        assert (newest.row.number[-1], about.row.number[-1]) == ("2", "1")
        assert documents.latest(tx, "quote", party=fuji) is None
        with pytest.raises(DocumentUnknown):
            documents.find(tx, "I-1")


def test_approving_an_old_plan_freezes_nothing(ledger: Ledger) -> None:
    plan = Plan(effects=(), slots=(slot(),), documents=(draft(party(ledger)),))
    job, plan = show_plan(ledger, plan)
    other = plan.model_copy(update={"headline": "other"})
    with pytest.raises(Exception, match="changed"), ledger.write() as tx:
        approvals.approve(tx, decision(job, other), TOKYO)
    assert states(ledger) == {}


def test_parties_are_found_by_name_or_by_words_that_name_only_one(ledger: Ledger) -> None:
    fuji = party(ledger)
    party(ledger, SUZUKI)
    party(ledger, "鈴木工業 東京支店")
    assert party(ledger) == fuji
    with ledger.read() as tx:
        assert parties.named(tx, "㈱富士製作所").id == fuji
        assert parties.named(tx, " 富士 ").name == FUJI
        assert parties.named(tx, SUZUKI).name == SUZUKI
        for words in ("", "田中"):
            with pytest.raises(PartyUnknown):
                parties.named(tx, words)
        with pytest.raises(PartyUnclear, match="東京支店"):
            parties.named(tx, "鈴木")
        assert [row.name for row in parties.every(tx)] == sorted(
            [FUJI, SUZUKI, "鈴木工業 東京支店"]
        )
