"""What a person did in Chat, before either wire format has put it into words."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from simulator.app_config import AppCommand
from simulator.chat.people import Person, Space

# A person of the simulator has a language and no clock of his own.
_TIME_ZONES = {"ja": "Asia/Tokyo"}


class Kind(StrEnum):
    MESSAGE = "message"
    COMMAND = "command"
    CLICK = "click"
    QUERY = "query"
    ADDED = "added"
    REMOVED = "removed"


class DialogEventType(StrEnum):
    REQUEST = "REQUEST_DIALOG"
    SUBMIT = "SUBMIT_DIALOG"
    CANCEL = "CANCEL_DIALOG"


@dataclass(frozen=True)
class Action:
    """A card's ``Action`` as one click carries it."""

    function: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Interaction:
    kind: Kind
    person: Person
    space: Space
    time: datetime
    # The person's own message, or the app's message whose card was clicked.
    message: dict[str, Any] | None = None
    # Where a reply belongs when there is no message to tell it (a dialog that a command opened).
    thread: str | None = None
    command: AppCommand | None = None
    action: Action = field(default_factory=Action)
    form_inputs: dict[str, Any] = field(default_factory=dict)
    dialog_event: DialogEventType | None = None
    # The dialog that was clicked in; none yet when one is asked for.
    dialog: str | None = None
    # The mention or command that brought the app into the space.
    adds_app: bool = False

    @property
    def event_time(self) -> str:
        return self.time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    @property
    def reply_thread(self) -> str | None:
        """The thread in which a synchronous reply lands; none starts a new one."""
        if self.thread:
            return self.thread
        if self.message:
            return str(self.message["thread"]["name"])
        return None


def time_zone(person: Person) -> ZoneInfo:
    return ZoneInfo(_TIME_ZONES.get(person.locale.partition("-")[0], "Etc/UTC"))
