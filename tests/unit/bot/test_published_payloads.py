"""The payloads others have captured or printed, where a collection lies beside the checkout."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.event import Dialog, EventKind, Wire
from bot.wire import parse
from tests.unit.bot.events import ALICE

COLLECTION = Path(__file__).parents[4] / "shared" / "payloads"
KINDS = {
    "addon_command_request_dialog": EventKind.COMMAND,
    "addon_http_button_clicked": EventKind.CLICK,
    "addon_http_message": EventKind.MESSAGE,
    "addon_http_slash_command": EventKind.COMMAND,
    "addon_live_mention_add_message": EventKind.MESSAGE,
    "addon_live_mention_add_sw": EventKind.ADDED,
    "addon_live_message": EventKind.MESSAGE,
    "addon_live_slash_command": EventKind.COMMAND,
    "addon_live_space_message": EventKind.MESSAGE,
    "addon_message_from_bot": None,
    "addon_quick_command": EventKind.COMMAND,
    "addon_removed": EventKind.REMOVED,
    "addon_slash_command": EventKind.COMMAND,
    "addon_submit_dialog": EventKind.CLICK,
    "classic_added_to_space_by_mention": EventKind.MESSAGE,
    "classic_added_to_space_sw": EventKind.ADDED,
    "classic_app_command": EventKind.COMMAND,
    "classic_card_clicked": EventKind.CLICK,
    "classic_message": EventKind.MESSAGE,
    "classic_request_dialog": EventKind.CLICK,
    "classic_slash_command": EventKind.COMMAND,
    "classic_submit_dialog": EventKind.CLICK,
    "classic_submit_form": EventKind.FORM,
    "classic_widget_updated": EventKind.WIDGET_UPDATED,
    "addon_action_method_name": EventKind.WIDGET_UPDATED,
    "addon_authorization_event_object": None,
    "addon_form_inputs": None,
}

pytestmark = pytest.mark.skipif(
    not COLLECTION.is_dir(), reason="no collection of published payloads beside this checkout"
)


def named(pattern: str) -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in sorted(COLLECTION.glob(pattern))]


def body(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text())
    return read


def kind(path: Path) -> EventKind | None:
    name = path.stem.partition("_")[2]
    (known,) = [start for start in KINDS if name.startswith(start)]
    return KINDS[known]


@pytest.mark.parametrize("path", named("event_*.json"))
def test_a_published_event_is_understood(path: Path) -> None:
    event = parse(body(path))
    assert (event and event.kind) == kind(path)
    if event is not None:
        assert event.wire == (Wire.ADDON if "_addon_" in path.name else Wire.CLASSIC)
        assert "REDACTED" not in repr(event)


@pytest.mark.parametrize("path", named("frag_*.json"))
def test_a_published_fragment_is_understood_once_it_says_who(path: Path) -> None:
    fragment = body(path)
    if "user" not in fragment:
        assert parse(fragment) is None
    if "chat" in fragment:
        fragment["chat"]["user"] = ALICE
    else:
        fragment["user"] = ALICE
    event = parse(fragment)
    assert (event and event.kind) == kind(path)


def test_what_the_captures_say_arrives() -> None:
    def heard(name: str) -> Any:
        return parse(body(COLLECTION / f"{name}.json"))

    assert heard("event_addon_http_slash_command_live").command_id == 1
    assert heard("event_addon_live_mention_add_sw").interaction_add
    assert heard("event_addon_live_mention_add_message_sw").text == ""
    assert heard("event_addon_live_space_message_sw").text == "how are you?"
    assert heard("event_addon_command_request_dialog_sw").dialog is Dialog.REQUEST
    assert heard("event_classic_added_to_space_by_mention_sw").interaction_add
    assert heard("frag_classic_submit_dialog_empty_values").inputs["calendar_name"] == [""]
