"""Rules of cards that the discovery document does not hold: unions, and how much is shown.

https://developers.google.com/workspace/chat/api/reference/rest/v1/cards
"""

from typing import Any

from simulator.answers import bad_request
from simulator.validation import snake

#: Of these a message has one at most.
UNIONS = {
    "widgets": {
        "buttonList",
        "carousel",
        "chipList",
        "columns",
        "dateTimePicker",
        "decoratedText",
        "divider",
        "grid",
        "image",
        "selectionInput",
        "textInput",
        "textParagraph",
    },
    "onClick": {"action", "card", "openDynamicLinkAction", "openLink", "overflowMenu"},
    "decoratedText": {"button", "endIcon", "switchControl"},
}
WIDGETS = 100


def check_unions(value: Any, path: str, owner: str = "") -> None:
    """Refuse a message that sets two members of one union."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            check_unions(item, f"{path}[{index}]", owner)
        return
    if not isinstance(value, dict):
        return
    members = sorted(value.keys() & UNIONS.get(owner, set()))
    if len(members) > 1:
        raise bad_request(
            f"Invalid value at '{path}' (oneof), oneof field is already set. "
            f"Cannot set '{members[1]}'",
            path,
        )
    for key, item in value.items():
        check_unions(item, f"{path}.{snake(key)}", key)


def within_limits(card_with_id: dict[str, Any]) -> dict[str, Any]:
    """Drop, as Chat silently does, the section that brings the hundredth widget too many."""
    card = card_with_id.get("card", {})
    shown: list[Any] = []
    widgets = 0
    for section in card.get("sections", []):
        widgets += len(section.get("widgets", []))
        if widgets > WIDGETS:
            return card_with_id | {"card": card | {"sections": shown}}
        shown.append(section)
    return card_with_id
