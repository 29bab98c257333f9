"""Work is taken up in turns: nobody waits for more than two jobs of anybody else."""

import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from ledger import approvals, jobs, leases, steering, work
from ledger.database import Ledger, now
from ledger.leases import Lease
from ledger.models import Asker, EffectState, Job, JobState
from ledger.plan import Plan
from ledger.work import Settled
from tests.unit.ledger.office import approve, ask, claim, decision, show_plan, two_folders

CLOCK = ""


def ask_as(ledger: Ledger, who: str, space: str = "spaces/AAA") -> str:
    return ask(ledger, asker=who, asker_name=who, space=space)


def next_job(ledger: Ledger) -> str:
    """Claim the next job, and let it end."""
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.fail(tx, lease, {"en": "no", "ja": "no"})
    return lease.job


def taken_up(ledger: Ledger, number: int) -> list[str]:
    return [next_job(ledger) for _ in range(number)]


def test_who_asks_once_waits_for_no_more_than_one_of_a_hundred(ledger: Ledger) -> None:
    hers = [ask_as(ledger, "Alice") for _ in range(100)]
    assert taken_up(ledger, 3) == hers[:3]
    his = ask_as(ledger, "Bob")
    assert his in taken_up(ledger, 2)


def test_who_was_served_a_moment_ago_waits_for_no_more_than_one_either(ledger: Ledger) -> None:
    hers = [ask_as(ledger, "Alice") for _ in range(10)]
    assert next_job(ledger) == hers[0]
    ask_as(ledger, "Bob")
    next_job(ledger)
    his = ask_as(ledger, "Bob")
    assert taken_up(ledger, 2) == [hers[1], his]


def test_whose_jobs_are_many_has_them_done_in_their_order_between_the_others(
    ledger: Ledger,
) -> None:
    hers = [ask_as(ledger, "Alice") for _ in range(4)]
    his = [ask_as(ledger, "Bob") for _ in range(2)]
    assert taken_up(ledger, 6) == [hers[0], his[0], hers[1], his[1], hers[2], hers[3]]


def test_many_people_with_many_jobs_are_served_round_and_round(ledger: Ledger) -> None:
    people = [f"users/{n}" for n in range(8)]
    whose = {ask_as(ledger, who): who for who in people for _ in range(4)}
    order = [whose[job] for job in taken_up(ledger, len(whose))]
    assert [set(order[n : n + 8]) for n in range(0, 32, 8)] == [set(people)] * 4


def test_a_person_in_several_spaces_is_one_person(ledger: Ledger) -> None:
    for n in range(6):
        ask_as(ledger, "Alice", f"spaces/{n}")
    assert len(taken_up(ledger, 2)) == 2
    his = ask_as(ledger, "Bob", "spaces/0")
    assert his in taken_up(ledger, 2)


def test_what_the_clock_asks_for_holds_nobody_up_and_is_not_held_up(ledger: Ledger) -> None:
    hers = [ask_as(ledger, "Alice") for _ in range(3)]
    assert next_job(ledger) == hers[0]
    clocks = [ask_as(ledger, CLOCK) for _ in range(3)]
    assert taken_up(ledger, 3) == [clocks[0], hers[1], clocks[1]]


