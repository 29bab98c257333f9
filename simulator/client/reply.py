"""What an app's synchronous answer asks Chat to do, whichever wire format said it."""

from dataclasses import dataclass
from typing import Any

from simulator.client.interaction import DialogEventType, Interaction, Kind


class InvalidReplyError(Exception):
    """Chat cannot act on the app's answer; the message tells the developer why."""


@dataclass
class Reply:
    create: dict[str, Any] | None = None
    update: dict[str, Any] | None = None
    dialog: dict[str, Any] | None = None
    close: bool = False
    notice: str | None = None
    suggestions: list[dict[str, Any]] | None = None


def object_at(parent: dict[str, Any], key: str) -> dict[str, Any]:
    value = parent.get(key)
    if not isinstance(value, dict):
        raise InvalidReplyError(f"{key} must be an object")
    return value


def list_at(parent: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = parent.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InvalidReplyError(f"{key} must be a list of objects")
    return value


def check_keys(value: dict[str, Any], known: set[str], where: str) -> None:
    unknown = ", ".join(sorted(value.keys() - known))
    if unknown:
        raise InvalidReplyError(f"{where} has unknown fields: {unknown}")


def check_fits(reply: Reply, interaction: Interaction) -> None:
    """Refuse an answer that Chat does not take for this kind of interaction."""
    event = interaction.dialog_event
    if reply.dialog is not None:
        if event is None:
            raise InvalidReplyError(
                "a dialog opens only for a command ticked 'Open a dialog', for a button with "
                "OPEN_DIALOG, and from within a dialog"
            )
        if reply.close:
            raise InvalidReplyError("one answer both shows and closes the dialog")
    if event == DialogEventType.REQUEST and reply.dialog is None and not reply.close:
        raise InvalidReplyError(
            "a dialog was asked for and the answer neither shows nor closes one"
        )
    if event == DialogEventType.SUBMIT and not (
        reply.dialog is not None or reply.close or reply.create or reply.update
    ):
        raise InvalidReplyError("the answer to a dialog's button neither goes on nor closes it")
    if reply.update is not None and not _clicked_app_message(interaction):
        raise InvalidReplyError("only a click on a message of the app's own can update it")
    if reply.suggestions is not None and interaction.kind != Kind.QUERY:
        raise InvalidReplyError("suggestions answer only what is typed into a menu")


def _clicked_app_message(interaction: Interaction) -> bool:
    message = interaction.message
    return (
        interaction.kind == Kind.CLICK
        and message is not None
        and message["sender"].get("type") == "BOT"
    )
