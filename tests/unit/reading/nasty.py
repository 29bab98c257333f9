"""Inputs that a pattern or a reader of text may take too long for, and how long one took."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

LENGTHS = (20, 24, 28, 300, 2_000, 10_000)
"""From the shortest on: what is slow already is not tried any longer."""
LIMIT = 0.25
"""Seconds of CPU for the longest: a thousand times what such a text takes that is read once."""
QUICK = 0.005
"""Seconds below which a text of 10,000 characters was not gone through for each of them."""
GROWTH = 8
"""Times as long that four times the text may take; what grows with its square takes 16 times."""
PUMPS = " \t\n\u30000９9,.-/:¥円年月日金万RrxXａあ㈱(▲~@_'\"\\\u0301"
MIXED = ("9,", "\u0301\u0316", "\u0f73", "9 ", " \t", "a-", "1.", "億万", "０，", "é̖", "..", "x\n")
TAILS = ("", "x\n")


@dataclass(frozen=True)
class Nasty:
    """A text of any length: one thing over and over, behind a prefix, before a tail."""

    prefix: str
    pump: str
    tail: str

    def __call__(self, length: int) -> str:
        return self.prefix + self.pump * (length // len(self.pump)) + self.tail


def nasty(prefixes: tuple[str, ...] = ("",), more: str = "") -> Iterator[Nasty]:
    for prefix in prefixes:
        for pump in (*dict.fromkeys(PUMPS + more), *MIXED):
            for tail in TAILS:
                yield Nasty(prefix, pump, tail)


def slow(apply: Callable[[str], object], text: Nasty, *passes: type[Exception]) -> str | None:
    """Say how long a function of a text takes, if that grows faster than the text."""

    def seconds(length: int, times: int = 1) -> float:
        given, taken = text(length), []
        for _ in range(times):
            begun = time.thread_time()
            with suppress(*passes):
                apply(given)
            taken.append(time.thread_time() - begun)
        return min(taken)

    for length in LENGTHS:
        took = seconds(length)
        if took > LIMIT and (took := seconds(length, 2)) > LIMIT:
            return f"{text}: {took:.2f} s for {length} characters"
    if took > QUICK and (took := seconds(length, 3)) > QUICK:
        longer = seconds(4 * length, 2)
        if longer > GROWTH * took:
            return (
                f"{text}: {took:.3f} s for {length} characters, {longer:.3f} s for four times that"
            )
    return None


def example(pattern: re.Pattern[str]) -> str:
    """Return a text in which each part of a pattern stands once."""
    parse: Any = re._parser  # type: ignore[attr-defined]
    return "".join(_parts(parse.parse(pattern.pattern, pattern.flags)))


def _parts(tree: Any) -> Iterator[str]:
    for code, given in tree:
        match str(code):
            case "LITERAL":
                yield chr(given)
            case "IN":
                yield next(_members(given), "x")
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                yield from _parts(given[2])
            case "SUBPATTERN":
                yield from _parts(given[3])
            case "BRANCH":
                yield from _parts(given[1][0])
            case "ANY" | "NOT_LITERAL":
                yield "x"


def _members(some: Any) -> Iterator[str]:
    known = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "w"}
    for code, given in some:
        match str(code):
            case "LITERAL":
                yield chr(given)
            case "RANGE":
                yield chr(given[0])
            case "CATEGORY":
                yield known.get(str(given), "x")
