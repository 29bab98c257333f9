"""Values of a body that we did not write, read so that nothing in it can do harm.

Whatever stands where something else should stand reads as if it were absent.
"""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

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

NUL_SIGN: Final = "\N{SYMBOL FOR NULL}"

_EXACT = 2**53
_NOTHING: Final[Mapping[str, Any]] = {}


def fields(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else _NOTHING


def text(value: object, limit: int = LONG) -> str:
    """Read a text; what no database stores (NUL, half a surrogate pair) is shown by a sign.

    So a name with a NUL is still a name that cannot be one, and not another name.
    """
    if not isinstance(value, str):
        return ""
    value = value[:limit].replace("\0", NUL_SIGN)
    return value if value.isascii() else value.encode(errors="replace").decode()


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
