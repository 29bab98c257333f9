"""What the front desk can answer at once; ``bot.wire`` puts it into the format that asked.

``message`` is Chat's Message resource and ``card`` its Card, as ``cards/`` builds them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No visible answer: what there is to say comes by REST, in the right thread."""


@dataclass(frozen=True, slots=True)
class Post:
    """A new message in the space of the event."""

    message: Resource
    private_to: str | None = None
    """The resource name of the only person who sees it."""


@dataclass(frozen=True, slots=True)
class UpdateMessage:
    """The clicked message as it shall be now."""

    message: Resource


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """A card on top: a dialog, its next page, or the Home tab."""

    card: Resource


@dataclass(frozen=True, slots=True)
class UpdateDialog:
    """Another card in place of the shown one, such as the same form with what is wrong in it."""

    card: Resource


@dataclass(frozen=True, slots=True)
class CloseDialog:
    """The end of a dialog, with one plain line to read."""

    notice: str = ""


Reply = Nothing | Post | UpdateMessage | OpenDialog | UpdateDialog | CloseDialog
