"""From a page's pydantic model to the fields of its dialog, and from what was typed back."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from cards.form import Field
from cards.sentences import Sentence
from reading.text import normal
from tasks.base import Answers, Ask, Page

FILL_IN = Sentence("Please fill this in.", "入力してください。")
CHOOSE = Sentence("Please choose one of these.", "一つ選んでください。")
NUMBER = Sentence("Please type a number, such as 250.", "数字で入力してください（例: 250）。")
TOO_LONG = Sentence(
    "Too long: {max_length} characters at the most.", "長すぎます（{max_length} 文字まで）。"
)
BOUNDS = Sentence("This number is too small or too large.", "数値が範囲を超えています。")
NOT_RIGHT = Sentence("Please check this.", "この内容を確認してください。")
SENTENCES = {
    "missing": FILL_IN,
    "string_too_short": FILL_IN,
    "string_type": FILL_IN,
    "string_too_long": TOO_LONG,
    "literal_error": CHOOSE,
    "enum": CHOOSE,
    "int_parsing": NUMBER,
    "int_type": NUMBER,
    "int_from_float": NUMBER,
    "float_parsing": NUMBER,
    "float_type": NUMBER,
    "finite_number": NUMBER,
    "greater_than": BOUNDS,
    "greater_than_equal": BOUNDS,
    "less_than": BOUNDS,
    "less_than_equal": BOUNDS,
}


def fields_of(
    model: Page,
    locale: str,
    values: Answers | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Field]:
    """Return the form's fields, filled with what was typed or with the defaults."""
    typed = values or {}
    wrong = errors or {}
    return [
        _field(name, info, ask, locale, typed.get(name, _default(info)), wrong.get(name))
        for name, info in model.model_fields.items()
        if (ask := _ask(info))
    ]


def typed(model: Page, inputs: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return what was typed into the page's fields; what was left empty is left out.

    An untouched or emptied input arrives as nothing or as ``[""]``, and a switch that is off as
    nothing (google-chat facts, 1).
    """
    found: dict[str, str] = {}
    for name, info in model.model_fields.items():
        value = (inputs.get(name) or [""])[0]
        if info.annotation is bool:
            found[name] = "true" if value == "true" else "false"
        elif value.strip():
            # Japanese keyboards type full-width digits, which Chat lets pass and int does not.
            number = info.annotation in (int, float)
            found[name] = normal(value) if number else value
    return found


def sentences(model: Page, error: ValidationError, locale: str) -> dict[str, str]:
    """Return one sentence for each wrong field of the page, in the person's language."""
    choices = {n for n, info in model.model_fields.items() if (ask := _ask(info)) and ask.choices}
    said: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_input=False):
        name = str(problem["loc"][0]) if problem["loc"] else ""
        context = problem.get("ctx", {})
        if problem["type"] == "kakari":
            said[name] = context["ja"] if locale.startswith("ja") else context["en"]
        else:
            sentence = SENTENCES.get(problem["type"], NOT_RIGHT)
            if sentence is FILL_IN and name in choices:
                sentence = CHOOSE
            said[name] = sentence.say(locale, **context)
    return said


def _ask(info: FieldInfo) -> Ask | None:
    return next((note for note in info.metadata if isinstance(note, Ask)), None)


def _default(info: FieldInfo) -> Any:
    return None if info.is_required() else info.get_default(call_default_factory=True)


def _field(
    name: str, info: FieldInfo, ask: Ask, locale: str, value: Any, error: str | None
) -> Field:
    kinds: dict[Any, str] = {int: "integer", float: "number", bool: "switch"}
    kind: Any = "choice" if ask.choices else kinds.get(info.annotation, "text")
    shown = "" if value is None else str(value)
    return Field(
        name=name,
        label=ask.label.say(locale),
        kind=kind,
        hint=ask.hint.say(locale) if ask.hint else None,
        value=shown.lower() if kind == "switch" else shown,
        choices=[(choice, label.say(locale)) for choice, label in ask.choices],
        lines=ask.lines,
        optional=not info.is_required() and not _default(info),
        error=error,
    )
