"""The classic wire format: Chat API interaction events and ``Message`` replies."""

import copy
import secrets
from typing import Any

from simulator.app_config import AppConfig
from simulator.client import resources
from simulator.client.interaction import Interaction, Kind, time_zone
from simulator.client.reply import InvalidReplyError, Reply, object_at

USER_AGENT = "Google-Dynamite"

_TYPES = {
    Kind.MESSAGE: "MESSAGE",
    Kind.COMMAND: "MESSAGE",
    Kind.CLICK: "CARD_CLICKED",
    Kind.QUERY: "WIDGET_UPDATED",
    Kind.ADDED: "ADDED_TO_SPACE",
    Kind.REMOVED: "REMOVED_FROM_SPACE",
}
_CONFIGURABLE = {"MESSAGE", "ADDED_TO_SPACE"}


def events(interaction: Interaction, app: AppConfig) -> list[dict[str, Any]]:
    """Word the interaction; being added by a mention is one event that carries the message."""
    where = resources.space(interaction.space, interaction.event_time)
    event: dict[str, Any] = {
        "type": "ADDED_TO_SPACE" if interaction.adds_app else _TYPES[interaction.kind],
        "eventTime": interaction.event_time,
        "user": resources.user(interaction.person),
        "space": where,
        "common": _common(interaction),
    }
    if interaction.message:
        own = interaction.message["sender"].get("type") == "BOT"
        sender = resources.app_user(app) if own else resources.user(interaction.person)
        event["message"] = resources.message(interaction.message, where, sender)
        event["thread"] = event["message"]["thread"]
    if interaction.action.function:
        event["action"] = {
            "actionMethodName": interaction.action.function,
            "parameters": [
                {"key": key, "value": value} for key, value in interaction.action.parameters.items()
            ],
        }
    if interaction.dialog_event:
        event["isDialogEvent"] = True
        event["dialogEventType"] = interaction.dialog_event.value
    return [event]


def with_credentials(event: dict[str, Any], _token: str) -> dict[str, Any]:
    """Add the capability URL; the token travels in the header only."""
    body = copy.deepcopy(event)
    if body["type"] in _CONFIGURABLE:
        body["configCompleteRedirectUrl"] = (
            f"https://chat.google.com/api/bot_config_complete?token={secrets.token_urlsafe(24)}"
        )
    return body


def reply(body: dict[str, Any]) -> Reply:
    """Read the app's ``Message`` and what its ``actionResponse`` says to do with it."""
    if {"hostAppDataAction", "action"} & body.keys():
        raise InvalidReplyError("an add-on action envelope answers a classic event; a Message must")
    response = object_at(body, "actionResponse") if "actionResponse" in body else {}
    message = {key: value for key, value in body.items() if key != "actionResponse"}
    match response.get("type", "NEW_MESSAGE"):
        case "NEW_MESSAGE":
            return Reply(create=message or None)
        case "UPDATE_MESSAGE":
            return Reply(update=message)
        case "DIALOG":
            return _dialog(object_at(response, "dialogAction"))
        case "UPDATE_WIDGET":
            widget = object_at(response, "updatedWidget")
            return Reply(suggestions=list(object_at(widget, "suggestions").get("items", [])))
        case other:
            raise InvalidReplyError(f"the simulator shows no actionResponse of type {other!r}")


def _dialog(action: dict[str, Any]) -> Reply:
    if "dialog" in action:
        return Reply(dialog=object_at(object_at(action, "dialog"), "body"))
    status = object_at(action, "actionStatus")
    # Whatever the status code says, the dialog closes and the sentence is shown.
    return Reply(close=True, notice=status.get("userFacingMessage"))


def _common(interaction: Interaction) -> dict[str, Any]:
    zone = time_zone(interaction.person)
    offset = interaction.time.astimezone(zone).utcoffset()
    common: dict[str, Any] = {
        "userLocale": interaction.person.locale,
        "hostApp": "CHAT",
        "platform": "WEB",
        "timeZone": {"id": zone.key, "offset": int(offset.total_seconds() * 1000) if offset else 0},
    }
    if interaction.action.function:
        common["invokedFunction"] = interaction.action.function
    if interaction.action.parameters:
        common["parameters"] = interaction.action.parameters
    if interaction.form_inputs:
        common["formInputs"] = {
            name: _proto_printed(value) for name, value in interaction.form_inputs.items()
        }
    return common


def _proto_printed(form_input: dict[str, Any]) -> dict[str, Any]:
    """Print as protobuf's JSON does: an int64 is a string, a zero is left out."""
    return {
        kind: {
            key: str(value) if key == "msSinceEpoch" else value
            for key, value in fields.items()
            if value is not False and value != 0
        }
        for kind, fields in form_input.items()
    }
