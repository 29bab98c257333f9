"""The User, Space and Message resources as an event prints them: more than the API gives an app."""

from typing import Any

from simulator.app_config import AppConfig
from simulator.chat.people import APP_USER, Person, Space

_DOMAIN_ID = "simulated"
_CUSTOMER = "customers/simulated"
_KEPT_FOR_GOOD = {"state": "PERMANENT"}


def user(person: Person) -> dict[str, Any]:
    """Print a person with the e-mail address that only events carry."""
    return {**person.user(), "email": person.email, "domainId": _DOMAIN_ID}


def app_user(app: AppConfig) -> dict[str, Any]:
    return {**APP_USER, "displayName": app.display_name}


def space(space: Space, last_active: str) -> dict[str, Any]:
    kind, uid = ("dm" if _is_direct(space) else "room"), space.name.removeprefix("spaces/")
    resource = {
        **space.resource(),
        "lastActiveTime": last_active,
        "spaceUri": f"https://chat.google.com/{kind}/{uid}?cls=11",
    }
    if not _is_direct(space):
        resource["customer"] = _CUSTOMER
    return resource


def message(
    message: dict[str, Any], space: dict[str, Any], sender: dict[str, Any]
) -> dict[str, Any]:
    """Print the whole message, cards included: a click echoes what was clicked."""
    resource = {
        **message,
        "sender": sender,
        "space": space,
        "thread": {**message["thread"], "retentionSettings": _KEPT_FOR_GOOD},
        "retentionSettings": _KEPT_FOR_GOOD,
        "messageHistoryState": "HISTORY_ON",
        "markupSyntax": message.get("markupSyntax", "MARKUP_SYNTAX_CHAT"),
    }
    if message.get("text"):
        resource.setdefault("formattedText", message["text"])
    return resource


def _is_direct(space: Space) -> bool:
    return space.space_type == "DIRECT_MESSAGE"
