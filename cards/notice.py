"""A message to those who look after Kakari: in both languages, since theirs is not known."""

from collections.abc import Mapping
from typing import Any

from cards import widgets as w

LONGEST = 1_000
"""Characters of what is said in one language: part of it may have been read out of a file."""


def notice_message(said: Mapping[str, str]) -> dict[str, Any]:
    """Return the message that says this."""
    lines = [said[language][:LONGEST] for language in ("ja", "en")]
    body = w.section(*(w.line(each, icon="lock") for each in lines))
    return w.message({"sections": [body]}, "notice", " / ".join(lines))
