"""What Chat takes from an app's answer, and who gets to see it."""

import json
from typing import Any

from simulator.answers import ApiError
from simulator.chat.cards import check_unions, within_limits
from simulator.chat.content import BYTES, new_content
from simulator.client.reply import InvalidReplyError
from simulator.discovery import api
from simulator.validation import Reading, reader


def accepted_message(message: dict[str, Any]) -> dict[str, Any]:
    """Read an app's message as Chat's API would read it, or tell why Chat would not."""
    try:
        accepted = new_content(_read(message, "Message"))
    except ApiError as error:
        raise InvalidReplyError(str(error)) from error
    for each in cards(accepted):
        if "fixedFooter" in each:
            raise InvalidReplyError("fixedFooter belongs to dialogs; a message's card has none")
    return accepted


def accepted_card(card: dict[str, Any]) -> dict[str, Any]:
    """Read a dialog's card the same way; what Chat would not show of it is left out."""
    accepted = _read(card, "GoogleAppsCardV1Card")
    try:
        check_unions(accepted, "card")
    except ApiError as error:
        raise InvalidReplyError(str(error)) from error
    size = len(json.dumps(accepted, ensure_ascii=False, separators=(",", ":")).encode())
    if size > BYTES:
        raise InvalidReplyError(f"the dialog has {size} bytes; the limit is {BYTES}")
    shown: dict[str, Any] = within_limits({"card": accepted})["card"]
    return shown


def cards(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [each.get("card", {}) for each in message.get("cardsV2", [])]


def may_see(message: dict[str, Any], person: str) -> bool:
    viewer = message.get("privateMessageViewer", {}).get("name")
    return viewer in {None, person, message["sender"]["name"]}


def _read(value: dict[str, Any], schema: str) -> dict[str, Any]:
    reading = Reading(refuse_unknown=True)
    read: dict[str, Any] = reader(api("chat", "v1"), schema)(value, (), reading)
    if reading.violations:
        raise InvalidReplyError("; ".join(text for _, text in reading.violations))
    return read
