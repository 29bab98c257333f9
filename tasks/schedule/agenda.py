"""What the ledger says is due, for people: overdue, this week, and who has how much."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from cards.schedule_card import Agenda, Item
from ledger import projects

SUNDAY = 6


def agenda(
    tx: Session, is_finished: Callable[[str], bool], today: date, space: str | None
) -> Agenda:
    """Return what is overdue on this day and what is due until Sunday.

    Finished projects are left out; with ``space`` only those that were asked for there count.
    """
    sunday = today + timedelta(days=SUNDAY - today.weekday())
    items = [
        Item(each.key, each.name, each.customer, each.person, each.state, each.due)
        for each in projects.due_until(tx, sunday, space)
        if each.due is not None and not is_finished(each.state)
    ]
    return Agenda(
        today,
        overdue=tuple(item for item in items if item.due < today),
        this_week=tuple(item for item in items if item.due >= today),
        people=tuple(Counter(item.person for item in items).most_common()),
    )
