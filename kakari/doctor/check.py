"""What a check is, and what it finds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cards.sentences import Sentence
from kakari.doctor.installation import Installation


class Outcome(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    """Kakari works, and yet somebody should know of it."""
    WRONG = "wrong"
    UNSEEN = "unseen"
    """It could not be looked at, since something it needs is wrong."""


@dataclass(frozen=True)
class Finding:
    outcome: Outcome
    says: Mapping[str, str]
    """One sentence in each language; if something is wrong, what to do about it."""


Look = Callable[[Installation], Iterator[Finding]]
"""Yields what it finds. A KakariError that it raises is a finding too: something is wrong."""


@dataclass(frozen=True)
class Check:
    """One small thing to look at."""

    name: str
    look: Look
    settings: tuple[str, ...] = ()
    """The settings it uses, by their fields' names."""
    needs: tuple[str, ...] = ()
    """The checks without which it makes no sense."""
    seconds: float = 45.0
    """How long it may take. The calls it makes have shorter limits of their own."""


def good(sentence: Sentence, **values: Any) -> Finding:
    return _finding(Outcome.GOOD, sentence, values)


def warning(sentence: Sentence, **values: Any) -> Finding:
    return _finding(Outcome.WARNING, sentence, values)


def wrong(sentence: Sentence, **values: Any) -> Finding:
    return _finding(Outcome.WRONG, sentence, values)


def unseen(sentence: Sentence, **values: Any) -> Finding:
    return _finding(Outcome.UNSEEN, sentence, values)


def _finding(outcome: Outcome, sentence: Sentence, values: Mapping[str, Any]) -> Finding:
    return Finding(outcome, {each: sentence.say(each, **values) for each in ("en", "ja")})
