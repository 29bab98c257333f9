"""The format of Chat apps that are Google Workspace add-ons.

https://developers.google.com/workspace/chat/receive-respond-interactions
"""

from collections.abc import Mapping
from typing import Any

from bot.event import EventKind, Wire
from bot.reply import CloseDialog, Nothing, OpenDialog, Post, Reply, UpdateDialog, UpdateMessage
from bot.wire import message
from bot.wire.foreign import fields, flag
from bot.wire.interaction import Interaction

KINDS = {
    "messagePayload": EventKind.MESSAGE,
    "appCommandPayload": EventKind.COMMAND,
    "buttonClickedPayload": EventKind.CLICK,
    "widgetUpdatedPayload": EventKind.WIDGET_UPDATED,
    "addedToSpacePayload": EventKind.ADDED,
    "removedFromSpacePayload": EventKind.REMOVED,
}


def read(body: Mapping[str, Any], payload_key: str | None) -> Interaction | None:
    """Read an event; without any payload it is a visit to the app's Home tab."""
    chat = fields(body["chat"])
    payload = fields(chat.get(payload_key)) if payload_key else {}
    kind = KINDS.get(payload_key) if payload_key else EventKind.HOME
    if kind is None:
        return None
    metadata = fields(payload.get("appCommandMetadata"))
    typed = fields(fields(payload.get("message")).get("slashCommand"))
    return Interaction(
        kind=kind,
        wire=Wire.ADDON,
        user=chat.get("user"),
        space=payload.get("space") or chat.get("space"),
        message=payload.get("message"),
        common=body.get("commonEventObject"),
        time=chat.get("eventTime"),
        dialog=payload,
        thread=payload.get("thread"),
        command_id=metadata.get("appCommandId", typed.get("commandId")),
        points_at_message=metadata.get("appCommandType") == "MESSAGE_ACTION",
        interaction_add=flag(payload.get("interactionAdd")),
    )


def render(reply: Reply) -> dict[str, Any]:
    match reply:
        case Nothing():
            return {}
        case Post():
            return _data_action("createMessageAction", message.posted(reply))
        case UpdateMessage():
            return _data_action("updateMessageAction", message.updated(reply))
        case OpenDialog(card):
            return {"action": {"navigations": [{"pushCard": card}]}}
        case UpdateDialog(card):
            return {"action": {"navigations": [{"updateCard": card}]}}
        case CloseDialog(notice):
            # One page prints "endNavigation": "CLOSE_DIALOG"; reference and samples, the object.
            action: dict[str, Any] = {
                "navigations": [{"endNavigation": {"action": "CLOSE_DIALOG"}}]
            }
            if notice:
                action["notification"] = {"text": notice}
            return {"action": action}


def _data_action(name: str, resource: dict[str, Any]) -> dict[str, Any]:
    return {"hostAppDataAction": {"chatDataAction": {name: {"message": resource}}}}
