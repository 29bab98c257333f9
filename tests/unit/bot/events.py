"""Interaction events as Google words them, in both formats, for Alice, Bob and Charlie."""

from typing import Any

Body = dict[str, Any]

KAKARI = {"name": "users/100200300", "displayName": "Kakari", "type": "BOT"}
OFFICE = {
    "name": "spaces/AAAAoffice",
    "displayName": "Office",
    "type": "ROOM",
    "spaceType": "SPACE",
    "spaceThreadingState": "THREADED_MESSAGES",
}
ALICES_DM = {
    "name": "spaces/AAAAalice",
    "type": "DM",
    "spaceType": "DIRECT_MESSAGE",
    "singleUserBotDm": True,
}
MORNING = "2026-11-22T00:30:00.123456Z"
SECRETS = ("secret-system-token", "secret-id-token", "secret-oauth-token", "secret-way-back")


def person(name: str, number: int) -> Body:
    return {
        "name": f"users/{number}",
        "displayName": name,
        "email": f"{name.lower()}@example.com",
        "type": "HUMAN",
        "domainId": "example",
        "avatarUrl": "https://example.com/face.png",
    }


ALICE = person("Alice", 1001)
BOB = person("Bob", 1002)
CHARLIE = person("Charlie", 1003)


def message(sender: Body = ALICE, space: Body = OFFICE, uid: str = "m1", **more: Any) -> Body:
    """Return a message that starts its own thread, without ``argumentText`` unless it is given."""
    return {
        "name": f"{space['name']}/messages/{uid}.{uid}",
        "sender": sender,
        "createTime": MORNING,
        "text": "@Kakari",
        "thread": {"name": f"{space['name']}/threads/{uid}"},
        "space": space,
        **more,
    }


def card_message(**more: Any) -> Body:
    return message(sender=KAKARI, uid="card", lastUpdateTime=MORNING, **more)


def addon(payload_key: str | None, user: Body = ALICE, time: str = MORNING, **payload: Any) -> Body:
    """Return an add-on event, credentials included; ``common`` goes to the host's part."""
    common = {"userLocale": "ja", "hostApp": "CHAT", "timeZone": {"offset": 3.24e7}}
    common |= payload.pop("common", {})
    chat: Body = {"user": user, "eventTime": time}
    if payload_key:
        way_back = "https://chat.google.com/api/bot_config_complete?token=secret-way-back"
        chat[payload_key] = {
            "space": OFFICE,
            "configCompleteRedirectUri": way_back,
            **payload,
        }
    return {
        "commonEventObject": common,
        "authorizationEventObject": {
            "systemIdToken": "secret-system-token",
            "userIdToken": "secret-id-token",
            "userOAuthToken": "secret-oauth-token",
        },
        "chat": chat,
    }


def classic(kind: str, user: Body = ALICE, time: str = MORNING, **more: Any) -> Body:
    """Return a classic event; ``common`` goes to the host's part."""
    common = {"userLocale": "ja", "hostApp": "CHAT", **more.pop("common", {})}
    return {
        "type": kind,
        "eventTime": time,
        "token": "secret-system-token",
        "configCompleteRedirectUrl": "https://chat.google.com/?token=secret-way-back",
        "user": user,
        "space": OFFICE,
        "common": common,
        **more,
    }


# The same deeds in both formats, in pairs: (add-on, classic).


def mention(text: str | None = None, **more: Any) -> tuple[Body, Body]:
    said = message(**more) if text is None else message(argumentText=text, **more)
    where = said["space"]
    return (
        addon("messagePayload", message=said, space=where),
        classic("MESSAGE", message=said, space=where),
    )


def slash_command(number: int = 3, text: str | None = None, **flags: Any) -> tuple[Body, Body]:
    more = {} if text is None else {"argumentText": text}
    return (
        addon(
            "appCommandPayload",
            appCommandMetadata={
                "appCommandId": float(number),
                "appCommandType": "SLASH_COMMAND",
            },
            message=message(slashCommand={"commandId": float(number)}, **more),
            **flags,
        ),
        classic("MESSAGE", message=message(slashCommand={"commandId": str(number)}, **more))
        | flags,
    )


def quick_command(number: int = 3, time: str = MORNING) -> tuple[Body, Body]:
    metadata = {"appCommandId": number, "appCommandType": "QUICK_COMMAND"}
    return (
        addon("appCommandPayload", time=time, appCommandMetadata=metadata),
        classic("APP_COMMAND", time=time, appCommandMetadata=metadata),
    )


def click(
    parameters: dict[str, str] | None = None,
    inputs: Body | None = None,
    time: str = MORNING,
    user: Body = ALICE,
    clicked: Body | None = None,
    **flags: Any,
) -> tuple[Body, Body]:
    common: Body = {"parameters": parameters or {"action": "apply", "job": "j1"}}
    if inputs is not None:
        common["formInputs"] = inputs
    on = clicked or card_message()
    return (
        addon("buttonClickedPayload", user, time, common=common, message=on, **flags),
        classic(
            "CARD_CLICKED",
            user,
            time,
            common=common | {"invokedFunction": "https://kakari.example.com/chat"},
            message=on,
        )
        | flags,
    )


def dialog(step: str) -> Body:
    """Return the flags of an event that is part of a dialog."""
    return {"isDialogEvent": True, "dialogEventType": step}
