"""Google Chat's two wire formats: either becomes one ``Event``, one ``Reply`` becomes either.

Which one it is, the body tells each time, never the configuration: converting an app to an
add-on changes the format for all its users at once.
"""

from collections.abc import Mapping
from typing import Any

from bot.event import Event, Wire
from bot.reply import Reply
from bot.wire import addon, classic
from bot.wire.answerable import replies_to
from bot.wire.interaction import Interaction

__all__ = ["parse", "render", "replies_to"]


def parse(body: object) -> Event | None:
    """Understand the body of a request; None means: not for us, answer 200 and ``{}``.

    Raises nothing, whatever the body is. New kinds of event are not an error either: repeated
    refusals make the add-on framework stop sending even messages.
    """
    interaction = _read(body) if isinstance(body, dict) else None
    return interaction.event() if interaction else None


def render(reply: Reply, event: Event) -> dict[str, Any]:
    """Put a reply into the body that answers the event.

    Raises ValueError if the event cannot carry such a reply: a mistake of the caller.
    """
    if not isinstance(reply, replies_to(event)):
        asked = f"{event.dialog or event.kind} ({event.wire})"
        raise ValueError(f"{type(reply).__name__} cannot answer {asked}")  # noqa: TRY004
    return addon.render(reply) if event.wire is Wire.ADDON else classic.render(reply, event)


def _read(body: Mapping[str, Any]) -> Interaction | None:
    chat = body.get("chat")
    kind = body.get("type")
    if not isinstance(chat, dict):
        return classic.read(body, kind) if isinstance(kind, str) else None
    payload_keys = [key for key in chat if key.endswith("Payload")]
    if payload_keys:
        return addon.read(body, payload_keys[0]) if len(payload_keys) == 1 else None
    # What is left is a Home tab: a classic app's says so in either of two places.
    for home in (chat.get("type"), kind):
        if isinstance(home, str):
            return classic.read(body, home)
    return addon.read(body, None)
