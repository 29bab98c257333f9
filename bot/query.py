"""A command that the front desk answers itself, and what it has at hand for that."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, true

from bot.answer import Answer
from bot.event import Event
from bot.permissions import Permissions
from cards.sentences import Sentence
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


def visible(event: Event, at_hand: AtHand) -> ColumnElement[bool]:
    """Return the condition for the jobs that the person may be told of here.

    They are the space's, as far as they are of tasks that concern the person, or in a direct
    message the person's own. So nothing shows in a space that not everybody in it may see,
    whoever reads the answer.
    """
    own = Job.asker == event.user.name
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
