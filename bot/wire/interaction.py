"""What either format says, still in Google's words, and how it becomes an ``Event``."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.event import Dialog, Event, EventKind, Person, Space, Wire
from bot.wire import foreign, inputs
from bot.wire.foreign import SHORT, fields, flag, named, text

_MESSAGES = frozenset({EventKind.MESSAGE, EventKind.COMMAND})
_MEMBERSHIP = frozenset({EventKind.ADDED, EventKind.REMOVED})
_DIALOGS = {dialog.value: dialog for dialog in Dialog}
# Chat API configuration page: command ids are 1 to 1000.
_COMMAND_IDS = range(1, 1001)
# What the ledger keeps of a person, in characters; of a locale the language is what counts.
NAME, LOCALE = 200, 20


@dataclass(slots=True)
class Interaction:
    """Where one format keeps what; every value may still be anything."""

    kind: EventKind
    wire: Wire
    user: object
    space: object
    message: object
    common: object
    """The host's part: ``commonEventObject``, or ``common``."""
    time: object
    dialog: Mapping[str, Any]
    """Where ``isDialogEvent`` and ``dialogEventType`` stand."""
    thread: object = None
    """The thread where there is no message to tell it."""
    parameters: object = None
    command_id: object = None
    points_at_message: bool = False
    """The message is one that a message action was used on, not what the person wrote."""
    interaction_add: bool = False

    def event(self) -> Event | None:
        """Return the event; None where nobody may be answered: no person, or another app's."""
        message = fields(self.message)
        common = fields(self.common)
        user = _person(fields(self.user), common)
        name = named(foreign.MESSAGE, message.get("name"))
        wrote = self.kind in _MESSAGES and not self.points_at_message
        if user is None or (user.is_bot and self.kind not in _MEMBERSHIP):
            return None
        if wrote and _is_bot(fields(message.get("sender"))):
            return None
        if self.kind is EventKind.MESSAGE and name is None:
            return None
        command_id = foreign.integer(self.command_id)
        if self.kind is EventKind.COMMAND and command_id not in _COMMAND_IDS:
            return None
        parameters = foreign.texts(self.parameters or common.get("parameters"))
        space = _space(self.space) or _space(message.get("space"))
        filled = inputs.read(common.get("formInputs"))
        time = text(self.time, SHORT)
        dialog = self._dialog_step()
        return Event(
            kind=self.kind,
            wire=self.wire,
            user=user,
            space=space,
            thread=_thread(message.get("thread")) or _thread(self.thread),
            message=name,
            text=text(message.get("argumentText")).strip() if wrote else "",
            command_id=command_id,
            action=parameters.get("action", ""),
            parameters=parameters,
            inputs=filled,
            dialog=dialog,
            time=time,
            interaction_add=self.interaction_add,
            key=_digest(self.kind, name)
            if wrote and name
            else _digest(
                self.kind,
                user.name,
                space and space.name,
                name,
                text(message.get("lastUpdateTime"), SHORT),
                text(common.get("invokedFunction"), SHORT),
                parameters,
                filled,
                time,
                dialog,
                command_id,
                self.interaction_add,
            ),
        )

    def _dialog_step(self) -> Dialog | None:
        step = self.dialog.get("dialogEventType")
        if isinstance(step, str) and step in _DIALOGS:
            return _DIALOGS[step]
        if not flag(self.dialog.get("isDialogEvent")):
            return None
        return Dialog.REQUEST if self.kind is EventKind.COMMAND else Dialog.SUBMIT


def _person(user: Mapping[str, Any], common: Mapping[str, Any]) -> Person | None:
    name = named(foreign.USER, user.get("name"))
    if name is None:
        return None
    return Person(
        name=name,
        display_name=text(user.get("displayName"), NAME),
        email=text(user.get("email"), SHORT),
        locale=(named(foreign.LOCALE, common.get("userLocale")) or "en")[:LOCALE],
        is_bot=_is_bot(user),
    )


def _is_bot(user: Mapping[str, Any]) -> bool:
    return user.get("type") == "BOT"


def _space(value: object) -> Space | None:
    space = fields(value)
    name = named(foreign.SPACE, space.get("name"))
    if name is None:
        return None
    return Space(
        name=name,
        # ``type`` is the older field; hand-made and early events have nothing else.
        is_direct_message=space.get("spaceType") == "DIRECT_MESSAGE" or space.get("type") == "DM",
        display_name=text(space.get("displayName"), SHORT),
    )


def _thread(value: object) -> str | None:
    return named(foreign.THREAD, fields(value).get("name"))


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