def test_applying_waits_for_no_more_than_one_of_anothers_plannings(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    for _ in range(50):
        ask_as(ledger, "Bob")
    taken_up(ledger, 2)
    approve(ledger, job, plan)
    assert job in taken_up(ledger, 2)


def test_a_reminder_for_later_is_no_turn_until_its_time_has_come(ledger: Ledger) -> None:
    later = ask_as(ledger, "Bob")
    lease = claim(ledger)
    with ledger.write() as tx:
        plan = Plan(effects=(), not_before=now() + timedelta(hours=1))
        jobs.planned(tx, lease, plan, {}, approval=False)
    hers = [ask_as(ledger, "Alice") for _ in range(4)]
    assert taken_up(ledger, 2) == hers[:2]
    with ledger.write() as tx:
        tx.execute(update(Job).where(Job.id == later).values(not_before=now()))
    assert later in taken_up(ledger, 2)


def test_a_job_that_rests_and_comes_back_takes_its_persons_turn_and_not_anothers(
    ledger: Ledger,
) -> None:
    ask_as(ledger, "Alice")
    for _ in range(3):
        lease = claim(ledger)
        with ledger.write() as tx:
            leases.rest(tx, lease, -1)
    his = ask_as(ledger, "Bob")
    assert claim(ledger).job == his


def failed(ledger: Ledger, count: int) -> list[str]:
    """Alice's jobs, which failed half done."""
    found = []
    for _ in range(count):
        job, plan = show_plan(ledger)
        approve(ledger, job, plan)
        lease = claim(ledger)
        done = [Settled(plan.effects[0], EffectState.DONE)]
        with ledger.write() as tx:
            work.settle(tx, lease, done)
            jobs.fail(tx, lease, {"en": "no", "ja": "no"})
        found.append(job)
    return found


def test_what_somebody_retries_takes_their_turn_and_not_the_askers(ledger: Ledger) -> None:
    for job in failed(ledger, 4):
        with ledger.write() as tx:
            steering.retry(tx, decision(job, two_folders(), "Bob"))
    taken_up(ledger, 1)
    hers = ask(ledger)
    assert hers in taken_up(ledger, 2), "it is not behind all that Bob retries of hers"


def test_what_somebody_edits_takes_their_turn_and_not_the_askers(ledger: Ledger) -> None:
    for job, plan in [show_plan(ledger) for _ in range(4)]:
        with ledger.write() as tx:
            approvals.edit(tx, decision(job, plan, "Bob"), {"name": "田中邸"}, "田中邸")
    taken_up(ledger, 1)
    hers = ask(ledger)
    assert hers in taken_up(ledger, 2)


def test_what_somebody_takes_back_takes_their_turn_and_not_the_askers(ledger: Ledger) -> None:
    for job in failed(ledger, 3):
        with ledger.write() as tx:
            steering.undo(tx, decision(job, two_folders(), "Bob"))
    taken_up(ledger, 1)
    hers = ask(ledger)
    assert hers in taken_up(ledger, 2)


def test_who_a_release_before_this_one_wrote_down_is_served_too(ledger: Ledger) -> None:
    """It knows of no turns, so there are jobs of people who have none."""
    his = ask_as(ledger, "Bob")
    with ledger.write() as tx:
        tx.execute(delete(Asker))
        tx.execute(update(Job).values(turn_of=None))
    assert next_job(ledger) == his


@pytest.mark.parametrize("workers", [2, 8])
def test_workers_that_claim_at_once_keep_the_turns(ledger: Ledger, workers: int) -> None:
    whose = {ask_as(ledger, "Alice"): "Alice" for _ in range(30)}
    taken_up(ledger, 2)
    whose |= {ask_as(ledger, "Bob"): "Bob" for _ in range(4)}
    together, order = threading.Barrier(workers), list[str]()
    one_line = threading.Lock()

    def work() -> None:
        together.wait()
        while True:
            with ledger.write() as tx:
                found = leases.claim(tx, threading.current_thread().name, 30)
            if found is None:
                return
            with one_line:
                order.append(found[0].job)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(order) == sorted(whose.keys() - gone(ledger)), "each once"
    last = max(at for at, job in enumerate(order) if whose[job] == "Bob")
    hers_before = Counter(whose[job] for job in order[: last + 1])["Alice"]
    # What was noted here may be noted a little later than it was claimed.
    assert hers_before <= 2 * 4 + workers


def gone(ledger: Ledger) -> set[str]:
    with ledger.read() as tx:
        return {job.id for job in tx.query(Job) if job.state == JobState.FAILED}


# Whoever comes when, and however their jobs go


class House:
    """Plays what happens, and watches who is served before whom."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.waiting: defaultdict[str, list[str]] = defaultdict(list)
        self.whose: dict[str, str] = {}
        self.others: dict[str, Counter[str]] = {}
        """Of each person with something waiting: who was served since it is their next."""
        self.working: list[Lease] = []

    def asks(self, who: str) -> None:
        job = ask_as(self.ledger, who)
        self.whose[job] = who
        self._comes(who, job)

    def takes_up(self) -> None:
        with self.ledger.write() as tx:
            found = leases.claim(tx, "worker", 3600)
        if found is None:
            assert not any(self.waiting.values())
            return
        lease, _ = found
        who = self.whose[lease.job]
        self.waiting[who].remove(lease.job)
        self.working.append(lease)
        for other, served in self.others.items():
            if other != who:
                served[who] += 1
                assert served[who] <= 2, f"{other} waited for {served[who]} jobs of {who}"
        del self.others[who]
        if self.waiting[who]:
            self.others[who] = Counter()

    def ends(self) -> None:
        if self.working:
            with self.ledger.write() as tx:
                jobs.fail(tx, self.working.pop(0), {"en": "no", "ja": "no"})

    def comes_back(self) -> None:
        """A job is given back, as by a worker that is stopped."""
        if self.working:
            lease = self.working.pop()
            with self.ledger.write() as tx:
                leases.give_back(tx, lease)
            self._comes(self.whose[lease.job], lease.job)

    def _comes(self, who: str, job: str) -> None:
        self.waiting[who].append(job)
        self.others.setdefault(who, Counter())


ASKS = st.sampled_from(["Alice", "Alice", "Alice", "Bob", "Carol", CLOCK]).map(
    lambda who: ("asks", who)
)
OTHER = st.sampled_from([("takes_up",), ("takes_up",), ("ends",), ("comes_back",)])


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(happens=st.lists(ASKS | OTHER, min_size=10, max_size=50))
def test_whatever_happens_nobody_waits_for_more_than_two_of_anothers_and_all_are_served(
    ledger: Ledger, happens: Sequence[tuple[str, ...]]
) -> None:
    house = House(ledger)
    for what, *whom in happens:
        getattr(house, what)(*whom)
    while any(house.waiting.values()):
        house.takes_up()
    while house.working:
        house.ends()
