import hashlib
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from errors.asking import AlreadyDecided, AskingError, JobUnknown, StalePlan
from errors.work import LeaseLost
from ledger import approvals, jobs, leases, work
from ledger.database import Ledger, now
from ledger.models import EffectState, Job, JobState, Number, OwedMessage
from ledger.plan import Plan
from ledger.work import Settled
from tests.unit.ledger.office import (
    TOKYO,
    approve,
    ask,
    asked,
    claim,
    decision,
    show_plan,
    two_folders,
)


def state_of(ledger: Ledger, job: str) -> JobState:
    with ledger.read() as tx:
        return JobState(jobs.find(tx, job).state)


def let_lease_run_out(ledger: Ledger, job: str) -> None:
    with ledger.write() as tx:
        past = now() - timedelta(seconds=1)
        tx.execute(update(Job).where(Job.id == job).values(lease_until=past))


def test_a_request_and_the_card_it_is_owed_are_written_together(ledger: Ledger) -> None:
    job = ask(ledger)
    with ledger.read() as tx:
        owed = tx.scalars(select(OwedMessage).where(OwedMessage.job_id == job)).one()
    assert (owed.message_id, owed.role, owed.delivered) == (f"client-{job}", "card", 0)


def test_a_form_that_is_sent_twice_is_one_request(ledger: Ledger) -> None:
    ask(ledger, form="f1")
    with ledger.write() as tx:
        assert not jobs.ask(tx, asked(form="f1"))
    with ledger.read() as tx:
        assert len(tx.scalars(select(Job)).all()) == 1


def test_two_requests_without_a_form_stay_two(ledger: Ledger) -> None:
    assert ask(ledger) != ask(ledger)


def test_the_job_that_waited_longest_is_claimed_first(ledger: Ledger) -> None:
    first, second = ask(ledger), ask(ledger)
    assert [claim(ledger).job, claim(ledger).job] == [first, second]


def test_a_claimed_job_is_nobody_elses_until_its_lease_runs_out(ledger: Ledger) -> None:
    job = ask(ledger)
    first = claim(ledger, "one")
    with ledger.write() as tx:
        assert leases.claim(tx, "two", 30) is None
    let_lease_run_out(ledger, job)
    second = claim(ledger, "two")
    assert (second.job, second.attempt) == (job, first.attempt + 1)


