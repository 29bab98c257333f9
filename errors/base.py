import inspect
from typing import Any, ClassVar


class KakariError(Exception):
    """Something unexpected happened. Please tell the person who looks after Kakari."""

    ja: ClassVar[str] = "予期しない問題が起きました。Kakari の管理者に知らせてください。"
    permanent: ClassVar[bool] = True
    """Whether trying the same thing again later is pointless."""

    def __init__(self, **values: Any) -> None:
        self.values = values
        super().__init__(self.say("en"))

    def say(self, locale: str) -> str:
        """Return the sentence for a person of this locale (``ja``, ``ja-JP``; else English)."""
        sentence = self.ja if locale.startswith("ja") else inspect.getdoc(type(self)) or ""
        return " ".join(sentence.format_map(self.values).split())

    def both(self) -> dict[str, str]:
        """Return the sentence in each language, for a ledger row that people of both may see."""
        return {"en": self.say("en"), "ja": self.say("ja")}
