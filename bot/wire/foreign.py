"""Values of a body that we did not write, read so that nothing in it can do harm.

Whatever stands where something else should stand reads as if it were absent.
"""

import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from reading.text import visible

LONG: Final = 32_000
"""Characters of a text: Chat's own limit of a message, in bytes."""
SHORT: Final = 500
"""Characters of a name that is only shown or compared."""
MANY: Final = 200
"""Entries of a map or a list: a card has at most 100 widgets."""

# Resource names become parts of URLs, so they are taken only in the shape Google gives them:
# an id never begins with a dot and holds no slash. Real ones have some 20 characters, our own 41;
# with up to 80 every name fits the ledger's columns.
_ID = r"[A-Za-z0-9_-][A-Za-z0-9_.@+-]{0,79}"
USER: Final = re.compile(f"users/{_ID}")
SPACE: Final = re.compile(f"spaces/{_ID}")
MESSAGE: Final = re.compile(f"spaces/{_ID}/messages/{_ID}")
THREAD: Final = re.compile(f"spaces/{_ID}/threads/{_ID}")
LOCALE: Final = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")

_EXACT = 2**53
_NOTHING: Final[Mapping[str, Any]] = {}


def fields(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else _NOTHING


def text(value: object, limit: int = LONG) -> str:
    """Read a text; what no database stores, and what nobody sees, is shown by a sign."""
    return visible(value[:limit]) if isinstance(value, str) else ""


def packed(value: str) -> Any:
    """Read JSON that a button of ours carried as a text, which a person could change.

    What is escaped in it are texts of their own, so they are read as all others are. Raises
    ValueError and RecursionError where it is none.
    """

    def read(found: Any) -> Any:
        match found:
            case str():
                return text(found)
            case list():
                return [read(each) for each in found]
            case dict():
                return {text(key, SHORT): read(each) for key, each in found.items()}
        return found

    return read(json.loads(value, parse_constant=_no_number))


def _no_number(constant: str) -> float:
    raise ValueError(constant)  # NaN and Infinity are not JSON


def named(pattern: re.Pattern[str], value: object) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def texts(value: object) -> dict[str, str]:
    entries = islice(fields(value).items(), MANY)
    return {text(key, SHORT): text(item) for key, item in entries if isinstance(item, str)}


def integer(value: object) -> int | None:
    """Read a whole number in any spelling: over HTTP add-ons get ``1.0``, others ``"1"`` or 1."""
    if isinstance(value, str) and len(value) <= 30:
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) <= _EXACT else None


def flag(value: object) -> bool:
    """Read a yes: the schema says ``true``, one of Google's pages prints ``"true"``."""
    return value is True or value == "true"
