"""A sentence in both languages, and the sentences that more than one place says.

What only one task or one kind of effect says stands with that task or kind.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """One sentence in English and Japanese; values are named in braces."""

    en: str
    ja: str

    def say(self, locale: str, **values: Any) -> str:
        """Return the sentence for a person of this locale (``ja``, ``ja-JP``; else English)."""
        return (self.ja if locale.startswith("ja") else self.en).format_map(values)


@dataclass(frozen=True)
class Noun:
    """A thing that is counted: “1 folder”, “12 folders”, 「フォルダ12件」."""

    one: str
    many: str
    ja: str

    def count(self, n: int, locale: str) -> str:
        if locale.startswith("ja"):
            return self.ja.format(n=n)
        return (self.one if n == 1 else self.many).format(n=n)
