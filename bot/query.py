"""A command that the front desk answers itself, and what it has at hand for that."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.answer import Answer
from bot.event import Event
from cards.sentences import Sentence
from ledger.bell import Bell


def nobody(_email: str) -> bool:
    return False


@dataclass(frozen=True)
class AtHand:
    """What queries are answered with besides the ledger."""

    bell: Bell
    url: str
    """Our own endpoint, which buttons call."""
    zone: ZoneInfo
    """The setting's, in which people read the time."""
    may_audit: Callable[[str], bool] = nobody
    """Whether the person with this e-mail address may see everybody's jobs."""


@dataclass(frozen=True)
class Query:
    """A command that the front desk answers itself."""

    name: str
    command_id: int
    about: Sentence
    words: tuple[str, ...]
    answer: Callable[[Event, AtHand], Answer]
