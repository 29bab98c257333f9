"""A button reaches what it was drawn for: no other job, space, question or effect.

And no page whose command the person may not use.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.queries import QUERIES
from errors.asking import JobUnknown, NotAllowed, NotUnsure
from errors.schedule import AnsweredBefore
from ledger import jobs, leases, projects, schedule, work
from ledger.database import Base, Ledger
from ledger.models import Approval, AuditRow, EffectState, Job, JobState, OwedMessage, SeenEvent
from ledger.plan import Effect, Plan
from tasks.schedule.questions import ALLOWED, BACK, LEAVE, LET_GO, STRANGER, TAKE
from tests.unit.bot.events import ALICE, BOB, OFFICE, Body
from tests.unit.bot.front import ELSEWHERE, EVERYBODY, SHEET, Front
from tests.unit.ledger.office import approve, ask

ROW = schedule.Asked("q-stranger", STRANGER, "P-9", {"row": 9, "values": {"name": "椅子"}})
GONE = schedule.Asked("q-deleted", "deleted", "P-1", {"name": "机"})
REQUEST_DIALOG = {"isDialogEvent": True, "dialogEventType": "REQUEST_DIALOG"}
MAY_REMIND = """
[tasks."*"]
ask = ["alice@example.com"]
approve = ["alice@example.com"]
[tasks.remind]
ask = ["bob@example.com"]
approve = ["bob@example.com"]
"""


@pytest.fixture
def front(ledger: Ledger, tmp_path: Path) -> Front:
    return Front(ledger, tmp_path)


def synced(front: Front, *asked: schedule.Asked, space: Body = OFFICE) -> str:
    """Return a sync that has ended and asks these questions."""
    job = ask(front.ledger, task="sync", request={}, space=space["name"], asker=ALICE["name"])
    front.change(job, state=JobState.DONE)
    with front.ledger.write() as tx:
        schedule.of(tx, SHEET)
        schedule.ask(tx, SHEET, asked, [LEAVE], job)
    return job


def reminder(front: Front, asker: Body = BOB) -> str:
    job = ask(front.ledger, task="remind", request={}, space=OFFICE["name"], asker=asker["name"])
    front.change(job, state=JobState.DONE)
    return job


def everything(ledger: Ledger) -> str:
    """Return all that the ledger holds, besides the replies it remembers."""
    with ledger.read() as tx:
        return json.dumps(
            {
                name: sorted(str(tuple(row)) for row in tx.execute(select(table)))
                for name, table in Base.metadata.tables.items()
                if name != SeenEvent.__tablename__
            }
        )


def open_questions(front: Front) -> list[str]:
    with front.ledger.read() as tx:
        return [each.id for each in schedule.open_questions(tx)]


@pytest.mark.parametrize("answer", [TAKE, LEAVE, BACK, LET_GO, "ledger", "sheet", "restore"])
def test_who_may_only_remind_answers_no_question_through_a_reminder(
    ledger: Ledger, tmp_path: Path, answer: str
) -> None:
    front = Front(ledger, tmp_path, MAY_REMIND)
    synced(front, ROW, GONE)
    mine = reminder(front)
    before = everything(ledger)
    for question in (ROW.id, GONE.id):
        said = front.tap(BOB, "answer", mine, question=question, answer=answer)
        assert AnsweredBefore().say("ja") in said
    assert everything(ledger) == before


def test_a_question_is_answered_by_its_own_jobs_button_and_by_no_other_sync(front: Front) -> None:
    older = synced(front, ROW)
    job = synced(front, ROW, GONE)
    elsewhere = synced(front, space=ELSEWHERE)
    with front.ledger.write() as tx:  # what the sync elsewhere has not asked
        schedule.ask(tx, SHEET, [ROW, GONE], [LEAVE], job)
    before = everything(front.ledger)
    tapped = {"question": ROW.id, "answer": TAKE}
    assert AnsweredBefore().say("ja") in front.tap(ALICE, "answer", older, **tapped)
    for space in (OFFICE, ELSEWHERE):
        refused = front.tap(ALICE, "answer", elsewhere, space=space, **tapped)
        assert (JobUnknown if space is OFFICE else AnsweredBefore)().say("ja") in refused
    assert JobUnknown().say("ja") in front.tap(ALICE, "answer", job, space=ELSEWHERE, **tapped)
    assert everything(front.ledger) == before
    front.tap(ALICE, "answer", job, **tapped)
    assert open_questions(front) == [GONE.id]
    with front.ledger.read() as tx:
        assert projects.find(tx, "P-9") is not None


@pytest.mark.parametrize(
    "answer", sorted({each for said in ALLOWED.values() for each in said} - {BACK, LET_GO})
)
def test_an_answer_that_the_card_does_not_offer_changes_nothing(front: Front, answer: str) -> None:
    job = synced(front, GONE)
    before = everything(front.ledger)
    for said in (answer, answer * 50, "", "x" * 21):
        front.tap(ALICE, "answer", job, question=GONE.id, answer=said)
    assert everything(front.ledger) == before


def test_a_question_from_before_it_knew_its_job_is_answered_on_any_sync(front: Front) -> None:
    job = synced(front, GONE)
    with front.ledger.write() as tx:
        tx.execute(update(schedule.ScheduleQuestion).values(job_id=None))
    front.tap(ALICE, "answer", job, question=GONE.id, answer=BACK)
    assert open_questions(front) == []


DECISIONS = ("apply", "discard", "cancel", "retry", "undo", "again", "happened", "did_not")
OF_A_JOB = (*DECISIONS, "edit", "form", "show", "answer", "questions")
PAGES = {name for name, query in QUERIES.items() if query.turn is not None}


def test_every_action_is_one_that_the_tests_here_know(front: Front) -> None:
    assert set(front.desk.actions()) == {*OF_A_JOB, *PAGES}
    assert sorted(PAGES) == ["audit", "find", "schedule"]


def states(front: Front) -> dict[str, tuple[str, Plan]]:
    """Return a job in each state in which a button of its card does something."""
    plan = Plan(effects=(Effect(key="a", kind="drive.folder", data={"id": "i", "name": "n"}),))
    found = {}
    for state in (JobState.WAITING, JobState.FAILED, JobState.UNSURE, JobState.EXPIRED):
        job, shown = front.waiting(plan)
        if state is not JobState.WAITING and state is not JobState.EXPIRED:
            approve(front.ledger, job, shown)
        front.change(job, state=state)
        found[state.value] = (job, shown)
    return found


@pytest.mark.parametrize("action", OF_A_JOB)
def test_no_action_reaches_a_job_from_another_space(front: Front, action: str) -> None:
    asked = synced(front, ROW)
    targets = [*states(front).values(), (asked, Plan(effects=()))]
    before = everything(front.ledger)
    for job, plan in targets:
        more = {"plan": plan.hash, "effect": "a", "question": ROW.id, "answer": TAKE}
        more |= {"task": "project", "form": "f", "pages": "[]"}
        said = front.tap(ALICE, action, job, space=ELSEWHERE, **more)
        assert JobUnknown().say("ja") in said, action
    assert everything(front.ledger) == before


@pytest.mark.parametrize("action", sorted(set(DECISIONS) - {"cancel", "again"}))
def test_no_decision_is_taken_about_another_jobs_plan_or_effect(front: Front, action: str) -> None:
    other, _ = front.waiting(Plan(effects=(Effect(key="b", kind="drive.folder", data={}),)))
    targets = states(front)
    before = everything(front.ledger)
    with front.ledger.read() as tx:
        foreign = tx.get_one(Job, other).plan_hash or ""
    for job, _ in targets.values():
        front.tap(ALICE, action, job, plan=foreign, effect="b", inputs={})
    assert everything(front.ledger) == before


def test_what_the_card_does_not_ask_about_an_effect_nobody_answers(front: Front) -> None:
    job, plan = front.waiting(
        Plan(effects=(Effect(key="a", kind="drive.folder", data={"id": "i", "name": "n"}),))
    )
    approve(front.ledger, job, plan)
    with front.ledger.write() as tx:
        lease, _ = leases.claim(tx, "worker", 30) or pytest.fail("nobody claims")
        jobs.running(tx, lease)
        work.intend(tx, lease, ["a"], EffectState.INTENDED, 1)
        jobs.ask_back(tx, lease)
    before = everything(front.ledger)
    said = front.tap(ALICE, "did_not", job, plan=plan.hash, effect="a")
    assert NotUnsure().say("ja") in said, "a folder can be looked for"
    assert everything(front.ledger) == before


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_wants_the_right_that_its_command_wants(
    ledger: Ledger, tmp_path: Path, name: str
) -> None:
    rules = f'[tasks."*"]\nask = {EVERYBODY}\napprove = {EVERYBODY}\n'
    front = Front(ledger, tmp_path, f'{rules}[queries.{name}]\nask = ["alice@example.com"]\n')
    job, _ = front.waiting()
    for flags in ({}, REQUEST_DIALOG):
        assert NotAllowed().say("ja") in front.tap(BOB, name, job, flags=flags)
        assert NotAllowed().say("ja") not in front.tap(ALICE, name, job, flags=flags)


@pytest.mark.parametrize("action", ["show", "questions"])
def test_a_page_of_a_job_wants_that_its_task_concerns_the_person(
    ledger: Ledger, tmp_path: Path, action: str
) -> None:
    front = Front(ledger, tmp_path, MAY_REMIND)
    job, _ = front.waiting()
    assert NotAllowed().say("ja") in front.tap(BOB, action, job)
    assert NotAllowed().say("ja") not in front.tap(ALICE, action, job)


@pytest.mark.parametrize("said", ["APPROVED BY THE PRESIDENT", "0" * 65, "f" * 64, ""])
def test_the_audit_notes_the_jobs_own_plan_whatever_the_button_says(
    front: Front, said: str
) -> None:
    job, plan = front.waiting()
    front.tap(ALICE, "cancel", job, plan=said)
    assert front.job(job).state == JobState.CANCELLED
    with front.ledger.read() as tx:
        noted = tx.scalars(
            select(AuditRow.plan_hash).where(AuditRow.what == "discarded", AuditRow.job_id == job)
        ).all()
        kept = tx.scalars(select(Approval.plan_hash)).all()
    assert noted == kept == [plan.hash]


def test_a_reason_is_noted_only_where_one_is_asked_for(front: Front) -> None:
    job, plan = front.waiting()
    typed = {"undo_reason": {"stringInputs": {"value": ["said by the president"]}}}
    front.tap(ALICE, "apply", job, plan=plan.hash, inputs=typed)
    with front.ledger.read() as tx:
        rows = tx.scalars(select(AuditRow).where(AuditRow.job_id == job)).all()
    assert "approved" in {row.what for row in rows}
    assert [row.details for row in rows if row.details] == []


def test_a_language_that_is_none_is_not_drawn_into_the_card(front: Front) -> None:
    job, plan = front.waiting()
    assert len(front.tap(ALICE, "discard", job, plan=plan.hash, locale="ja" * 9_000)) < 20_000


def test_a_second_delivery_owes_no_edit_to_a_card_of_another_space(front: Front) -> None:
    job, _ = front.waiting(space=ELSEWHERE["name"])
    owed = select(func.sum(OwedMessage.wanted)).where(OwedMessage.job_id == job)

    def wanted() -> Any:
        with front.ledger.read() as tx:
            return tx.scalar(owed)

    before = wanted()
    same: Callable[[], str] = lambda: _at_once(front, "schedule", job)  # noqa: E731
    assert same() == same()
    assert wanted() == before


def _at_once(front: Front, action: str, job: str) -> str:
    """Tap as if Chat delivered the same event again."""
    front.begin_again()
    return front.tap(ALICE, action, job)
