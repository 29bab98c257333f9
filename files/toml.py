"""The office's settings files, which are TOML: capped before they are parsed."""

import tomllib
from typing import Any

MOST_BYTES = 1024 * 1024
"""Of a settings file; a large office's has some ten thousand."""


def parse(data: bytes) -> dict[str, Any]:
    """Return what a file says. Raises ValueError, which says where it is wrong."""
    try:
        return tomllib.loads(data.decode("utf-8-sig"))  # Windows' Notepad writes a mark first
    except RecursionError as error:
        msg = "the brackets are nested too deep"
        raise ValueError(msg) from error
