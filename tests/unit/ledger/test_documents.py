"""Documents: frozen by the approval, chained when issued, found again."""

import hashlib
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from errors.document import DocumentUnknown, PartyUnclear, PartyUnknown, RestedOn, TakenSince
from ledger import approvals, documents, jobs, numbers, parties, steering, work
from ledger.approvals import Decision
from ledger.database import Ledger, now
from ledger.documents import DocumentState, Search
from ledger.models import EffectState, JobState
from ledger.plan import Draft, Effect, Plan, Slot
from ledger.work import Settled
from tests.unit.ledger.office import TOKYO, approve, claim, decision, show_plan

FUJI, SUZUKI = "株式会社富士製作所", "鈴木工業"
STEP = Effect(key="step", kind="document", data={})


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
    job, plan = show_plan(ledger, Plan(effects=(STEP,), slots=slots, documents=drafts))
    approve(ledger, job, plan)
    lease = claim(ledger)
    with ledger.write() as tx:
        work.settle(tx, lease, [Settled(STEP, EffectState.DONE)])
        jobs.finish(tx, lease)
        bound = jobs.find(tx, job).bindings.values()
        documents.store(tx, {number: f"%PDF {number}".encode() for number in bound})
    return job


def ask_to_take_back(ledger: Ledger, job: str, why: str) -> None:
    with ledger.write() as tx:
        plan_hash = jobs.find(tx, job).plan_hash or ""
        steering.undo(tx, Decision(job, plan_hash, "users/1", "Alice", why))


def take_back(ledger: Ledger, job: str, why: str) -> None:
    ask_to_take_back(ledger, job, why)
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.undone(tx, lease)


def half_issued(ledger: Ledger, *drafts: Draft) -> tuple[str, Decision]:
    """Approve a plan of these documents, issue the first of them, and stop."""
    slots = tuple(slot(at) for at in range(1, len(drafts) + 1))
    job, plan = show_plan(ledger, Plan(effects=(STEP,), slots=slots, documents=drafts))
    approve(ledger, job, plan)
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.running(tx, lease)
        documents.store(tx, {jobs.find(tx, job).bindings["number-1"]: b"%PDF"})
        steering.cancel(tx, decision(job, plan))
        jobs.stop(tx, lease)
    return job, decision(job, plan)


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


def test_a_document_that_was_taken_back_says_why(ledger: Ledger) -> None:
    take_back(ledger, issued(ledger, draft(party(ledger))), "二重に作成したため")
    with ledger.read() as tx:
        (found,) = documents.search(tx, Search())
    assert (found.state, found.why) == (DocumentState.VOID, "二重に作成したため")


def test_a_stop_leaves_issued_documents_issued_and_a_go_on_issues_the_rest(ledger: Ledger) -> None:
    fuji = party(ledger)
    job, shown = half_issued(ledger, draft(fuji, 1), draft(fuji, 2))
    first, second = sorted(states(ledger))
    assert states(ledger) == {first: DocumentState.ISSUED, second: DocumentState.VOID}
    with ledger.write() as tx:
        steering.retry(tx, shown)
        assert jobs.find(tx, job).state == JobState.QUEUED
    assert states(ledger) == {first: DocumentState.ISSUED, second: DocumentState.ISSUING}


def test_a_stopped_month_does_not_go_on_with_what_was_invoiced_meanwhile(ledger: Ledger) -> None:
    fuji = party(ledger)
    issued(ledger, draft(fuji, 1), draft(fuji, 2))
    notes = sorted(states(ledger))
    month = [draft(fuji, at, takes=(note,)) for at, note in enumerate(notes, 1)]
    _, shown = half_issued(ledger, *month)
    with ledger.read() as tx:
        assert documents.taken(tx, notes) == {notes[0]}
    again = issued(ledger, draft(fuji, 1, takes=(notes[1],)))
    with pytest.raises(TakenSince, match=notes[1]), ledger.write() as tx:
        steering.retry(tx, shown)
    take_back(ledger, again, "やり直し")
    with ledger.write() as tx:
        steering.retry(tx, shown)


@pytest.mark.parametrize("about", [True, False], ids=["about", "takes"])
def test_a_plan_about_what_is_spent_by_now_is_planned_anew_and_draws_no_number(
    ledger: Ledger, about: bool
) -> None:
    fuji = party(ledger)
    before = issued(ledger, draft(fuji))
    (number,) = states(ledger)
    rests_on = {"about": number} if about else {"takes": (number,)}
    job, plan = show_plan(
        ledger, Plan(effects=(), slots=(slot(),), documents=(draft(fuji, **rests_on),))
    )
    take_back(ledger, before, "誤り")
    approve(ledger, job, plan)
    with ledger.read() as tx:
        assert jobs.find(tx, job).state == JobState.PLANNING
        assert jobs.find(tx, job).planned_again
    assert list(states(ledger)) == [number]


@pytest.mark.parametrize("about", [True, False], ids=["about", "takes"])
def test_what_another_document_rests_on_is_not_taken_back_before_that(
    ledger: Ledger, about: bool
) -> None:
    fuji = party(ledger)
    before = issued(ledger, draft(fuji))
    (number,) = states(ledger)
    after = issued(ledger, draft(fuji, **({"about": number} if about else {"takes": (number,)})))
    (by,) = states(ledger).keys() - {number}
    with pytest.raises(RestedOn) as refused:
        take_back(ledger, before, "誤り")
    assert refused.value.values == {"number": number, "by": by}
    take_back(ledger, after, "誤り")
    take_back(ledger, before, "誤り")
    assert set(states(ledger).values()) == {DocumentState.VOID}


def test_nothing_is_made_of_a_document_that_is_being_taken_back(ledger: Ledger) -> None:
    fuji = party(ledger)
    before = issued(ledger, draft(fuji))
    (number,) = states(ledger)
    shown = Plan(effects=(), slots=(slot(),), documents=(draft(fuji, takes=(number,)),))
    job, plan = show_plan(ledger, shown)
    ask_to_take_back(ledger, before, "誤り")
    approve(ledger, job, plan)
    assert list(states(ledger)) == [number]


def test_a_plan_is_approved_on_its_day_or_planned_anew(ledger: Ledger) -> None:
    fuji = party(ledger)
    today = now().astimezone(TOKYO).date()
    for day, state in ((today, JobState.QUEUED), (today - timedelta(days=1), JobState.PLANNING)):
        shown = Plan(effects=(), slots=(slot(),), documents=(draft(fuji),), day=day)
        job, plan = show_plan(ledger, shown)
        approve(ledger, job, plan)
        with ledger.read() as tx:
            assert jobs.find(tx, job).state == state
        claim(ledger)
    assert len(states(ledger)) == 1


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
        "DELETE FROM taken_documents",
    ],
)
def test_the_database_refuses_to_change_a_document(ledger: Ledger, statement: str) -> None:
    issued(ledger, draft(party(ledger)))
    issued(ledger, draft(party(ledger), takes=tuple(states(ledger))))
    with pytest.raises(DatabaseError), ledger.write() as tx:
        tx.execute(text(statement))
    with ledger.read() as tx:
        assert list(documents.broken_links(tx)) == []


def test_the_chain_shows_what_was_changed_behind_the_triggers(
    ledger: Ledger, owner: Ledger
) -> None:
    fuji = party(ledger)
    issued(ledger, draft(fuji, 1), draft(fuji, 2), draft(fuji, 3))
    second = sorted(states(ledger))[1]
    with owner.write() as tx:
        if owner.url.get_backend_name() == "sqlite":
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
