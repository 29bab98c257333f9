"""What the commands print: the one door between texts that others wrote and a terminal.

A terminal obeys what it is shown: ESC moves its cursor, a line break forges a line, an override of
direction turns words around. So each sign that acts on others is shown as �, whoever wrote it.
"""

import re
import unicodedata
from typing import BinaryIO

import click

MASK = "�"
ACTING = frozenset(["Cc", "Cs", "Zl", "Zp"])
"""Categories: controls (C0, DEL, C1), half surrogates, and what ends a line or a paragraph."""
TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Formats that change in which direction a line is read."""

_PLAIN = re.compile(r"[ -~]*")
_IN_JSON = re.compile(f"[\x7f-\x9f\u2028\u2029\ud800-\udfff{TURNING}]")
_TURNING = re.compile(f"[{TURNING}]")


def shown(text: str) -> str:
    """Return a text as a line of a terminal may show it."""
    if _PLAIN.fullmatch(text):
        return text
    return _TURNING.sub(
        MASK, "".join(MASK if unicodedata.category(sign) in ACTING else sign for sign in text)
    )


def say(text: object = "", *, sign: str = "", colour: str | None = None, err: bool = False) -> None:
    """Print one line; ``sign`` is our own and stands before it in a colour, else all of it."""
    line = shown(str(text))
    if sign:
        line = f"{click.style(sign, fg=colour)} {line}"
    elif colour:
        line = click.style(line, fg=colour)
    click.echo(line, err=err)


def say_lines(text: str) -> None:
    """Print a text of our own that has several lines."""
    for line in text.split("\n"):
        say(line)


def say_json(written: str) -> None:
    """Print JSON: nothing of it is lost, and a terminal that shows it obeys nothing."""
    click.echo(_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", written))


def is_terminal(out: BinaryIO) -> bool:
    """Say whether what is written there is shown to somebody."""
    return bool(out.isatty())
