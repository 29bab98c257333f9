"""What Chat makes of a line a person types: mentions, slash commands, the text meant for the app."""

import re
from typing import Any

from simulator.app_config import AppCommand, AppConfig
from simulator.chat.people import Person, Space
from simulator.client import resources


def typed(text: str, space: Space, app: AppConfig, people: list[Person]) -> dict[str, Any]:
    """Build the message body with the annotations that Chat adds by itself."""
    body: dict[str, Any] = {"text": text, "formattedText": text}
    command = command_in(text, space, app)
    if command:
        argument = text[len(command.name) :]
        body["annotations"] = [_command_annotation(command, app)]
        body["slashCommand"] = {"commandId": str(command.id)}
    else:
        adds = not space.app_is_member
        body["annotations"] = _mentions(text, app, people, adds=adds)
        argument = _mention_of(app.display_name).sub("", text)
    # Left out where nothing is meant for the app, as Chat leaves it out.
    if argument.strip():
        body["argumentText"] = argument
    if not body["annotations"]:
        del body["annotations"]
    return body


def command_in(text: str, space: Space, app: AppConfig) -> AppCommand | None:
    """Find the slash command a line begins with; spaces without the app have none of its."""
    if not space.app_is_member:
        return None
    name = text.split(maxsplit=1)[0] if text.strip() else ""
    return next(
        (each for each in app.commands if each.kind == "SLASH_COMMAND" and each.name == name),
        None,
    )


def mentions_app(text: str, app: AppConfig) -> bool:
    return bool(_mention_of(app.display_name).search(text))


def _mention_of(display_name: str) -> re.Pattern[str]:
    # "@Kakari," mentions Kakari; "@Kakarikko" and "me@Kakari" do not. Japanese goes on without a
    # space ("@Kakariさん"), so only Latin letters and digits make a longer name.
    return re.compile(rf"(?<!\w)@{re.escape(display_name)}(?![A-Za-z0-9_])")


def _mentions(
    text: str, app: AppConfig, people: list[Person], *, adds: bool
) -> list[dict[str, Any]]:
    users = [(resources.app_user(app), "ADD" if adds else "MENTION")]
    users += [(person.user(), "MENTION") for person in people]
    annotations = [
        {
            "type": "USER_MENTION",
            "startIndex": found.start(),
            "length": len(found.group()),
            "userMention": {"user": user, "type": kind},
        }
        for user, kind in users
        for found in _mention_of(user["displayName"]).finditer(text)
    ]
    return sorted(annotations, key=lambda annotation: int(annotation["startIndex"]))


def _command_annotation(command: AppCommand, app: AppConfig) -> dict[str, Any]:
    invoked: dict[str, Any] = {
        "bot": resources.app_user(app),
        "type": "INVOKE",
        "commandName": command.name,
        "commandId": str(command.id),
    }
    if command.opens_dialog:
        invoked["triggersDialog"] = True
    return {
        "type": "SLASH_COMMAND",
        "startIndex": 0,
        "length": len(command.name),
        "slashCommand": invoked,
    }
