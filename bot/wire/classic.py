"""The older format: Chat API interaction events, answered by a Message with ``actionResponse``.

https://developers.google.com/workspace/chat/api/reference/rest/v1/Event
"""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from bot.event import Event, EventKind, Wire
from bot.reply import CloseDialog, Nothing, OpenDialog, Post, Reply, UpdateDialog, UpdateMessage
from bot.wire import message
from bot.wire.foreign import MANY, fields
from bot.wire.interaction import Interaction

_KINDS = {
    "MESSAGE": EventKind.MESSAGE,
    "APP_COMMAND": EventKind.COMMAND,
    "CARD_CLICKED": EventKind.CLICK,
    "WIDGET_UPDATED": EventKind.WIDGET_UPDATED,
    "WIDGET_UPDATE": EventKind.WIDGET_UPDATED,  # as one of Google's samples has it
    "ADDED_TO_SPACE": EventKind.ADDED,
    "REMOVED_FROM_SPACE": EventKind.REMOVED,
    "APP_HOME": EventKind.HOME,
    "SUBMIT_FORM": EventKind.FORM,
}


def read(body: Mapping[str, Any], kind_of_event: str) -> Interaction | None:
    kind = _KINDS.get(kind_of_event)
    if kind is None:
        return None
    # The Home tab's events come wrapped like an add-on's, those of messages flat.
    flat = fields(body.get("chat")) or body
    written = fields(body.get("message"))
    metadata = fields(body.get("appCommandMetadata"))
    command_id = metadata.get("appCommandId")
    interaction_add = kind is EventKind.ADDED and bool(written)
    if interaction_add:  # one event for both, where an add-on gets two
        kind = EventKind.MESSAGE
    if kind is EventKind.MESSAGE and "slashCommand" in written:
        kind = EventKind.COMMAND
        command_id = fields(written["slashCommand"]).get("commandId")
    return Interaction(
        kind=kind,
        wire=Wire.CLASSIC,
        user=flat.get("user"),
        space=flat.get("space"),
        message=written,
        common=body.get("common") or body.get("commonEventObject"),
        time=flat.get("eventTime"),
        dialog=body,
        thread=body.get("thread"),
        parameters=_parameters(body),
        command_id=command_id,
        points_at_message=metadata.get("appCommandType") == "MESSAGE_ACTION",
        interaction_add=interaction_add,
    )


def _parameters(body: Mapping[str, Any]) -> dict[str, Any]:
    """Read a click's parameters from ``action``, the older of the two places that hold them."""
    pairs = fields(body.get("action")).get("parameters")
    if not isinstance(pairs, list):
        return {}
    items = [fields(pair) for pair in islice(pairs, MANY)]
    return {item["key"]: item.get("value") for item in items if isinstance(item.get("key"), str)}


def render(reply: Reply, event: Event) -> dict[str, Any]:
    match reply:
        case Nothing():
            return {}
        case Post():
            return _response("NEW_MESSAGE") | message.posted(reply)
        case UpdateMessage():
            return _response("UPDATE_MESSAGE") | message.updated(reply)
        case OpenDialog(card) if event.kind is EventKind.HOME:
            return {"action": {"navigations": [{"pushCard": card}]}}
        case UpdateDialog(card) if event.kind is EventKind.FORM:
            return {"renderActions": {"action": {"navigations": [{"updateCard": card}]}}}
        case OpenDialog(card) | UpdateDialog(card):
            return _response("DIALOG", dialogAction={"dialog": {"body": card}})
        case CloseDialog(notice):
            status = {"statusCode": "OK"}
            if notice:
                status["userFacingMessage"] = notice
            return _response("DIALOG", dialogAction={"actionStatus": status})


def _response(kind: str, **extra: Any) -> dict[str, Any]:
    return {"actionResponse": {"type": kind, **extra}}
