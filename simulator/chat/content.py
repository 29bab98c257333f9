"""What a message may say, and which of it a mask lets an edit change."""

import json
from typing import Any

from simulator.answers import bad_request
from simulator.chat.cards import check_unions, within_limits
from simulator.validation import camel

#: Fields of a message that its sender decides; the rest is Chat's.
WRITABLE = {
    "text",
    "cards",
    "cardsV2",
    "accessoryWidgets",
    "attachment",
    "annotations",
    "fallbackText",
    "markupSyntax",
    "privateMessageViewer",
    "quotedMessageMetadata",
}
EDITABLE = {"text", "attachment", "cards", "cardsV2", "accessoryWidgets", "quotedMessageMetadata"}
#: Chat's limit for text and cards together.
BYTES = 32_000


def new_content(body: dict[str, Any]) -> dict[str, Any]:
    """Take the sender's part of a new message, checked."""
    content = {key: value for key, value in body.items() if key in WRITABLE and value}
    check(content)
    return _as_kept(content)


def edited_content(body: dict[str, Any], update_mask: str) -> dict[str, Any]:
    """Say what an edit sets; a masked field that the body leaves out is set to nothing."""
    paths = [camel(path.strip()) for path in update_mask.split(",") if path.strip()]
    if not paths:
        raise bad_request("The update mask is required.", "update_mask")
    unknown = [path for path in paths if path != "*" and path not in EDITABLE]
    if unknown:
        raise bad_request(f"Invalid path in the update mask: {unknown[0]}", "update_mask")
    masked = EDITABLE if "*" in paths else set(paths)
    return _as_kept({key: body.get(key) for key in masked})


def check(content: dict[str, Any]) -> None:
    """Refuse what Chat refuses: nothing to show, too much, or cards that cannot be told apart."""
    shown = {key: content.get(key) for key in ("text", "cardsV2", "cards", "accessoryWidgets")}
    if not any(shown.values()) and not content.get("attachment"):
        raise bad_request("Message cannot be empty. Discarding empty message.", "message")
    kept = {key: value for key, value in shown.items() if value}
    size = len(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode())
    if size > BYTES:
        raise bad_request(f"Message has {size} bytes; the limit is {BYTES}.", "message")
    cards = content.get("cardsV2") or []
    check_unions(cards, "message.cards_v2")
    ids = [card.get("cardId") for card in cards]
    if len(cards) > 1 and (None in ids or len(set(ids)) < len(ids)):
        raise bad_request("Each of several cards needs a card ID of its own.", "message.cards_v2")


def _as_kept(content: dict[str, Any]) -> dict[str, Any]:
    """Add a text's two other forms, without mentions and with markup; cut what cards exceed."""
    if "text" in content:
        content |= {"argumentText": content["text"], "formattedText": content["text"]}
    if content.get("cardsV2"):
        content["cardsV2"] = [within_limits(card) for card in content["cardsV2"]]
    return content
