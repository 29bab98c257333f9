"""The audit only grows, and tells of each job who wanted it and what came of it."""

from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, select, text, true
from sqlalchemy.exc import DBAPIError

from ledger import history, numbers
from ledger.audit import EffectNote, What, Who, note, note_effects
from ledger.database import Ledger, now
from ledger.models import AuditRow, Job
from tests.unit.ledger.office import ALICE, BOB, NUMBER, approve, ask, show_plan

ALICE_, BOB_ = Who(ALICE, "Alice"), Who(BOB, "Bob")
UPSERT = """
INSERT INTO audit (id, at, job_id, what) SELECT id, at, 'j2', what FROM audit WHERE true
ON CONFLICT (id) DO UPDATE SET job_id = excluded.job_id
"""
LINK = "https://drive.example.com/r"


def effects(ledger: Ledger, job: str, *notes: EffectNote) -> None:
    with ledger.write() as tx:
        note_effects(tx, job, notes)


def noted(ledger: Ledger, job: str, what: What = What.ASKED, who: Who | None = ALICE_) -> None:
    with ledger.write() as tx:
        note(tx, job, what, who)


def numbered(ledger: Ledger, **changes: object) -> str:
    job = ask(ledger, **changes)
    with ledger.write() as tx:
        numbers.draw(tx, NUMBER, job, 2026)
    return job


def latest(
    ledger: Ledger, visible: ColumnElement[bool] | None = None, limit: int = 10
) -> list[history.Past]:
    with ledger.read() as tx:
        return history.latest(tx, true() if visible is None else visible, limit)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who_name = 'Charlie'",
        "UPDATE audit SET what = 'asked' WHERE job_id = 'j1'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE job_id = 'j1'",
        UPSERT,
    ],
)
def test_the_database_refuses_to_change_what_was_noted(owner: Ledger, statement: str) -> None:
    assert_refused(owner, statement)


@pytest.mark.parametrize("statement", ["TRUNCATE audit", "TRUNCATE jobs, audit CASCADE"])
def test_postgresql_refuses_to_empty_the_audit(postgres_ledger: Ledger, statement: str) -> None:
    assert_refused(postgres_ledger, statement)


def test_sqlite_refuses_to_put_a_row_in_the_place_of_another(sqlite_ledger: Ledger) -> None:
    assert_refused(
        sqlite_ledger,
        "INSERT OR REPLACE INTO audit (id, at, job_id, what) SELECT id, at, job_id, 'x' FROM audit",
    )


def assert_refused(ledger: Ledger, statement: str) -> None:
    noted(ledger, "j1")
    with ledger.read() as tx:
        before = tx.execute(select(AuditRow.__table__)).all()
    with pytest.raises(DBAPIError, match="the audit is append-only"), ledger.write() as tx:
        tx.execute(text(statement))
    with ledger.read() as tx:
        assert tx.execute(select(AuditRow.__table__)).all() == before


