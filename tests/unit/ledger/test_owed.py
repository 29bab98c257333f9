from datetime import timedelta

import pytest
from sqlalchemy import select, update

from errors.work import LeaseLost
from ledger import approvals, jobs, owed
from ledger.database import Ledger, now
from ledger.models import Job, OwedMessage
from tests.unit.ledger.office import approve, ask, claim, decision, show_plan


@pytest.fixture
def finished(ledger: Ledger) -> str:
    """A job whose result and last card are owed."""
    job, plan = show_plan(ledger)
    approve(ledger, job, plan)
    lease = claim(ledger)
    with ledger.write() as tx:
        jobs.finish(tx, lease)
    return job


def take(ledger: Ledger, holder: str = "worker") -> owed.Held | None:
    with ledger.write() as tx:
        return owed.take_due(tx, holder, seconds=30)


def deliver_all(ledger: Ledger) -> list[str]:
    """Deliver everything that is due; return the ids in their order."""
    told = []
    while held := take(ledger):
        told.append(held.message_id)
        with ledger.write() as tx:
            owed.delivered(tx, held, f"{held.space}/messages/{held.message_id}")
    return told


def end_again(ledger: Ledger, job: str) -> None:
    with ledger.write() as tx:
        owed.owe_result(tx, jobs.find(tx, job))


def remind(ledger: Ledger, job: str) -> None:
    with ledger.write() as tx:
        owed.owe_reminder(tx, jobs.find(tx, job))


def rows(ledger: Ledger) -> dict[str, OwedMessage]:
    with ledger.read() as tx:
        return {row.role: row for row in tx.scalars(select(OwedMessage))}


def test_a_new_card_waits_a_moment_so_that_the_plan_needs_no_second_write(ledger: Ledger) -> None:
    ask(ledger)
    assert take(ledger) is None


def test_results_go_before_cards(ledger: Ledger, finished: str) -> None:
    roles = [held.role for held in iter(lambda: take(ledger), None)]
    assert roles == ["result", "card"]


def test_an_edit_waits_for_the_result_whoever_delivers_that(ledger: Ledger, finished: str) -> None:
    with ledger.write() as tx:
        posted = update(OwedMessage).where(OwedMessage.role == "card")
        tx.execute(posted.values(name="spaces/AAA/messages/1.1"))
    result = take(ledger, "one")
    assert take(ledger, "two") is None
    assert result is not None
    with ledger.write() as tx:
        owed.delivered(tx, result, "spaces/AAA/messages/2.2")
    edit = take(ledger, "two")
    assert edit is not None
    assert edit.role == "card"


def test_a_message_is_one_holders_at_a_time(ledger: Ledger, finished: str) -> None:
    taken = [take(ledger, "one"), take(ledger, "two"), take(ledger, "three")]
    assert [held.role if held else None for held in taken] == ["result", "card", None]


def test_a_holder_that_died_loses_the_message_after_a_while(ledger: Ledger, finished: str) -> None:
    take(ledger, "dead")
    with ledger.write() as tx:
        tx.execute(update(OwedMessage).values(held_until=now() - timedelta(seconds=1)))
    again = take(ledger, "alive")
    assert again is not None
    assert again.role == "result"


def take_after_a_stop(ledger: Ledger) -> owed.Held:
    """Take the card and hold it for longer than one may; what comes next is another's."""
    stopped = take(ledger, "stopped")
    assert stopped is not None
    with ledger.write() as tx:
        tx.execute(update(OwedMessage).values(held_until=now() - timedelta(seconds=1)))
    return stopped


def test_a_card_is_written_once_more_where_an_older_one_may_have_arrived_after_it(
    ledger: Ledger,
) -> None:
    job, _ = show_plan(ledger)
    deliver_all(ledger)
    with ledger.write() as tx:
        owed.owe_edit(tx, job)
    stopped = take_after_a_stop(ledger)
    with ledger.write() as tx:
        owed.owe_edit(tx, job)
    assert deliver_all(ledger) == [stopped.message_id]
    with ledger.write() as tx:
        owed.delivered(tx, stopped, stopped.name)
    assert deliver_all(ledger) == [stopped.message_id]


def test_a_card_that_says_the_same_is_not_written_once_more(ledger: Ledger) -> None:
    job, _ = show_plan(ledger)
    deliver_all(ledger)
    with ledger.write() as tx:
        owed.owe_edit(tx, job)
    stopped = take_after_a_stop(ledger)
    assert deliver_all(ledger) == [stopped.message_id]
    with ledger.write() as tx:
        owed.delivered(tx, stopped, stopped.name)
    assert not deliver_all(ledger)


