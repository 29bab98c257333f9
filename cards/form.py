"""A dialog that asks for the fields of a request, with a sentence at each field that is wrong."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from cards import widgets as w
from cards.sentences import Sentence

SHORTENED = Sentence(
    "This was too long to be shown and has been cut off. Please look at its end.",
    "長すぎて表示しきれないため、途中で切りました。末尾を確認してください。",
)
NEXT = Sentence("Next", "次へ")
OPTIONAL = Sentence(" (optional)", "（任意）")
SPARE = 1_000
"""Bytes of a card that are left free: Chat may count otherwise."""
EMPTY = 2
"""Bytes of a value in which nothing stands."""
DROPDOWN_FROM = 5
"""From so many choices on a list folds up; fewer are seen at once and take one tap."""


@dataclass(frozen=True)
class Field:
    """One field of a form, in the words of one locale."""

    name: str
    label: str
    kind: Literal["text", "integer", "number", "switch", "choice"] = "text"
    hint: str | None = None
    value: str = ""
    choices: Sequence[tuple[str, str]] = ()
    lines: int = 1
    optional: bool = False
    error: str | None = None


def form_card(
    title: str, fields: Sequence[Field], locale: str, send: w.Action, note: str | None = None
) -> w.Card:
    """Draw one page of the form; ``send`` is what its button calls.

    ``note`` says what is in the way, if that is no field's fault.
    """
    wrong = [_wrong(note)] if note else []
    # After the last page comes the plan, so there is always something next.
    label = NEXT.say(locale)
    button = w.section(w.buttons(w.button(label, send, filled=True)))

    def drawn(some: Iterable[Field]) -> w.Card:
        parts = [part for field in some for part in widgets(field, locale)]
        return w.card(title, w.section(*wrong, *parts), button)

    room = w.CARD_BYTES - SPARE
    if _size(drawn(fields)) <= room:
        return drawn(fields)
    said = SHORTENED.say(locale)
    marked = [replace(field, error=field.error or said) for field in fields]
    empty = drawn(replace(field, value="") for field in marked)
    cut = _fitting(marked, room - _size(empty))
    return drawn(
        was if was.value == now.value else now for was, now in zip(fields, cut, strict=True)
    )


def _fitting(fields: Sequence[Field], room: int) -> list[Field]:
    """Return the fields with the longest values cut, as far as all of them need more room."""
    left = room
    cut: dict[str, str] = {}
    shortest_first = sorted(fields, key=lambda field: _size(field.value))
    for at, field in enumerate(shortest_first):
        share = left // (len(fields) - at)
        value = field.value
        while (size := _size(value)) > max(share, EMPTY):
            value = value[: len(value) * share // size] if share > EMPTY else ""
        cut[field.name] = value
        left -= size
    return [replace(field, value=cut[field.name]) for field in fields]


def _size(built: object) -> int:
    """Return the bytes that something takes within a card."""
    return len(json.dumps(built, ensure_ascii=False).encode())


def widgets(field: Field, locale: str) -> list[w.Widget]:
    """Draw one field, below the sentence that says what is wrong with it."""
    if not field.error:
        return [_widget(field, locale)]
    return [_wrong(field.error), _widget(field, locale)]


def _wrong(sentence: str) -> w.Widget:
    return {"textParagraph": {"text": f'<font color="#b3261e">{w.escape(sentence)}</font>'}}


def _widget(field: Field, locale: str) -> w.Widget:
    if field.kind in ("choice", "switch"):
        return {"selectionInput": _selection(field)}
    validation: dict[str, Any] = {}
    if field.kind == "integer":
        validation["inputType"] = "INTEGER"
    elif field.kind == "number":
        validation["inputType"] = "FLOAT"
    text: dict[str, Any] = {
        "name": field.name,
        "label": f"{field.label}{OPTIONAL.say(locale)}" if field.optional else field.label,
        "type": "MULTIPLE_LINE" if field.lines > 1 else "SINGLE_LINE",
    }
    if field.value:
        text["value"] = field.value
    if field.hint:
        text["hintText"] = field.hint
    if validation:
        text["validation"] = validation
    return {"textInput": text}


def _selection(field: Field) -> Mapping[str, Any]:
    if field.kind == "switch":
        return {
            "name": field.name,
            "type": "SWITCH",
            "items": [{"text": field.label, "value": "true", "selected": field.value == "true"}],
        }
    return {
        "name": field.name,
        "label": field.label,
        "type": "DROPDOWN" if len(field.choices) >= DROPDOWN_FROM else "RADIO_BUTTON",
        "items": [
            {"text": label, "value": value, "selected": value == field.value}
            for value, label in field.choices
        ],
    }
