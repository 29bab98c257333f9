from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ledger import jobs, owed
from ledger.database import Ledger, now
from ledger.models import OwedMessage
from tests.unit.ledger.office import approve, ask, claim, show_plan


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
        return owed.take_due(tx, holder)


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
