"""What Chat takes from an app's answer and what it shows of it."""

import json
from typing import Any

from simulator.answers import ApiError
from simulator.chat.content import BYTES, new_content
from simulator.client.reply import InvalidReplyError
from simulator.discovery import api
from simulator.validation import Reading, reader

_WIDGETS = 100


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
    accepted = _read(card, "GoogleAppsCardV1Card")
    size = len(json.dumps(accepted, ensure_ascii=False, separators=(",", ":")).encode())
    if size > BYTES:
        raise InvalidReplyError(f"the dialog has {size} bytes; the limit is {BYTES}")
    return accepted


def cards(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [each.get("card", {}) for each in message.get("cardsV2", [])]


def shown_message(message: dict[str, Any]) -> dict[str, Any]:
    if not message.get("cardsV2"):
        return message
    shown = [{**each, "card": shown_card(each.get("card", {}))} for each in message["cardsV2"]]
    return {**message, "cardsV2": shown}


def shown_card(card: dict[str, Any]) -> dict[str, Any]:
    """Drop, as silently as Chat does, the section that passes the widget limit and all after it."""
    sections, count = [], 0
    for section in card.get("sections", []):
        count += _widgets(section.get("widgets", []))
        if count > _WIDGETS:
            break
        sections.append(section)
    return {**card, "sections": sections}


def may_see(message: dict[str, Any], person: str) -> bool:
    viewer = message.get("privateMessageViewer", {}).get("name")
    return viewer in {None, person, message["sender"]["name"]}


def _read(value: dict[str, Any], schema: str) -> dict[str, Any]:
    reading = Reading(refuse_unknown=True)
    read: dict[str, Any] = reader(api("chat", "v1"), schema)(value, (), reading)
    if reading.violations:
        raise InvalidReplyError("; ".join(text for _, text in reading.violations))
    return read


def _widgets(widgets: list[dict[str, Any]]) -> int:
    columns = (
        column for widget in widgets for column in widget.get("columns", {}).get("columnItems", [])
    )
    return len(widgets) + sum(_widgets(column.get("widgets", [])) for column in columns)
