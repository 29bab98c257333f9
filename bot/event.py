"""What a person did in Chat, whichever of Google's two formats told it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Wire(StrEnum):
    """The format an interaction event came in; its reply goes back in the same one."""

    ADDON = "addon"
    """A Chat app that is a Google Workspace add-on: the default for new apps."""
    CLASSIC = "classic"
    """Chat API interaction events, which older apps still receive."""


class EventKind(StrEnum):
    MESSAGE = "message"
    """A mention, or a text in a direct message."""
    COMMAND = "command"
    """A slash command, a quick command or a message action."""
    CLICK = "click"
    """A button, or an input with an ``onChangeAction``, on a card or in a dialog."""
    WIDGET_UPDATED = "widget_updated"
    """Something was typed into a menu whose items come from the app."""
    ADDED = "added"
    REMOVED = "removed"
    """The app left the space: nobody is there to read an answer."""
    HOME = "home"
    """The app's Home tab was opened."""
    FORM = "form"
    """A button on the Home tab, in the classic format; an add-on's is a CLICK."""


class Dialog(StrEnum):
    """The step of a dialog that an event is part of."""

    REQUEST = "REQUEST_DIALOG"
    SUBMIT = "SUBMIT_DIALOG"
    CANCEL = "CANCEL_DIALOG"
    """Only the X says so; Esc and a click beside the dialog do not."""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    """The resource name, ``users/123``."""
    display_name: str
    email: str
    """Empty where Chat does not tell it."""
    locale: str
    is_bot: bool
    """True only where an app added or removed us; what else an app does is no event for us."""


@dataclass(frozen=True, slots=True)
class Space:
    name: str
    is_direct_message: bool
    display_name: str
    """Empty in a direct message."""


@dataclass(frozen=True, slots=True)
class Event:
    """One interaction event. It holds nothing secret: no token and no capability URL."""

    kind: EventKind
    wire: Wire
    user: Person
    space: Space | None
    """None on the Home tab."""
    thread: str | None
    """The resource name of the thread a reply belongs to."""
    message: str | None
    """The name of the person's own message or, for a click, of the app's message clicked on."""
    text: str
    """What was typed after the mention or the command; empty for a bare one."""
    command_id: int | None
    action: str
    """Which of our buttons was pressed: its parameter ``action``. In an add-on the button's
    ``function`` is a URL and does not come back."""
    parameters: Mapping[str, str]
    inputs: Mapping[str, Sequence[str]]
    """The form's values by widget name. A text or selection left alone may be ``[""]`` or
    missing; dates are ``2026-11-30``, times ``09:30``, both together ISO 8601 in UTC."""
    dialog: Dialog | None
    time: str
    """When Chat says it happened, RFC 3339."""
    interaction_add: bool
    """Whether the app was added by a mention or command rather than from the member list.

    On ADDED: that mention or command follows as an event of its own, so this one is not answered.
    On MESSAGE and COMMAND: this is it, and (classic) no ADDED has come before.
    """
    key: str
    """What tells a redelivery from a second deed: 64 hexadecimal digits.

    Chat sends no delivery id. A message is what its resource name says, so for MESSAGE and
    COMMAND that is the key, with the kind. Anything else is known by all that was said of it:
    who, on which message in which state, with which parameters and inputs, and when.

    Chat sends the same body again when it redelivers, so the key stays. Two deliberate taps stay
    two, because each has its own ``eventTime``. Where that did not move (some saw it stand still
    between clicks on one card), the card's ``lastUpdateTime`` has, once the first tap changed the
    card. Only taps that hit an unchanged card at an unchanged time are one: a double tap.
    """
