"""One question of a template."""

from dataclasses import dataclass
from typing import Any

from cards.sentences import Sentence
from tasks.project.expressions import truth

Answer = str | int | float | bool
TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


@dataclass(frozen=True)
class Question:
    name: str
    line: int
    """Where it stands in ``copier.yml``."""
    type: type
    label: Sentence
    hint: Sentence | None = None
    choices: tuple[tuple[Answer, Sentence], ...] = ()
    default: Answer | None = None
    """None if there is none: then it has to be answered. A text may be an expression."""
    when: str | bool = True
    validator: str = ""
    needs: frozenset[str] = frozenset()
    """The questions that come before it, since its texts name their answers."""


def convert(kind: type, value: Any) -> Answer:
    """Return a value of ``copier.yml`` as an answer of this type, as Copier does.

    Raises ValueError if it cannot be one.
    """
    if kind is bool:
        return truth(value)
    if not isinstance(value, str | int | float):
        msg = f"{value!r} is no {kind.__name__}"
        raise ValueError(msg)  # noqa: TRY004 - one way out for whatever is wrong with it
    try:
        answer: Answer = kind(value)
    except OverflowError as error:  # there is no whole number for infinity
        raise ValueError(str(error)) from error
    return answer
