"""The dialogs that are open: each belongs to one person, who has one at a time."""

import itertools
import threading
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Dialog:
    id: str
    person: str
    space: str
    card: dict[str, Any]
    # The app's message whose button opened it; a command's dialog has none.
    message: str | None
    thread: str | None


class Dialogs:
    def __init__(self) -> None:
        self._by_person: dict[str, Dialog] = {}
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def open(
        self, person: str, space: str, card: dict[str, Any], message: str | None, thread: str | None
    ) -> Dialog:
        """Open a dialog in the place of whatever this person had open."""
        with self._lock:
            dialog = Dialog(f"dialog-{next(self._ids)}", person, space, card, message, thread)
            self._by_person[person] = dialog
            return dialog

    def show(self, dialog_id: str, person: str, card: dict[str, Any]) -> Dialog | None:
        """Go on to another card in a dialog that is still open."""
        with self._lock:
            dialog = self._by_person.get(person)
            if dialog is None or dialog.id != dialog_id:
                return None
            self._by_person[person] = replace(dialog, card=card)
            return self._by_person[person]

    def find(self, dialog_id: str, person: str) -> Dialog | None:
        with self._lock:
            dialog = self._by_person.get(person)
            return dialog if dialog and dialog.id == dialog_id else None

    def close(self, dialog_id: str, person: str) -> None:
        with self._lock:
            dialog = self._by_person.get(person)
            if dialog and dialog.id == dialog_id:
                del self._by_person[person]
