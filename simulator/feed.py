"""What just happened, for whoever is watching (the page, a test)."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Event = dict[str, Any]


class Feed:
    """Hands every event to every listener; a listener too slow to read is told so and dropped."""

    BACKLOG = 1000

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: list[queue.Queue[Event]] = []

    def publish(self, event: Event) -> None:
        with self._lock:
            for listener in list(self._listeners):
                try:
                    listener.put_nowait(event)
                except queue.Full:
                    self._listeners.remove(listener)
                    self._tell_dropped(listener)

    @contextmanager
    def subscribe(self) -> Iterator[queue.Queue[Event]]:
        listener: queue.Queue[Event] = queue.Queue(self.BACKLOG)
        with self._lock:
            self._listeners.append(listener)
        try:
            yield listener
        finally:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

    @staticmethod
    def _tell_dropped(listener: "queue.Queue[Event]") -> None:
        """Make room for one last word: the listener must load everything anew."""
        with listener.mutex:
            listener.queue.clear()
        listener.put_nowait({"type": "feed.dropped"})
