"""A person may have so many requests open and no more, also of those that come at once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from errors.asking import TooManyOpen
from ledger import jobs, steering
from ledger.database import Ledger, now
from ledger.models import Job, JobState
from ledger.plan import Plan
from tests.unit.ledger.office import ALICE, BOB, asked, claim, decision, show_plan

MOST = 5


def ask(ledger: Ledger, **changes: object) -> bool:
    with ledger.write() as tx:
        return jobs.ask(tx, asked(**changes), MOST)


def there(ledger: Ledger) -> int:
    with ledger.read() as tx:
        return tx.scalar(select(func.count()).select_from(Job)) or 0


def bring_to(ledger: Ledger, state: JobState, **values: object) -> None:
    with ledger.write() as tx:
        tx.execute(update(Job).values(state=state, **values))


def test_what_is_one_too_many_is_refused_with_how_many_are_open(ledger: Ledger) -> None:
    assert all(ask(ledger) for _ in range(MOST))
    with pytest.raises(TooManyOpen) as refused:
        ask(ledger)
    assert there(ledger) == MOST
    for locale in ("ja", "en"):
        said = refused.value.say(locale)
        assert str(MOST) in said
        assert "/jobs" in said


@pytest.mark.parametrize("state", JobState)
def test_what_has_ended_or_waits_for_a_look_is_not_open(ledger: Ledger, state: JobState) -> None:
    for _ in range(MOST):
        ask(ledger)
    bring_to(ledger, state)
    if state in ("planning", "waiting", "queued", "running", "undoing"):
        with pytest.raises(TooManyOpen):
            ask(ledger)
    else:
        assert ask(ledger)


def test_a_reminder_for_later_is_open_too(ledger: Ledger) -> None:
    for _ in range(MOST):
        assert ask(ledger)
        lease = claim(ledger)
        with ledger.write() as tx:
            plan = Plan(effects=(), not_before=now() + timedelta(days=30))
            jobs.planned(tx, lease, plan, {}, approval=False)
    with pytest.raises(TooManyOpen):
        ask(ledger)


def test_one_persons_requests_are_not_anothers(ledger: Ledger) -> None:
    for n in range(MOST):
        ask(ledger, space=f"spaces/{n}")
    with pytest.raises(TooManyOpen):
        ask(ledger, space="spaces/another")
    assert ask(ledger, asker=BOB)


def test_what_somebody_retries_is_open_for_them_and_not_for_who_asked(ledger: Ledger) -> None:
    for _ in range(MOST):
        job, plan = show_plan(ledger, Plan(effects=()))
        bring_to(ledger, JobState.FAILED)
        with ledger.write() as tx:
            steering.retry(tx, decision(job, plan, "Bob"))
        claim(ledger)
    with ledger.write() as tx:
        tx.execute(update(Job).values(state=JobState.QUEUED))
    assert ask(ledger)
    with pytest.raises(TooManyOpen):
        ask(ledger, asker="users/Bob")


def test_what_the_clock_asks_for_is_not_counted(ledger: Ledger) -> None:
    for _ in range(2 * MOST):
        with ledger.write() as tx:
            assert jobs.ask(tx, asked(asker=""))
    assert ask(ledger)


def test_a_form_that_is_sent_twice_is_one_request_also_for_who_has_no_room_left(
    ledger: Ledger,
) -> None:
    for n in range(MOST):
        assert ask(ledger, form=f"f{n}")
    assert not ask(ledger, form="f0")
    with pytest.raises(TooManyOpen):
        ask(ledger, form="another")
    assert there(ledger) == MOST


def test_the_same_is_asked_for_again_only_where_there_is_room(ledger: Ledger) -> None:
    ask(ledger)
    bring_to(ledger, JobState.CANCELLED)
    with ledger.read() as tx:
        (old,) = tx.scalars(select(Job))
    for _ in range(MOST):
        ask(ledger)
    with pytest.raises(TooManyOpen), ledger.write() as tx:
        jobs.ask_again(tx, old, "n" * 24, ALICE, "Alice", MOST)
    with ledger.write() as tx:
        assert jobs.ask_again(tx, old, "n" * 24, BOB, "Bob", MOST)


def test_of_many_that_come_at_once_no_more_pass_than_may(ledger: Ledger) -> None:
    count = 16
    together = threading.Barrier(count)
    outcomes: list[bool] = []

    def one(number: int) -> None:
        together.wait()
        try:
            outcomes.append(ask(ledger, space=f"spaces/{number}", form=f"f{number}"))
        except TooManyOpen:
            outcomes.append(False)

    threads = [threading.Thread(target=one, args=[number]) for number in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == [False] * (count - MOST) + [True] * MOST
    assert there(ledger) == MOST


def test_a_name_of_the_longest_kind_is_counted_too(ledger: Ledger) -> None:
    long = "users/" + "係" * 494
    assert ask(ledger, asker=long)
    assert claim(ledger)
