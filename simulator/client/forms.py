"""The inputs of a card: what each holds untouched, what a person puts in, what Chat itself refuses.

A person's entries come as ``{name: [values]}`` for text and selections and as
``{name: {"date": "2026-11-30", "time": "09:30"}}`` for date and time pickers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

Entry = list[str] | dict[str, str]
FormInputs = dict[str, dict[str, Any]]

_KINDS = ("textInput", "selectionInput", "dateTimePicker")
# Chat checks `requiredWidgets` on these; it lets an empty radio or check box pass.
_REQUIRABLE_SELECTIONS = {"DROPDOWN", "MULTI_SELECT"}
_TEXT = {
    "INTEGER": re.compile(r"[+-]?\d+"),
    "FLOAT": re.compile(r"[+-]?\d+(\.\d+)?"),
    "EMAIL": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
}


class UnknownInputError(Exception):
    """The card has no input of that name."""


@dataclass(frozen=True)
class Input:
    kind: str
    widget: dict[str, Any]

    def untouched(self) -> dict[str, Any] | None:
        """Tell what Chat sends when nobody touched the input; nothing for an empty picker."""
        match self.kind:
            case "textInput":
                return _strings([str(self.widget.get("value", ""))])
            case "selectionInput":
                items = self.widget.get("items", [])
                chosen = [str(item.get("value", "")) for item in items if item.get("selected")]
                return _strings(chosen or [""])
            case "switchControl":
                on = self.widget.get("selected")
                return _strings([str(self.widget.get("value", "true")) if on else ""])
            case _:
                ms = self.widget.get("valueMsEpoch")
                return None if ms is None else self._picked(int(ms))

    def entered(self, entry: Entry, zone: ZoneInfo) -> dict[str, Any] | None:
        if isinstance(entry, list):
            return _strings([str(value) for value in entry] or [""])
        date, time = entry.get("date", ""), entry.get("time", "")
        if not date and not time:
            return None
        # A date alone is midnight UTC wherever the person is; a moment is the person's own.
        local = zone if date and time else UTC
        moment = datetime.fromisoformat(f"{date or '1970-01-01'}T{time or '00:00'}")
        return self._picked(int(moment.replace(tzinfo=local).timestamp() * 1000))

    def refuses(self, form_input: dict[str, Any] | None, *, required: bool) -> bool:
        """Tell whether Chat would mark the input red instead of sending the click."""
        values = (form_input or {}).get("stringInputs", {}).get("value", [])
        if form_input is None or values == [""]:
            return required and (
                self.kind != "selectionInput" or self.widget.get("type") in _REQUIRABLE_SELECTIONS
            )
        if self.kind != "textInput":
            return False
        validation = self.widget.get("validation", {})
        pattern = _TEXT.get(validation.get("inputType", ""))
        limit = validation.get("characterLimit")
        return bool(
            (pattern and not pattern.fullmatch(values[0])) or (limit and len(values[0]) > limit)
        )

    def _picked(self, ms: int) -> dict[str, Any]:
        match self.widget.get("type", "DATE_AND_TIME"):
            case "DATE_ONLY":
                return {"dateInput": {"msSinceEpoch": ms}}
            case "TIME_ONLY":
                time = datetime.fromtimestamp(ms / 1000, UTC)
                return {"timeInput": {"hours": time.hour, "minutes": time.minute}}
            case _:
                moment = {"hasDate": True, "hasTime": True, "msSinceEpoch": ms}
                return {"dateTimeInput": moment}


def inputs(cards: list[dict[str, Any]]) -> dict[str, Input]:
    """Find the inputs of the cards by their names, wherever a card may hold one."""
    return {
        str(widget["name"]): Input(kind, widget)
        for card in cards
        for section in card.get("sections", [])
        for kind, widget in _inputs_of(section.get("widgets", []))
        if "name" in widget
    }


def filled(found: dict[str, Input], entries: dict[str, Entry], zone: ZoneInfo) -> FormInputs:
    """Print what a click carries: the person's entries over the untouched values."""
    unknown = entries.keys() - found.keys()
    if unknown:
        raise UnknownInputError(f"the card has no input named {', '.join(sorted(unknown))}")
    values = {
        name: each.entered(entries[name], zone) if name in entries else each.untouched()
        for name, each in found.items()
    }
    return {name: value for name, value in values.items() if value is not None}


def refused(found: dict[str, Input], form_inputs: FormInputs, action: dict[str, Any]) -> list[str]:
    """Name the inputs that Chat would not let this click through with."""
    every = bool(action.get("allWidgetsAreRequired"))
    required = set(action.get("requiredWidgets", []))
    return [
        name
        for name, each in found.items()
        if each.refuses(form_inputs.get(name), required=every or name in required)
    ]


def _inputs_of(widgets: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for widget in widgets:
        for kind in _KINDS:
            if kind in widget:
                yield kind, widget[kind]
        if "switchControl" in widget.get("decoratedText", {}):
            yield "switchControl", widget["decoratedText"]["switchControl"]
        for column in widget.get("columns", {}).get("columnItems", []):
            yield from _inputs_of(column.get("widgets", []))


def _strings(values: list[str]) -> dict[str, Any]:
    return {"stringInputs": {"value": values}}
