"""Live updates for one person, as server-sent events."""

import json
import queue
import select
import socket
import time
from collections.abc import Iterator
from typing import Any

from simulator.chat.state import ChatState
from simulator.client.display import may_see

# Often enough that neither a proxy nor the browser takes the silence for the end.
_KEEP_ALIVE_S = 15.0
# How long a stream outlives its listener, and so how long a stopping server waits for it.
_LOOK_UP_S = 0.5


def stream(chat: ChatState, person: str, connection: socket.socket | None) -> Iterator[str]:
    """Yield what happens where the person is; ConnectionAbortedError when the listener hangs up.

    An error and not an end, because the server would write a last word to nobody.
    """
    with chat.feed.subscribe() as events:
        yield ": connected\n\n"
        spoke = time.monotonic()
        while True:
            if _hung_up(connection):
                raise ConnectionAbortedError
            try:
                seen = _seen_by(person, events.get(timeout=_LOOK_UP_S), chat)
            except queue.Empty:
                seen = None
            if seen:
                yield f"data: {json.dumps(seen, ensure_ascii=False)}\n\n"
                spoke = time.monotonic()
            elif time.monotonic() - spoke > _KEEP_ALIVE_S:
                yield ": keep-alive\n\n"
                spoke = time.monotonic()


def _hung_up(connection: socket.socket | None) -> bool:
    """Tell whether the other side is gone; a listener says nothing, so only its end is readable."""
    if connection is None:
        return False
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable)


def _seen_by(person: str, event: dict[str, Any], chat: ChatState) -> dict[str, Any] | None:
    if "message" not in event:
        return event
    if person not in chat.space(event["space"]).members or not may_see(event["message"], person):
        return None
    return event
