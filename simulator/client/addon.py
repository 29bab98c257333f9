"""The add-on wire format: Chat apps that are Google Workspace add-ons."""

import copy
import json
import secrets
from typing import Any

from simulator.app_config import AppConfig
from simulator.client import resources
from simulator.client.interaction import Interaction, Kind, time_zone
from simulator.client.reply import InvalidReplyError, Reply, check_keys, list_at, object_at

USER_AGENT = "Google-gsuiteaddons"

# Payloads over which an app may send a person to a sign-in page carry a way back.
_CONFIGURABLE = {"messagePayload", "addedToSpacePayload", "appCommandPayload"}


def events(interaction: Interaction, app: AppConfig) -> list[dict[str, Any]]:
    """Word the interaction; a mention that adds the app becomes two requests, the adding first."""
    where = resources.space(interaction.space, interaction.event_time)
    bodies = []
    if interaction.adds_app:
        payload = {"space": where, "interactionAdd": True}
        bodies.append(_body(interaction, "addedToSpacePayload", payload))
    name, payload = _payload(interaction, where, app)
    bodies.append(_body(interaction, name, payload))
    return bodies


def with_credentials(event: dict[str, Any], token: str) -> dict[str, Any]:
    """Add what only the app may see: the tokens and the capability URL. Kept nowhere."""
    body = copy.deepcopy(event)
    body["authorizationEventObject"] = {
        "systemIdToken": token,
        "userIdToken": f"simulated-user-id-token-{secrets.token_urlsafe(24)}",
        "userOAuthToken": f"simulated-user-oauth-token-{secrets.token_urlsafe(24)}",
        "authorizedScopes": ["https://www.googleapis.com/auth/userinfo.email", "openid"],
    }
    for name in _CONFIGURABLE & body["chat"].keys():
        body["chat"][name]["configCompleteRedirectUri"] = (
            f"https://chat.google.com/api/bot_config_complete?token={secrets.token_urlsafe(24)}"
        )
    return body


def printed(value: Any) -> str:
    """Print JSON as it arrives over HTTP: every number a float (``1.0``, ``3.24E7``)."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{printed(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(printed(item) for item in value) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _float(float(value))
    return json.dumps(value)


def _float(number: float) -> str:
    if abs(number) < 1e6:
        return repr(number)
    mantissa, _, exponent = f"{number:.16e}".partition("e")
    mantissa = mantissa.rstrip("0")
    return f"{mantissa}{'0' if mantissa.endswith('.') else ''}E{int(exponent)}"


def _body(interaction: Interaction, name: str, payload: dict[str, Any]) -> dict[str, Any]:
    zone = time_zone(interaction.person)
    offset = interaction.time.astimezone(zone).utcoffset()
    common: dict[str, Any] = {
        "userLocale": interaction.person.locale,
        "hostApp": "CHAT",
        "platform": "WEB",
        "timeZone": {"id": zone.key, "offset": int(offset.total_seconds() * 1000) if offset else 0},
    }
    if interaction.form_inputs:
        common["formInputs"] = interaction.form_inputs
    if interaction.action.parameters:
        common["parameters"] = interaction.action.parameters
    return {
        "commonEventObject": common,
        "chat": {
            "user": resources.user(interaction.person),
            "eventTime": interaction.event_time,
            name: payload,
        },
    }


def _payload(
    interaction: Interaction, where: dict[str, Any], app: AppConfig
) -> tuple[str, dict[str, Any]]:
    payload: dict[str, Any] = {"space": where}
    if interaction.message:
        payload["message"] = _message(interaction, where, app)
    if interaction.dialog_event:
        payload["isDialogEvent"] = True
        payload["dialogEventType"] = interaction.dialog_event.value
    match interaction.kind:
        case Kind.MESSAGE:
            return "messagePayload", payload
        case Kind.COMMAND:
            assert interaction.command
            metadata = {
                "appCommandId": interaction.command.id,
                "appCommandType": interaction.command.kind,
            }
            return "appCommandPayload", {"appCommandMetadata": metadata, **payload}
        case Kind.CLICK:
            return "buttonClickedPayload", payload
        case Kind.QUERY:
            return "widgetUpdatedPayload", {"space": where}
        case Kind.ADDED:
            return "addedToSpacePayload", payload
        case Kind.REMOVED:
            return "removedFromSpacePayload", payload


def _message(interaction: Interaction, where: dict[str, Any], app: AppConfig) -> dict[str, Any]:
    assert interaction.message
    own = interaction.message["sender"].get("type") == "BOT"
    sender = resources.app_user(app) if own else resources.user(interaction.person)
    message = copy.deepcopy(resources.message(interaction.message, where, sender))
    # An id that the schema prints as a string is a number here.
    if "slashCommand" in message:
        message["slashCommand"]["commandId"] = int(message["slashCommand"]["commandId"])
    for annotation in message.get("annotations", []):
        if "slashCommand" in annotation:
            command = annotation["slashCommand"]
            command["commandId"] = int(command["commandId"])
    return message


def reply(body: dict[str, Any]) -> Reply:
    """Read the app's action envelope."""
    if {"text", "cardsV2", "actionResponse"} & body.keys():
        raise InvalidReplyError(
            "a classic Message answers an add-on event; an action envelope must"
        )
    check_keys(body, {"hostAppDataAction", "action"}, "the reply")
    parsed = Reply()
    if "hostAppDataAction" in body:
        _read_data_action(object_at(body, "hostAppDataAction"), parsed)
    if "action" in body:
        _read_action(object_at(body, "action"), parsed)
    return parsed


def _read_data_action(action: dict[str, Any], parsed: Reply) -> None:
    check_keys(action, {"chatDataAction"}, "hostAppDataAction")
    chat = object_at(action, "chatDataAction")
    check_keys(chat, {"createMessageAction", "updateMessageAction"}, "chatDataAction")
    if "createMessageAction" in chat:
        create = object_at(chat, "createMessageAction")
        check_keys(create, {"message"}, "createMessageAction")
        parsed.create = object_at(create, "message")
    if "updateMessageAction" in chat:
        update = object_at(chat, "updateMessageAction")
        check_keys(update, {"message"}, "updateMessageAction")
        parsed.update = object_at(update, "message")


def _read_action(action: dict[str, Any], parsed: Reply) -> None:
    check_keys(action, {"navigations", "notification", "modifyOperations"}, "action")
    for navigation in list_at(action, "navigations"):
        check_keys(navigation, {"pushCard", "updateCard", "endNavigation"}, "a navigation")
        for name in ("pushCard", "updateCard"):
            if name in navigation:
                parsed.dialog = object_at(navigation, name)
        if "endNavigation" in navigation:
            end = object_at(navigation, "endNavigation")
            if end.get("action") not in {"CLOSE_DIALOG", "CLOSE_DIALOG_AND_EXECUTE"}:
                raise InvalidReplyError(f"endNavigation.action is {end.get('action')!r}")
            parsed.close = True
    if "notification" in action:
        parsed.notice = str(object_at(action, "notification").get("text", ""))
    for operation in list_at(action, "modifyOperations"):
        update = object_at(operation, "updateWidget")
        suggestions = object_at(update, "selectionInputWidgetSuggestions")
        parsed.suggestions = list_at(suggestions, "suggestions")