def test_what_changed_while_it_was_delivered_is_owed_again(ledger: Ledger, finished: str) -> None:
    result, held = take(ledger), take(ledger)
    assert result is not None
    assert held is not None
    with ledger.write() as tx:
        owed.delivered(tx, result, "spaces/AAA/messages/2.2")
        owed.owe_edit(tx, finished)
        owed.delivered(tx, held, "spaces/AAA/messages/1.1")
    again = take(ledger)
    assert again is not None
    assert (again.role, again.name) == ("card", "spaces/AAA/messages/1.1")


def test_a_delivered_message_is_not_owed_any_more(ledger: Ledger, finished: str) -> None:
    for _ in range(2):
        held = take(ledger)
        assert held is not None
        with ledger.write() as tx:
            owed.delivered(tx, held, f"spaces/AAA/messages/{held.role}")
    assert take(ledger) is None


def test_a_message_that_was_put_off_comes_back_when_it_is_due(
    ledger: Ledger, finished: str
) -> None:
    held = take(ledger)
    assert held is not None
    with ledger.write() as tx:
        owed.put_off(tx, held, 60)
    roles = [other.role for other in iter(lambda: take(ledger), None)]
    assert roles == ["card"]
    with ledger.write() as tx:
        tx.execute(update(OwedMessage).values(due_at=now()))
    again = take(ledger)
    assert again is not None
    assert (again.role, again.tries) == ("result", 1)


def test_an_undeliverable_message_is_kept_with_the_reason(ledger: Ledger, finished: str) -> None:
    held = take(ledger)
    assert held is not None
    with ledger.write() as tx:
        owed.give_up(tx, held, {"en": "refused", "ja": "拒否"})
    with ledger.read() as tx:
        kept = tx.scalars(select(OwedMessage).where(OwedMessage.role == "result")).one()
    assert kept.undeliverable == {"en": "refused", "ja": "拒否"}
    roles = [other.role for other in iter(lambda: take(ledger), None)]
    assert roles == ["card"]


def test_each_end_of_a_job_has_a_message_of_its_own(ledger: Ledger, finished: str) -> None:
    told = deliver_all(ledger)
    for _ in range(2):
        end_again(ledger, finished)
        told += deliver_all(ledger)
    results = [message_id for message_id in told if "result" in message_id]
    first = f"client-{finished}-result"
    assert results == [first, f"{first}-2", f"{first}-3"]


def test_an_end_that_was_not_told_before_the_next_one_is_not_told(
    ledger: Ledger, finished: str
) -> None:
    first = take(ledger)
    assert first is not None
    end_again(ledger, finished)
    with ledger.read() as tx:
        assert owed.as_wanted(tx, first) is None, "whoever has it in hand sends it no more"
    assert deliver_all(ledger)[0] == f"client-{finished}-result-2"


def test_an_end_that_got_through_although_nobody_knew_stays_as_it_was(
    ledger: Ledger, finished: str
) -> None:
    sending = take(ledger)
    assert sending is not None
    end_again(ledger, finished)
    with ledger.write() as tx:
        owed.delivered(tx, sending, "spaces/AAA/messages/2.2")
    told = deliver_all(ledger)
    assert f"client-{finished}-result" not in told
    assert f"client-{finished}-result-2" in told


def test_a_new_end_is_a_new_try_for_a_result_that_was_given_up(
    ledger: Ledger, finished: str
) -> None:
    held = take(ledger)
    assert held is not None
    with ledger.write() as tx:
        owed.give_up(tx, held, {"en": "refused", "ja": "拒否"})
    end_again(ledger, finished)
    assert deliver_all(ledger)[0] == f"client-{finished}-result-2"
    with ledger.read() as tx:
        assert owed.undeliverable(tx) == 0


