"""A command that the front desk answers itself, and what it has at hand for that."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import Session

from bot.answer import Answer, Said
from bot.event import Dialog, Event
from bot.permissions import Permissions
from bot.reply import OpenDialog, UpdateDialog
from cards import widgets as w
from cards.sentences import Sentence
from ledger import authors
from ledger.bell import Bell
from ledger.models import Job
from tasks.registry import all_tasks
from tasks.schedule_file import ScheduleFile


@dataclass(frozen=True)
class AtHand:
    """What queries are answered with besides the ledger."""

    bell: Bell
    url: str
    """Our own endpoint, which buttons call."""
    zone: ZoneInfo
    """The setting's, in which people read the time."""
    permissions: Permissions
    schedule: ScheduleFile | None = None
    """Which sheet is kept in step, if any."""


@dataclass(frozen=True)
class Query:
    """A command that the front desk answers itself."""

    name: str
    command_id: int
    about: Sentence
    words: tuple[str, ...]
    answer: Callable[[Event, AtHand], Answer]
    turn: Callable[[Event, AtHand], Answer] | None = None
    """Shows another page, made with ``page``; its buttons' action is the query's name."""


def page(
    query: str, draw: Callable[[Session, Event, AtHand], w.Card]
) -> Callable[[Event, AtHand], Answer]:
    """Return what shows a query's page as a dialog, to whoever may use the query's command.

    The answer raises NotAllowed, and what ``draw`` raises.
    """

    def turn(event: Event, at_hand: AtHand) -> Answer:
        def answer(tx: Session) -> Said:
            at_hand.permissions.demand_ask(event, query)
            card = draw(tx, event, at_hand)
            return Said(UpdateDialog(card) if event.dialog is Dialog.SUBMIT else OpenDialog(card))

        return answer

    return turn


def visible(event: Event, at_hand: AtHand) -> ColumnElement[bool]:
    """Return the condition for the jobs that the person may be told of here.

    They are the space's, as far as they are of tasks that concern the person, or in a direct
    message the person's own. So nothing shows in a space that not everybody in it may see,
    whoever reads the answer.
    """
    own = authors.wrote(event.user.name)
    if event.space is None or event.space.is_direct_message:
        return own
    may_see = at_hand.permissions.may_see
    concerns = [task for task in all_tasks() if may_see(event.user.email, task)]
    return and_(Job.space == event.space.name, or_(own, Job.task.in_(concerns)))


def on_record(event: Event, at_hand: AtHand) -> ColumnElement[bool]:
    """Return the condition for the jobs whose record is told here; to an auditor all, alone."""
    alone = event.space is None or event.space.is_direct_message
    if alone and at_hand.permissions.may_audit(event.user.email):
        return true()
    return visible(event, at_hand)
