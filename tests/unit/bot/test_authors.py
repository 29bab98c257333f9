"""Whoever wrote a request counts as its asker, on every way there is."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from cards.job_card import ASKED_BEFORE_BY, EDITED_BY, NAMED, asked_by, card_message
from cards.job_result import reminder_message, result_message
from errors.asking import MayNotApprove, OwnRequest
from ledger import approvals, authors, jobs, leases
from ledger.approvals import Decision
from ledger.database import Ledger
from ledger.models import AuditRow, Job, JobState
from ledger.plan import Plan
from tasks import preview
from tests.unit.bot.events import ALICE, BOB, CHARLIE, Body
from tests.unit.bot.front import Front

ALL = '["alice@example.com", "bob@example.com", "charlie@example.com"]'
FOUR_EYES = f'[tasks."*"]\nask = {ALL}\napprove = {ALL}\nown_request = false\n'


@pytest.fixture
def front(ledger: Ledger, tmp_path: Path) -> Front:
    return Front(ledger, tmp_path, FOUR_EYES)


def edited(front: Front, job: str, plan: Plan, who: Body) -> Plan:
    """Let a person edit the request, and return the plan that is shown then."""
    with front.ledger.write() as tx:
        decision = Decision(job, plan.hash, who["name"], who["displayName"])
        approvals.edit(tx, decision, {"name": who["displayName"]}, "Suzuki")
    return planned(front, plan)


def planned(front: Front, plan: Plan) -> Plan:
    with front.ledger.write() as tx:
        claimed = leases.claim(tx, "worker", 30)
        assert claimed
        jobs.planned(tx, claimed[0], plan, {}, approval=True)
    return plan


def refused(front: Front, who: Body, job: str, plan: Plan) -> bool:
    return OwnRequest().say("ja") in front.tap(who, "apply", job, plan=plan.hash)


def test_whoever_edited_a_request_may_not_approve_it_and_neither_may_its_asker(
    front: Front,
) -> None:
    job, plan = front.waiting()
    plan = edited(front, job, plan, BOB)
    assert refused(front, BOB, job, plan)
    assert refused(front, ALICE, job, plan)
    assert front.job(job).state == JobState.WAITING
    front.tap(CHARLIE, "apply", job, plan=plan.hash)
    assert front.job(job).state == JobState.QUEUED


def test_an_editor_stays_an_author_whoever_edits_after_them(front: Front) -> None:
    job, plan = front.waiting()
    for person in (BOB, CHARLIE, ALICE):
        plan = edited(front, job, plan, person)
    assert [refused(front, each, job, plan) for each in (ALICE, BOB, CHARLIE)] == [True] * 3


def test_who_wrote_a_request_may_not_approve_what_another_asks_again(front: Front) -> None:
    job, plan = front.waiting()
    plan = edited(front, job, plan, BOB)
    for _ in range(3):
        front.tap(CHARLIE, "discard", job, plan=plan.hash)
        front.tap(CHARLIE, "again", job)
        with front.ledger.read() as tx:
            job = tx.scalars(select(Job.id).where(Job.form == f"{authors.AGAIN}{job}")).one()
        planned(front, plan)
    assert [refused(front, each, job, plan) for each in (ALICE, BOB, CHARLIE)] == [True] * 3
    with front.ledger.read() as tx:
        view = preview.view(tx, front.job(job), "en")
    assert (view.asker, view.asked_before, view.editors) == ("Charlie", ("Alice",), ("Bob",))


def test_a_word_given_before_own_requests_were_barred_no_longer_counts(
    front: Front,
) -> None:
    two = "approvals = 2\n"
    front.permissions.write_text(FOUR_EYES.replace("= false", "= true") + two)
    job, plan = front.waiting()
    front.tap(ALICE, "apply", job, plan=plan.hash)
    front.permissions.write_text(FOUR_EYES + two)
    front.tap(BOB, "apply", job, plan=plan.hash)
    assert front.job(job).state == JobState.WAITING
    front.tap(CHARLIE, "apply", job, plan=plan.hash)
    assert front.job(job).state == JobState.QUEUED


def test_editing_anothers_request_wants_the_right_to_discard_it(
    ledger: Ledger, tmp_path: Path
) -> None:
    rules = f'[tasks."*"]\nask = {ALL}\napprove = ["charlie@example.com"]\n'
    front = Front(ledger, tmp_path, rules)
    job, plan = front.waiting()
    shown = {"job": job, "plan": plan.hash}
    form = {"task": "project", "form": "f", "pages": "[]", **shown}
    said = [
        front.tap(BOB, "edit", **shown),
        front.tap(BOB, "form", **form),
        front.tap(BOB, "discard", **shown),
    ]
    assert all(MayNotApprove().say("ja") in each for each in said)
    assert front.job(job).request == {"name": "鈴木邸"}
    for person in (ALICE, CHARLIE):
        assert MayNotApprove().say("ja") not in front.tap(person, "discard", job, plan="")


def test_an_editor_may_discard_what_they_wrote_and_finds_it_among_their_own(
    ledger: Ledger, tmp_path: Path
) -> None:
    front = Front(ledger, tmp_path, FOUR_EYES)
    job, plan = front.waiting()
    plan = edited(front, job, plan, BOB)
    front.permissions.write_text(f'[tasks."*"]\nask = {ALL}\napprove = []\n')
    with front.ledger.read() as tx:
        assert tx.scalars(select(Job.id).where(authors.wrote(BOB["name"]))).all() == [job]
        assert tx.scalars(select(Job.id).where(authors.wrote(CHARLIE["name"]))).all() == []
    assert MayNotApprove().say("ja") in front.tap(CHARLIE, "discard", job, plan=plan.hash)
    front.tap(BOB, "discard", job, plan=plan.hash)
    assert front.job(job).state == JobState.CANCELLED


def test_card_result_reminder_and_audit_name_who_edited(front: Front) -> None:
    job, plan = front.waiting()
    edited(front, job, plan, BOB)
    with front.ledger.read() as tx:
        view = preview.view(tx, front.job(job), "en")
        noted = tx.execute(select(AuditRow.what, AuditRow.who).where(AuditRow.job_id == job)).all()
    assert "asked by Alice, edited by Bob" in str(card_message(view, "https://kakari.example"))
    assert "asked by Alice, edited by Bob" in str(reminder_message(view, None))
    told = result_message(replace(view, state="expired"))
    assert told["text"] == f"<{ALICE['name']}> <{BOB['name']}>"
    assert ("edited", BOB["name"]) in [tuple(row) for row in noted]
    listed = front.tap(ALICE, "audit", job)
    assert "依頼を修正" in listed
    assert "Bob" in listed


def test_a_thousand_editors_make_no_card_that_chat_refuses() -> None:
    many = [f"編集者 {n:04}" * 20 for n in range(1_000)]
    for locale in ("en", "ja"):
        said = asked_by("Alice", locale, many, many)
        assert len(said.encode()) < 5_000
        assert f"{1_000 - NAMED}" in said
        assert many[-1] in said
    assert asked_by("Alice", "ja", ["Bob"], ["Carol"]) == (
        "依頼者: Aliceさん、はじめの依頼: Bobさん、変更: Carolさん"
    )
    assert ASKED_BEFORE_BY.say("en", who="Bob") in asked_by("Alice", "en", ["Bob"])
    assert EDITED_BY.say("en", who="Carol") in asked_by("Alice", "en", [], ["Carol"])


def test_a_form_of_ones_own_making_makes_nobody_an_author(front: Front) -> None:
    other, _ = front.waiting(asker=BOB)
    front.waiting(asker=ALICE, form=f"{authors.AGAIN}{other}:0123456789abcdef")
    with front.ledger.read() as tx:
        made = tx.scalars(select(Job).where(Job.form.startswith(authors.AGAIN))).one()
        assert BOB["name"] not in authors.of(tx, made)
        assert ALICE["name"] in authors.of(tx, made)