def test_many_workers_claim_every_job_once(ledger: Ledger) -> None:
    wanted = {ask(ledger) for _ in range(12)}
    claimed: list[str] = []

    def work_on() -> None:
        while True:
            with ledger.write() as tx:
                found = leases.claim(tx, threading.current_thread().name, 30)
            if found is None:
                return
            claimed.append(found[0].job)

    workers = [threading.Thread(target=work_on) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(claimed) == sorted(wanted)


def test_a_worker_that_was_taken_over_can_record_nothing(ledger: Ledger) -> None:
    job = ask(ledger)
    late = claim(ledger, "late")
    let_lease_run_out(ledger, job)
    claim(ledger, "next")
    for change in (
        lambda tx: jobs.planned(tx, late, two_folders(), {}, approval=True),
        lambda tx: jobs.running(tx, late),
        lambda tx: work.intend(tx, late, ["/"], EffectState.INTENDED, 10),
        lambda tx: work.settle(tx, late, [Settled(two_folders().effects[0], EffectState.DONE)]),
        lambda tx: jobs.finish(tx, late),
        lambda tx: jobs.fail(tx, late, {"en": "no", "ja": "no"}),
        lambda tx: leases.say_waiting(tx, late, {"en": "Google", "ja": "Google"}),
        lambda tx: leases.rest(tx, late, 10),
        lambda tx: leases.give_back(tx, late),
    ):
        with pytest.raises(LeaseLost), ledger.write() as tx:
            change(tx)
    assert state_of(ledger, job) == JobState.PLANNING


def test_a_worker_that_slept_past_its_lease_can_record_nothing_even_if_nobody_took_over(
    ledger: Ledger,
) -> None:
    job = ask(ledger)
    lease = claim(ledger)
    let_lease_run_out(ledger, job)
    with pytest.raises(LeaseLost), ledger.write() as tx:
        jobs.planned(tx, lease, two_folders(), {}, approval=True)


def test_making_a_lease_last_never_shortens_it(ledger: Ledger) -> None:
    job = ask(ledger)
    lease = claim(ledger, seconds=300)
    with ledger.write() as tx:
        leases.fence(tx, lease, 5)
    with ledger.read() as tx:
        until = jobs.find(tx, job).lease_until
    assert until is not None
    assert until > now() + timedelta(seconds=200)


def test_approval_binds_the_number_and_queues_the_bound_effects(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    approve(ledger, job, plan)
    year = now().astimezone(TOKYO).year
    with ledger.read() as tx:
        found = jobs.find(tx, job)
        steps = work.steps(tx, job)
    assert found.state == JobState.QUEUED
    assert found.bindings == {"number": f"P-{year}-0001"}
    assert steps[0].effect.data["name"] == f"P-{year}-0001 鈴木邸"


def test_numbers_have_no_gaps_whatever_is_discarded(ledger: Ledger) -> None:
    shown = [show_plan(ledger) for _ in range(3)]
    for (job, plan), discarded in zip(shown, (False, True, False), strict=True):
        if discarded:
            with ledger.write() as tx:
                approvals.discard(tx, decision(job, plan))
        else:
            approve(ledger, job, plan)
    with ledger.read() as tx:
        assert tx.scalars(select(Number.number).order_by(Number.number)).all() == [1, 2]


def test_a_plan_that_is_no_longer_shown_cannot_be_approved(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    with ledger.write() as tx:
        approvals.edit(tx, decision(job, plan), {"name": "田中邸"}, "田中邸")
    with pytest.raises(StalePlan):
        approve(ledger, job, plan)


def test_of_two_people_who_tap_at_once_one_wins_and_the_other_is_told_who(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    approve(ledger, job, plan, who="Alice")
    with pytest.raises(AlreadyDecided) as refused:
        approve(ledger, job, plan, who="Bob")
    assert "Alice" in refused.value.say("ja")


def test_of_two_people_who_edit_the_second_is_told_that_the_plan_is_stale(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    with ledger.write() as tx:
        approvals.edit(tx, decision(job, plan, "Alice"), {"name": "田中邸"}, "田中邸")
    with pytest.raises(StalePlan), ledger.write() as tx:
        approvals.edit(tx, decision(job, plan, "Bob"), {"name": "山田邸"}, "山田邸")


@pytest.mark.parametrize("first", ["approve", "edit", "discard"])
@pytest.mark.parametrize("second", ["approve", "edit", "discard"])
def test_decisions_at_the_same_moment_wait_for_each_other_and_one_wins(
    ledger: Ledger, first: str, second: str
) -> None:
    job, plan = show_plan(ledger)
    decides = {
        "approve": lambda tx: approvals.approve(tx, decision(job, plan), TOKYO),
        "discard": lambda tx: approvals.discard(tx, decision(job, plan)),
        "edit": lambda tx: approvals.edit(tx, decision(job, plan), {"name": "田"}, "田"),
    }
    refused: list[AskingError] = []
    began = threading.Event()

    def decide_second() -> None:
        began.set()
        try:
            with ledger.write() as tx:
                decides[second](tx)
        except AskingError as error:
            refused.append(error)

    other = threading.Thread(target=decide_second)
    with ledger.write() as tx:
        decides[first](tx)
        other.start()
        began.wait()
        other.join(0.2)  # it gets as far as it can before this transaction ends
    other.join()
    assert len(refused) == 1


def test_a_number_that_was_drawn_stays_with_its_job_when_it_is_approved_again(
    ledger: Ledger,
) -> None:
    job, plan = show_plan(ledger)
    approve(ledger, job, plan)
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.plan_again(tx, lease)
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.planned(tx, lease, plan, {}, approval=True)
    approve(ledger, job, plan)
    with ledger.read() as tx:
        assert tx.scalars(select(Number.number)).all() == [1]


def test_waiting_for_google_is_no_fruitless_attempt_and_a_broken_one_is(ledger: Ledger) -> None:
    job = ask(ledger)
    lease = claim(ledger)
    with ledger.write() as tx:
        leases.rest(tx, lease, 0, waits_for={"en": "Google", "ja": "Google"})
    with ledger.read() as tx:
        assert jobs.find(tx, job).fruitless == 0
        assert jobs.find(tx, job).waits_for == {"en": "Google", "ja": "Google"}
    lease = claim(ledger)
    with ledger.write() as tx:
        leases.rest(tx, lease, 0)
    with ledger.read() as tx:
        assert jobs.find(tx, job).fruitless == 1


def test_a_plan_whose_templates_changed_is_planned_again_and_keeps_no_effects(
    ledger: Ledger,
) -> None:
    job, plan = show_plan(ledger)
    approve(ledger, job, plan)
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.plan_again(tx, lease)
    with ledger.read() as tx:
        assert work.steps(tx, job) == []
    assert state_of(ledger, job) == JobState.PLANNING


def test_a_job_that_is_given_back_counts_no_fruitless_attempt(ledger: Ledger) -> None:
    job = ask(ledger)
    lease = claim(ledger)
    with ledger.write() as tx:
        leases.give_back(tx, lease)
    with ledger.read() as tx:
        assert jobs.find(tx, job).fruitless == 0
    assert claim(ledger).attempt == 2


def test_an_outcome_makes_earlier_attempts_not_fruitless(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    approve(ledger, job, plan)
    lease = claim(ledger)
    with ledger.write() as tx:
        work.intend(tx, lease, ["/"], EffectState.INTENDED, 10)
        work.settle(
            tx, lease, [Settled(plan.effects[0], EffectState.DONE, "https://drive.example/r")]
        )
    with ledger.read() as tx:
        assert jobs.find(tx, job).fruitless == 0
        assert work.counts(tx, job) == {EffectState.DONE: 1, EffectState.PLANNED: 1}
        assert work.link(tx, job, "/") == "https://drive.example/r"
        assert [step.state for step in work.steps(tx, job)] == [
            EffectState.DONE,
            EffectState.PLANNED,
        ]


def test_a_finished_job_owes_its_result_and_a_new_card(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    approve(ledger, job, plan)
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.finish(tx, lease)
    with ledger.read() as tx:
        owed = tx.scalars(select(OwedMessage).order_by(OwedMessage.role)).all()
    assert [message.role for message in owed] == ["card", "result"]
    assert all(message.delivered < message.wanted for message in owed)


def test_a_job_nobody_knows_is_a_sentence(ledger: Ledger) -> None:
    with pytest.raises(JobUnknown), ledger.read() as tx:
        jobs.find(tx, "no-such-job")


def test_a_job_is_nobodys_before_its_time(ledger: Ledger) -> None:
    job = ask(ledger)
    lease = claim(ledger)
    at = now() + timedelta(hours=1)
    with ledger.write() as tx:
        jobs.planned(tx, lease, Plan(effects=(), not_before=at), {}, approval=False)
    with ledger.write() as tx:
        assert leases.claim(tx, "worker", 30) is None
        assert jobs.find(tx, job).not_before == at
        tx.execute(update(Job).values(not_before=now()))
    assert claim(ledger).job == job


def test_what_a_plan_begins_at_is_part_of_what_is_approved() -> None:
    at_once = Plan(effects=())
    body = '{"effects": [], "headline": null, "slots": []}'
    assert at_once.hash == hashlib.sha256(body.encode()).hexdigest(), "as it always was"
    noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert len({at_once.hash, *(Plan(effects=(), not_before=t).hash for t in (noon, now()))}) == 3


def test_a_job_is_about_what_its_look_has_found(ledger: Ledger) -> None:
    plain, _ = show_plan(ledger)
    looked, _ = show_plan(ledger, two_folders().model_copy(update={"subject": "鈴木製作所"}))
    with ledger.read() as tx:
        assert jobs.find(tx, plain).subject == "鈴木邸"
        assert jobs.find(tx, looked).subject == "鈴木製作所"
