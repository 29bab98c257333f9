"""A person in the simulated Chat: types, taps, fills in forms and reads what is there."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import requests

POLL = 0.1
PATIENCE = 60.0

Json = dict[str, Any]


class NothingToTapError(Exception):
    """The button is not there; the message names those that are."""


class Person:
    """One person of the simulator's office, using Chat as the page in the browser does."""

    def __init__(self, page: str, name: str, space: str) -> None:
        self.page = page
        self.name = name
        self.space = space
        self._http = requests.Session()

    def say(self, text: str, thread: str | None = None) -> Json:
        """Type a message or a command; return its outcome."""
        body = {"space": self.space, "text": text, "thread": thread}
        outcome: Json = self._post("say", body)["outcome"]
        return outcome

    def tap(self, message: Json, label: str) -> Json:
        """Tap a button of a card by its text (the beginning is enough)."""
        action = _action(_cards(message), label)
        return self._post("click", {"message": message["name"], "action": action})

    def send(self, dialog: Json, inputs: Mapping[str, str], label: str | None = None) -> Json:
        """Fill in an open dialog and tap its button, the last one unless named."""
        action = _action([dialog["card"]], label)
        entries = {name: [value] for name, value in inputs.items()}
        return self._post("dialog", {"dialog": dialog["id"], "action": action, "inputs": entries})

    def redeliver(self, event: str) -> Json:
        """Have Chat deliver an event once more."""
        return self._post("redeliver", {"event": event})

    def messages(self) -> list[Json]:
        """Return what the person sees in the space, oldest first."""
        query = {"space": self.space, "person": self.name}
        answer = self._http.get(f"{self.page}/_sim/chat/messages", params=query, timeout=30)
        answer.raise_for_status()
        found: list[Json] = answer.json()["messages"]
        return found

    def sheet(self, spreadsheet: str) -> list[list[str]]:
        """Return what the person sees in the first tab of a spreadsheet, row by row."""
        query = {"person": self.name, "rows": "1000"}
        answer = self._http.get(f"{self.page}/_sim/sheets/{spreadsheet}", params=query, timeout=30)
        answer.raise_for_status()
        rows = answer.json()["rows"]
        return [[(cell or {}).get("text", "") for cell in row["cells"]] for row in rows]

    def enter(self, spreadsheet: str, at: str, *cells: str) -> None:
        """Type into cells of a row, from this one on."""
        body = {"person": self.name, "range": at, "values": [list(cells)]}
        answer = self._http.post(
            f"{self.page}/_sim/sheets/{spreadsheet}/enter", json=body, timeout=30
        )
        answer.raise_for_status()

    def await_message(self, wanted: Callable[[Json], bool], patience: float = PATIENCE) -> Json:
        """Wait until a message is there, or becomes, as wanted; return the latest such one."""
        deadline = time.monotonic() + patience
        while True:
            found = [message for message in self.messages() if wanted(message)]
            if found:
                return found[-1]
            if time.monotonic() > deadline:
                last = [text_of(message) for message in self.messages()[-3:]]
                raise TimeoutError(f"no such message; the last ones: {last}")
            time.sleep(POLL)

    def _post(self, what: str, body: Json) -> Json:
        body = {"person": self.name, **{k: v for k, v in body.items() if v is not None}}
        answer = self._http.post(f"{self.page}/_sim/chat/{what}", json=body, timeout=60)
        answer.raise_for_status()
        outcome: Json = answer.json()
        return outcome


def text_of(shown: Json) -> str:
    """Return all text of a message or a card, as a person reads it from top to bottom."""
    return "\n".join(_texts(shown))


def buttons_of(shown: Json) -> list[str]:
    """Return the texts of all buttons."""
    return [button["text"] for button in _found(shown, "buttons")]


def fields_of(dialog: Json) -> list[str]:
    """Return the names of the dialog's inputs."""
    return [each["name"] for each in _inputs(dialog)]


def filled_in(dialog: Json, answers: Mapping[str, str]) -> str:
    """Return a dialog's heading, and what these answers put into which of its inputs."""
    heading = next(_objects(dialog, "header"))["title"]
    shown = [heading]
    for each in _inputs(dialog):
        if each["name"] in answers:
            said = answers[each["name"]]
            words = {item["value"]: item["text"] for item in each.get("items", ())}
            shown.append(f"{each.get('label', '')}: {words.get(said, said)}".strip(": "))
    return "\n".join(shown)


def _inputs(dialog: Json) -> list[Json]:
    return [*_objects(dialog, "textInput"), *_objects(dialog, "selectionInput")]


def _cards(message: Json) -> list[Json]:
    return [each["card"] for each in message.get("cardsV2", [])]


def _action(cards: list[Json], label: str | None) -> Json:
    tappable = [b for card in cards for b in _found(card, "buttons") if "action" in b["onClick"]]
    for button in reversed(tappable):
        if label is None or button["text"].startswith(label):
            action: Json = button["onClick"]["action"]
            return action
    raise NothingToTapError(f"{label}: there are {[b['text'] for b in tappable]}")


def _found(value: Any, name: str) -> Iterator[Json]:
    for each in _objects(value, name):
        yield from each


def _objects(value: Any, name: str) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == name:
                yield item
            yield from _objects(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item, name)


_READ = ("title", "subtitle", "header", "topLabel", "text", "bottomLabel", "label", "value")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in _READ and isinstance(item, str):
                yield item.replace("<br>", "\n")
            elif key not in ("onClick", "startIcon"):
                yield from _texts(item)