def test_a_plan_is_reminded_of_once_and_a_new_plan_again(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    remind(ledger, job)
    remind(ledger, job)
    reminder = f"client-{job}-reminder-{plan.hash[:8]}"
    assert deliver_all(ledger) == [reminder, f"client-{job}"]
    with ledger.write() as tx:
        tx.execute(update(Job).values(plan_hash="0123456789abcdef"))
    remind(ledger, job)
    assert deliver_all(ledger) == [f"client-{job}-reminder-01234567"]


def test_a_reminder_is_stale_once_its_plan_no_longer_waits(ledger: Ledger) -> None:
    job, plan = show_plan(ledger)
    remind(ledger, job)
    held = take(ledger)
    assert held is not None
    with ledger.write() as tx:
        assert owed.still_true(held, jobs.find(tx, job))
        approvals.discard(tx, decision(job, plan))
        assert not owed.still_true(held, jobs.find(tx, job))


def test_no_id_is_longer_than_chat_takes(ledger: Ledger, finished: str) -> None:
    for _ in range(9):
        deliver_all(ledger)
        end_again(ledger, finished)
    remind(ledger, finished)
    with ledger.write() as tx:
        tx.execute(update(OwedMessage).values(name=None, delivered=0))
    for held in list(iter(lambda: take(ledger), None)):
        with ledger.write() as tx:
            owed.post_anew(tx, held)
    ids = deliver_all(ledger)
    assert f"client-{finished}-result-10--2" in ids
    assert len(ids) == 12
    assert max(map(len, ids)) <= 63


def test_what_was_deleted_is_posted_under_a_new_id_in_the_same_place(
    ledger: Ledger, finished: str
) -> None:
    deliver_all(ledger)
    for number in (2, 3):
        with ledger.write() as tx:
            owed.owe_edit(tx, finished)
        held = take(ledger)
        assert held is not None
        with ledger.write() as tx:
            owed.post_anew(tx, held)
        again = take(ledger)
        assert again is not None
        assert (again.message_id, again.name) == (f"client-{finished}--{number}", None)
        assert (again.space, again.thread) == (held.space, held.thread)
        with ledger.write() as tx:
            owed.delivered(tx, again, "spaces/AAA/messages/3.3")


def test_a_job_moves_with_its_card_and_with_what_was_not_told(
    ledger: Ledger, finished: str
) -> None:
    result, card = take(ledger, "one"), take(ledger, "two")
    assert result is not None
    assert card is not None
    with ledger.write() as tx:
        owed.delivered(tx, card, "spaces/AAA/messages/1.1")
        assert owed.move(tx, result, "spaces/DM", owed.DIRECT)
    with ledger.read() as tx:
        job = jobs.find(tx, finished)
        assert (job.space, job.thread, job.moved) == ("spaces/DM", None, "direct")
    for _ in range(2):
        held = take(ledger)
        assert held is not None
        assert (held.space, held.thread, held.name) == ("spaces/DM", None, None)


def test_a_result_that_was_told_does_not_move(ledger: Ledger, finished: str) -> None:
    deliver_all(ledger)
    with ledger.write() as tx:
        owed.owe_edit(tx, finished)
    card = take(ledger)
    assert card is not None
    with ledger.write() as tx:
        assert owed.move(tx, card, "spaces/DM", owed.DIRECT)
    assert deliver_all(ledger) == [f"client-{finished}"]
    assert rows(ledger)["result"].space == "spaces/AAA"


def test_of_two_who_were_refused_one_moves_the_job(ledger: Ledger, finished: str) -> None:
    one, two = take(ledger, "one"), take(ledger, "two")
    assert one is not None
    assert two is not None
    with ledger.write() as tx:
        assert owed.move(tx, one, "spaces/DM", owed.DIRECT)
    with ledger.write() as tx:
        assert not owed.move(tx, two, "spaces/ADMIN", owed.ADMIN)
        assert not owed.give_up(tx, two, {"en": "refused", "ja": "拒否"})
        owed.put_off(tx, two, 60)
    assert len(deliver_all(ledger)) == 2
    assert {row.space for row in rows(ledger).values()} == {"spaces/DM"}


def test_a_hold_can_be_lengthened_while_it_stands(ledger: Ledger, finished: str) -> None:
    held = take(ledger)
    assert held is not None
    with ledger.write() as tx:
        owed.hold_on(tx, held, 300)
    lasts = rows(ledger)["result"].held_until
    assert lasts is not None
    assert lasts > now() + timedelta(seconds=250)


def test_a_hold_that_ran_out_or_is_anothers_is_not_lengthened(
    ledger: Ledger, finished: str
) -> None:
    held = take(ledger)
    assert held is not None
    with ledger.write() as tx:
        tx.execute(update(OwedMessage).values(held_until=now() - timedelta(seconds=1)))
    with pytest.raises(LeaseLost), ledger.write() as tx:
        owed.hold_on(tx, held, 30)
    assert take(ledger, "another")
    with pytest.raises(LeaseLost), ledger.write() as tx:
        owed.hold_on(tx, held, 30)


def test_what_was_given_up_is_listed_and_can_be_owed_anew(ledger: Ledger, finished: str) -> None:
    held = take(ledger)
    assert held is not None
    with ledger.write() as tx:
        assert owed.give_up(tx, held, {"en": "refused", "ja": "拒否"})
        (lost,) = owed.undelivered(tx)
        assert (lost.job_id, lost.role, lost.space) == (finished, "result", "spaces/AAA")
        assert owed.undeliverable(tx) == 1
        owed.owe_again(tx)
        assert owed.undeliverable(tx) == 0
    assert deliver_all(ledger)[0] == f"client-{finished}-result"
