"""Whose turn it is: in which order one postman serves the spaces that are owed something."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Turns:
    """The spaces that can be written to now, and how long until the next one can."""

    ready: Sequence[str]
    """Who has waited longest comes first, however much is owed to the others."""
    next_in: float
    """Seconds until the next space can be written to; without end if none is known of."""


def turns(due_in: Mapping[str, float], turn_in: Mapping[str, float]) -> Turns:
    """Say whose turn it is, from when each space is owed something and when it takes a write.

    Both are in seconds from now. A space waits from the moment at which both are so. A busy one
    begins to wait anew after each write, behind all who wait already: so each waits for one
    message of every other space at most.
    """
    waits = sorted((max(due, turn_in[space]), due, space) for space, due in due_in.items())
    later = [seconds for seconds, *_ in waits if seconds > 0]
    return Turns(
        [space for seconds, _, space in waits if seconds <= 0], min(later, default=math.inf)
    )
