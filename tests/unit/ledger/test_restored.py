"""After a restore nothing goes on by itself that may have gone on since the backup."""

from datetime import timedelta

from sqlalchemy import select, update

from errors.work import RestoredSince
from ledger import approvals, jobs, leases, owed, posts, restored, steering, work
from ledger.database import Ledger, now
from ledger.leases import Lease
from ledger.models import EffectState, Job, JobState, LeaseRow, OwedMessage
from ledger.plan import Plan
from ledger.work import Settled
from tests.unit.ledger.office import TOKYO, approve, ask, claim, decision, show_plan

WHY = RestoredSince(moment="2026-11-22 09:30").both()
PLANNED, INTENDED, DONE = EffectState.PLANNED, EffectState.INTENDED, EffectState.DONE


def doubt(ledger: Ledger) -> restored.Held:
    with ledger.write() as tx:
        return restored.doubt(tx, WHY)


def found(ledger: Ledger, job: str) -> Job:
    with ledger.read() as tx:
        return jobs.find(tx, job)


def states(ledger: Ledger, job: str) -> list[EffectState]:
    with ledger.read() as tx:
        return [step.state for step in work.steps(tx, job)]


def begun(ledger: Ledger) -> tuple[Lease, Plan]:
    """A worker has made the first of two folders, and is about to make the second."""
    job, plan = show_plan(ledger)
    approve(ledger, job, plan)
    lease = claim(ledger, seconds=3600)
    with ledger.write() as tx:
        jobs.running(tx, lease)
        work.intend(tx, lease, ["/"], INTENDED, 10)
        work.settle(tx, lease, [Settled(plan.effects[0], DONE)])
    return lease, plan


def test_what_was_under_way_waits_for_a_person_who_lets_it_go_on(ledger: Ledger) -> None:
    lease, plan = begun(ledger)
    assert doubt(ledger) == restored.Held(unsure=1, waiting=0)
    job = found(ledger, lease.job)
    assert (job.state, job.failure, job.lease_until) == (JobState.UNSURE, WHY, None)
    with ledger.write() as tx:
        assert leases.claim(tx, "worker", 30) is None
        steering.retry(tx, decision(lease.job, plan))
    job = found(ledger, lease.job)
    assert (job.state, job.failure) == (JobState.QUEUED, None)
    assert claim(ledger).job == lease.job


def test_what_was_still_to_be_done_may_have_been_sent_since(ledger: Ledger) -> None:
    lease, plan = begun(ledger)
    failed, _ = begun(ledger)
    with ledger.write() as tx:
        work.intend(tx, failed, ["/図面"], INTENDED, 10)
        work.settle(tx, failed, [Settled(plan.effects[1], EffectState.FAILED, error=WHY)])
        jobs.fail(tx, failed, WHY)
    ended, _ = begun(ledger)
    with ledger.write() as tx:
        jobs.finish(tx, ended)
    before = states(ledger, ended.job)
    doubt(ledger)
    assert states(ledger, lease.job) == [DONE, INTENDED]
    assert states(ledger, failed.job) == [DONE, INTENDED]
    assert found(ledger, failed.job).state == JobState.FAILED
    assert states(ledger, ended.job) == before


def test_what_was_only_asked_for_is_planned_anew_if_a_person_says_so(ledger: Ledger) -> None:
    job = ask(ledger)
    doubt(ledger)
    assert found(ledger, job).state == JobState.UNSURE
    with ledger.write() as tx:
        steering.retry(tx, steering.Decision(job, "", "users/1", "Alice"))
    assert found(ledger, job).state == JobState.PLANNING


def test_what_was_being_taken_back_waits_and_can_be_taken_back(ledger: Ledger) -> None:
    lease, plan = begun(ledger)
    with ledger.write() as tx:
        jobs.stop(tx, lease)
        steering.undo(tx, decision(lease.job, plan))
    doubt(ledger)
    assert found(ledger, lease.job).state == JobState.UNSURE
    with ledger.write() as tx:
        steering.undo(tx, decision(lease.job, plan))
    assert claim(ledger).job == lease.job


def test_it_can_be_stopped_for_good_and_then_says_nothing_of_the_restore(ledger: Ledger) -> None:
    lease, plan = begun(ledger)
    doubt(ledger)
    with ledger.write() as tx:
        steering.cancel(tx, decision(lease.job, plan))
    job = found(ledger, lease.job)
    assert (job.state, job.failure) == (JobState.CANCELLED, None)


def test_a_reminder_still_comes_at_its_time(ledger: Ledger) -> None:
    job = ask(ledger)
    due = now() + timedelta(hours=1)
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.planned(tx, lease, Plan(effects=(), not_before=due), {}, approval=False)
    assert doubt(ledger).unsure == 0
    job_then = found(ledger, job)
    assert (job_then.state, job_then.not_before) == (JobState.QUEUED, due)


def test_a_plan_waits_on_with_a_warning_and_all_its_time(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    long_ago = now() - timedelta(days=30)
    with ledger.write() as tx:
        approvals.approve(tx, decision(job, plan, "Alice"), TOKYO, needed=2)
        tx.execute(update(Job).values(since=long_ago, reminded=True))
    assert doubt(ledger) == restored.Held(unsure=0, waiting=1)
    with ledger.write() as tx:
        assert jobs.expire(tx, now() - timedelta(days=7)) == []
        waits = jobs.find(tx, job)
        assert (waits.state, waits.waits_for) == (JobState.WAITING, WHY)
        assert not approvals.approve(tx, decision(job, plan, "Bob"), TOKYO, needed=2), (
            "who approved before the backup may have thought otherwise since"
        )


def test_its_message_is_none_that_was_sent_after_the_backup(ledger: Ledger) -> None:
    """The usual id is taken if the job has ended since: to adopt that message tells nobody."""
    lease, _ = begun(ledger)
    doubt(ledger)
    with ledger.read() as tx:
        results = select(OwedMessage).where(OwedMessage.role == owed.RESULT)
        (message,) = tx.scalars(results)
    assert message.message_id.startswith(f"client-{lease.job}-restored-")
    assert len(message.message_id) <= 60, "room for the number of one that was deleted"


def test_nothing_is_held_by_a_process_of_then(ledger: Ledger) -> None:
    ask(ledger)
    with ledger.write() as tx:
        assert posts.hold(tx, "clock", "gone", 3600)
        tx.execute(update(OwedMessage).values(due_at=now()))
        assert owed.take_due(tx, "gone", 3600)
    doubt(ledger)
    with ledger.write() as tx:
        assert tx.scalars(select(LeaseRow)).all() == []
        assert owed.take_due(tx, "worker", 30)
