"""Cancel, go on, take back, answer: what is allowed when, and what it leaves in the ledger."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from errors.asking import (
    AlreadyApproved,
    AlreadyDecided,
    AlreadyEnded,
    BeingUndone,
    NothingToRetry,
    NothingToUndo,
    NotUnsure,
    StalePlan,
    UndoneBefore,
)
from errors.work import LeaseLost
from ledger import approvals, blobs, jobs, leases, steering, work
from ledger.approvals import Decision
from ledger.database import Ledger, now
from ledger.leases import Lease
from ledger.models import AuditRow, Blob, EffectState, Job, JobState, Number
from ledger.plan import Plan
from ledger.work import Settled
from tests.unit.ledger.office import (
    TOKYO,
    approve,
    ask,
    claim,
    decision,
    show_plan,
    two_folders,
)

REFUSAL = {"en": "no", "ja": "不可"}


def found(ledger: Ledger, job: str) -> Job:
    with ledger.read() as tx:
        return jobs.find(tx, job)


def states(ledger: Ledger, job: str) -> list[EffectState]:
    with ledger.read() as tx:
        return [step.state for step in work.steps(tx, job)]


def begin(ledger: Ledger) -> tuple[Lease, Plan]:
    """Approve a plan of two folders and make the first of them."""
    job, plan = show_plan(ledger, rendered={"0" * 64: b"bytes"})
    approve(ledger, job, plan)
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.running(tx, lease)
        assert work.intend(tx, lease, ["/"], EffectState.INTENDED, 10)
        work.settle(tx, lease, [Settled(plan.effects[0], EffectState.DONE, "https://drive/r")])
    return lease, plan


def fail(ledger: Ledger) -> tuple[Lease, Plan]:
    """Have the second folder refused."""
    lease, plan = begin(ledger)
    with ledger.write() as tx:
        work.intend(tx, lease, ["/図面"], EffectState.INTENDED, 10)
        refused = Settled(plan.effects[1], EffectState.FAILED, error=REFUSAL)
        work.settle(tx, lease, [refused])
        jobs.fail(tx, lease, REFUSAL)
    return lease, plan


def by(job: str, plan: Plan | None, who: str = "Bob") -> Decision:
    return decision(job, plan, who) if plan else Decision(job, "", f"users/{who}", who)


def test_a_job_that_no_worker_has_is_stopped_at_once(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    approve(ledger, job, plan)
    with ledger.write() as tx:
        steering.cancel(tx, by(job, plan))
    stopped = found(ledger, job)
    assert stopped.state == JobState.CANCELLED
    assert stopped.cancelled_by == "Bob"
    with ledger.write() as tx:
        assert leases.claim(tx, "worker", 10) is None
        assert tx.scalars(select(Number.void_at)).one() is not None, "its number is void"


def test_a_worker_that_plans_a_job_which_was_stopped_finds_its_lease_gone(ledger: Ledger) -> None:
    job = ask(ledger)
    lease = claim(ledger)
    with ledger.write() as tx:
        steering.cancel(tx, by(job, None))
    with pytest.raises(LeaseLost), ledger.write() as tx:
        jobs.planned(tx, lease, two_folders(), {}, approval=True)
    assert found(ledger, job).state == JobState.CANCELLED


def test_a_worker_in_the_midst_of_a_job_may_send_nothing_more_once_it_was_asked_to_stop(
    ledger: Ledger,
) -> None:
    lease, plan = begin(ledger)
    with ledger.write() as tx:
        steering.cancel(tx, by(lease.job, plan))
    with ledger.write() as tx:
        assert not work.intend(tx, lease, ["/図面"], EffectState.INTENDED, 10)
    assert states(ledger, lease.job) == [EffectState.DONE, EffectState.PLANNED]
    with ledger.write() as tx:
        jobs.stop(tx, lease)
    assert found(ledger, lease.job).state == JobState.CANCELLED


def test_a_job_that_rests_is_claimed_at_once_to_be_stopped(ledger: Ledger) -> None:
    lease, plan = begin(ledger)
    with ledger.write() as tx:
        leases.rest(tx, lease, 600, waits_for=REFUSAL)
        steering.cancel(tx, by(lease.job, plan))
    assert claim(ledger).job == lease.job


def test_a_second_stop_hears_who_was_first(ledger: Ledger) -> None:
    lease, plan = begin(ledger)
    with ledger.write() as tx:
        steering.cancel(tx, by(lease.job, plan))
    with pytest.raises(AlreadyDecided, match="Bob"), ledger.write() as tx:
        steering.cancel(tx, by(lease.job, plan, "Alice"))


def test_what_has_ended_or_is_being_taken_back_cannot_be_stopped(ledger: Ledger) -> None:
    lease, plan = fail(ledger)
    with pytest.raises(AlreadyEnded), ledger.write() as tx:
        steering.cancel(tx, by(lease.job, plan))
    with ledger.write() as tx:
        steering.undo(tx, by(lease.job, plan))
    with pytest.raises(BeingUndone), ledger.write() as tx:
        steering.cancel(tx, by(lease.job, plan))


def test_a_retry_opens_what_was_refused_and_keeps_what_is_done(ledger: Ledger) -> None:
    lease, plan = fail(ledger)
    with ledger.write() as tx:
        steering.retry(tx, by(lease.job, plan))
    again = found(ledger, lease.job)
    assert (again.state, again.failure, again.fruitless) == (JobState.QUEUED, None, 0)
    assert states(ledger, lease.job) == [EffectState.DONE, EffectState.PLANNED]


def test_a_stopped_job_that_goes_on_has_its_number_again(ledger: Ledger) -> None:
    lease, plan = begin(ledger)
    with ledger.write() as tx:
        jobs.stop(tx, lease)
    with ledger.write() as tx:
        assert tx.scalars(select(Number.void_at)).one() is not None
        steering.retry(tx, by(lease.job, plan))
    with ledger.read() as tx:
        assert tx.scalars(select(Number.void_at)).one() is None


def test_a_job_that_failed_while_it_was_planned_is_planned_anew(ledger: Ledger) -> None:
    job = ask(ledger)
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.fail(tx, lease, REFUSAL)
    with ledger.write() as tx:
        steering.retry(tx, by(job, None))
    assert found(ledger, job).state == JobState.PLANNING


def test_a_discarded_plan_cannot_be_gone_on_with(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    with ledger.write() as tx:
        approvals.discard(tx, decision(job, plan))
    with pytest.raises(NothingToRetry), ledger.write() as tx:
        steering.retry(tx, by(job, plan))
    with pytest.raises(NothingToUndo), ledger.write() as tx:
        steering.undo(tx, by(job, plan))


def test_what_was_partly_taken_back_is_not_gone_on_with(ledger: Ledger) -> None:
    lease, plan = fail(ledger)
    with ledger.write() as tx:
        steering.undo(tx, by(lease.job, plan))
    undoing = claim(ledger)
    with ledger.write() as tx:
        work.intend(tx, undoing, ["/"], EffectState.UNDOING, 10)
        work.settle(tx, undoing, [Settled(plan.effects[0], EffectState.UNDONE)])
        jobs.fail(tx, undoing, REFUSAL)
    with pytest.raises(UndoneBefore), ledger.write() as tx:
        steering.retry(tx, by(lease.job, plan))


def test_an_undone_job_keeps_its_number_as_void_and_lets_its_bytes_go_in_an_hour(
    ledger: Ledger,
) -> None:
    lease, plan = fail(ledger)
    with ledger.write() as tx:
        blobs.sweep(tx)
        assert tx.scalars(select(Blob.sha256)).all(), "a retry would need them"
        steering.undo(tx, by(lease.job, plan))
    undoing = claim(ledger)
    with ledger.write() as tx:
        jobs.undone(tx, undoing)
        blobs.sweep(tx)
        assert tx.scalars(select(Blob.sha256)).all(), "it may be compared with what was planned"
        old = now() - blobs.COMPARED - timedelta(minutes=1)
        tx.execute(update(Job).where(Job.id == lease.job).values(since=old))
        blobs.sweep(tx)
    with ledger.read() as tx:
        assert tx.scalars(select(Number.void_at)).one() is not None
        assert tx.scalars(select(Blob.sha256)).all() == []


def test_the_bytes_of_a_job_that_stopped_go_after_a_month(ledger: Ledger) -> None:
    lease, _ = fail(ledger)
    with ledger.write() as tx:
        old = now() - blobs.KEPT - timedelta(minutes=1)
        tx.execute(update(Job).where(Job.id == lease.job).values(since=old))
        blobs.sweep(tx)
        assert tx.scalars(select(Blob.sha256)).all() == []


def test_a_tap_on_a_card_with_another_plan_does_nothing(ledger: Ledger) -> None:
    lease, plan = fail(ledger)
    stale = replace(by(lease.job, plan), plan="0" * 64)
    for do in (steering.retry, steering.undo):
        with pytest.raises(StalePlan), ledger.write() as tx:
            do(tx, stale)


def test_a_question_is_answered_once(ledger: Ledger) -> None:
    lease, plan = begin(ledger)
    with ledger.write() as tx:
        work.intend(tx, lease, ["/図面"], EffectState.INTENDED, 10)
        jobs.ask_back(tx, lease)
    assert found(ledger, lease.job).state == JobState.UNSURE
    with ledger.write() as tx:
        steering.answer(tx, by(lease.job, plan), "/図面", happened=True)
    assert states(ledger, lease.job) == [EffectState.DONE, EffectState.DONE]
    assert found(ledger, lease.job).state == JobState.QUEUED
    with pytest.raises(NotUnsure), ledger.write() as tx:
        steering.answer(tx, by(lease.job, plan), "/図面", happened=False)


def test_a_plan_that_needs_two_people_waits_for_the_second(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    with ledger.write() as tx:
        assert not approvals.approve(tx, by(job, plan, "Alice"), TOKYO, needed=2)
    assert found(ledger, job).state == JobState.WAITING
    with pytest.raises(AlreadyApproved, match="1 more"), ledger.write() as tx:
        approvals.approve(tx, by(job, plan, "Alice"), TOKYO, needed=2)
    with ledger.write() as tx:
        assert approvals.approve(tx, by(job, plan, "Bob"), TOKYO, needed=2)
    assert found(ledger, job).state == JobState.QUEUED


def test_a_word_for_a_plan_that_was_planned_again_does_not_count(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    with ledger.write() as tx:
        approvals.approve(tx, by(job, plan, "Alice"), TOKYO, needed=2)
        approvals.edit(tx, by(job, plan, "Bob"), {"name": "鈴木邸"}, "鈴木邸")
    with ledger.write() as tx:
        claimed = leases.claim(tx, "worker", 10)
        assert claimed
        jobs.planned(tx, claimed[0], plan, {}, approval=True)
        assert not approvals.approve(tx, by(job, plan, "Bob"), TOKYO, needed=2)


def test_a_plan_that_nobody_decides_on_is_reminded_of_once_and_expires(ledger: Ledger) -> None:
    job, _ = show_plan(ledger)
    later = now() + timedelta(minutes=1)
    with ledger.write() as tx:
        assert jobs.remind(tx, now() - timedelta(minutes=1)) == []
        assert jobs.remind(tx, later) == [job]
        assert jobs.remind(tx, later) == []
        assert jobs.expire(tx, later) == [job]
    assert found(ledger, job).state == JobState.EXPIRED


def test_asking_again_is_a_job_of_its_own_and_a_doubled_tap_is_one(ledger: Ledger) -> None:
    job, _ = show_plan(ledger)
    with ledger.write() as tx:
        old = jobs.find(tx, job)
        assert jobs.ask_again(tx, old, "n" * 24, "users/2", "Bob")
        assert not jobs.ask_again(tx, old, "m" * 24, "users/2", "Bob")
    again = found(ledger, "n" * 24)
    assert (again.state, again.request, again.asker_name) == (
        JobState.PLANNING,
        {"name": "鈴木邸"},
        "Bob",
    )


def test_the_audit_tells_who_did_what_to_which_plan_and_what_came_of_it(ledger: Ledger) -> None:
    lease, plan = fail(ledger)
    with ledger.write() as tx:
        steering.undo(tx, by(lease.job, plan))
    with ledger.read() as tx:
        rows = tx.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [(row.what, row.who_name, row.effect) for row in rows] == [
        ("asked", "Alice", None),
        ("planned", None, None),
        ("approved", "Alice", None),
        ("effect.done", None, "/"),
        ("effect.failed", None, "/図面"),
        ("failed", None, None),
        ("undo_asked", "Bob", None),
    ]
    assert rows[2].plan_hash == plan.hash
    assert rows[3].link == "https://drive/r"
    assert rows[4].details == REFUSAL