def test_a_note_goes_with_the_transaction_of_what_it_tells_of(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger.write() as tx:
        note(tx, "j1", What.ASKED, ALICE_)
        raise RuntimeError
    with ledger.read() as tx:
        assert history.notes(tx, "j1") == []


def test_an_outcome_that_there_is_no_word_for_is_not_noted(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match=r"effect\.gone"):
        effects(ledger, "j1", EffectNote("/", "drive.folder", "gone"))


def test_a_jobs_notes_are_told_in_the_order_they_were_made(ledger: Ledger) -> None:
    for what in (What.ASKED, What.PLANNED, What.APPROVED):
        noted(ledger, "j1", what)
        noted(ledger, "j2", what)
    effects(ledger, "j1", *(EffectNote(f"/{n}", "drive.folder", "done") for n in range(3)))
    noted(ledger, "j1", What.DONE, None)
    with ledger.read() as tx:
        rows = history.notes(tx, "j1")
    assert [row.what for row in rows] == [
        *("asked", "planned", "approved"),
        *("effect.done", "effect.done", "effect.done"),
        "done",
    ]
    assert [row.effect for row in rows if row.effect] == ["/0", "/1", "/2"]
    assert [row.who for row in rows if row.who] == [ALICE] * 3


def test_a_job_is_told_with_who_approved_the_plan_it_stands_on(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    with ledger.write() as tx:
        note(tx, job, What.APPROVED, Who("users/3", "Charlie"), plan="of an earlier plan")
        note(tx, job, What.APPROVED, BOB_, plan=plan.hash)
        note(tx, job, What.APPROVED, ALICE_, plan=plan.hash)
    (past,) = latest(ledger)
    assert past.approved_by == ("Bob", "Alice")


def test_each_effect_counts_once_as_what_came_of_it_in_the_end(ledger: Ledger) -> None:
    job = ask(ledger)
    other = ask(ledger)
    effects(
        ledger,
        job,
        EffectNote("/", "drive.folder", "done", LINK),
        EffectNote("/図面", "drive.folder", "failed", why={"en": "Refused.", "ja": "拒否"}),
        EffectNote("/見積", "drive.folder", "failed"),
    )
    effects(ledger, job, EffectNote("/図面", "drive.folder", "done"))
    effects(ledger, other, EffectNote("/", "drive.folder", "done"))
    effects(ledger, other, EffectNote("/", "drive.folder", "undone"))
    outcomes = {past.job.id: past.outcomes for past in latest(ledger)}
    assert outcomes[job] == {What.EFFECT_DONE: 2, What.EFFECT_FAILED: 1}
    assert outcomes[other] == {What.EFFECT_UNDONE: 1}


def test_a_job_is_told_with_its_headlines_link_while_that_is_there(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    approve(ledger, job, plan)
    effects(
        ledger,
        job,
        EffectNote("/", "drive.folder", "done", LINK),
        EffectNote("/図面", "drive.folder", "done", f"{LINK}/d"),
    )
    assert [past.link for past in latest(ledger)] == [LINK]
    effects(ledger, job, EffectNote("/", "drive.folder", "undone"))
    assert [past.link for past in latest(ledger)] == [None]


def test_the_latest_jobs_come_first_and_no_more_than_wanted(ledger: Ledger) -> None:
    jobs = [ask(ledger) for _ in range(4)]
    with ledger.write() as tx:
        for age, job in enumerate(jobs):
            tx.get_one(Job, job).asked_at -= timedelta(hours=age)
    assert [past.job.id for past in latest(ledger, limit=3)] == jobs[:3]
    assert [past.job.id for past in latest(ledger, Job.id == jobs[3])] == jobs[3:]


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("P-2026-0001", "鈴木邸 新築"),
        ("p-2026-0001", "鈴木邸 新築"),
        ("Ｐ－２０２６－０００１", "鈴木邸 新築"),
        ("P-2026-0001 鈴木邸", "鈴木邸 新築"),
        ("鈴木", "鈴木邸 新築"),
        ("新築　鈴木", "鈴木邸 新築"),
        ("GRILLE", "Grille 100%"),
        ("%", "Grille 100%"),
        ("_", None),
        ("P-2026-0003", None),
        ("P-2026-0001 Grille", None),
        ("P-2026", None),
    ],
)
def test_a_job_is_found_by_its_number_or_words_of_its_subject(
    ledger: Ledger, reference: str, meant: str | None
) -> None:
    numbered(ledger, subject="鈴木邸 新築")
    numbered(ledger, subject="Grille 100%")
    found = [past.job.subject for past in latest(ledger, history.refers_to(reference))]
    assert found == ([meant] if meant else [])


def test_an_export_holds_the_notes_of_its_time_with_what_is_known_of_their_jobs(
    ledger: Ledger,
) -> None:
    job = numbered(ledger, subject="鈴木邸")
    between = now()
    noted(ledger, job, What.DONE, None)
    noted(ledger, "a job that is gone")
    with ledger.read() as tx:
        everything = [
            (each.row.what, each.job and each.job.subject, each.numbers)
            for each in history.export(tx)
        ]
        before = [each.row.what for each in history.export(tx, before=between)]
        since = [each.row.job_id for each in history.export(tx, since=between)]
        of_job = [each.row.what for each in history.export(tx, reference="P-2026-0001")]
    assert everything[0] == ("asked", "鈴木邸", "P-2026-0001")
    assert everything[2] == ("asked", None, "")
    assert (before, since) == (["asked"], [job, "a job that is gone"])
    assert of_job == ["asked", "done"]
