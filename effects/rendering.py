"""Project templates, worked with in a process of its own: what they name, and what they become."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from effects.confined import Confined, Overrun

NOW = "now"
"""The file beside a project that is made, which says what of the template is rendered."""
DEADLINE = 25.0
"""Seconds after which whatever is asked is given up: Google waits for a dialog for thirty."""
COPY_SECONDS = 10
"""Of the processor, that a template may take to become a project; a large one takes one."""
MOST_SIGNS = 100_000
"""Of what an expression comes to: a name, a default or what is wrong with an answer."""

ENDLESS = (
    "it needs more time or memory than a template may take",
    "処理に時間かメモリがかかりすぎます",
)
TOO_LONG = (
    f"it comes out longer than {MOST_SIGNS:,} characters",
    f"{MOST_SIGNS:,} 文字を超えています",
)
KEPT = 512
"""Texts of which is kept what they name and come to: a dialog asks for dozens at each step."""
LONGEST_KEPT = 4_000
"""Characters of the values of a text that is kept."""
IDLE = 600.0
"""Seconds without an order: to load Copier again takes longer than a rendering."""


_PLAIN = re.compile(r"[^{\n]*")
"""What no switch of Jinja's makes another text of."""


class TemplateWrong(Exception):
    """A template, or an expression of one, has a mistake."""

    def __init__(self, en: str, ja: str, line: int = 1, file: str | None = None) -> None:
        super().__init__(en)
        self.en, self.ja, self.line, self.file = en, ja, line, file


@dataclass(frozen=True)
class Named:
    """What a text names, each with the first line that does."""

    lines: Mapping[str, int]
    """Values that are to come from outside."""
    files: Mapping[str, int]
    """Files that it includes."""


@dataclass(frozen=True)
class Jinja:
    """How a template's texts are read; the switches are those of its ``_envops``."""

    switches: tuple[tuple[str, bool], ...] = ()

    def named(self, source: str) -> Named:
        """Return what the text names. Raises TemplateWrong, also for a filter that there is not."""
        return _named(self, source)

    def fill(self, source: str, values: Mapping[str, Any]) -> str:
        """Return the text with its values; what they hold is not looked into again.

        Raises TemplateWrong for whatever goes wrong in it.
        """
        if len(source) <= MOST_SIGNS and _PLAIN.fullmatch(source):
            return source
        # The process is asked once for what a text comes to: the values that it names decide.
        given = {name: values[name] for name in self.named(source).lines if name in values}
        packed = json.dumps(given)
        fill = _filled if len(packed) <= LONGEST_KEPT else _filled.__wrapped__
        return fill(self, source, packed)

    def copy(
        self, folder: Path, skeleton: Path, made: Path, data: Mapping[str, Any], offered: list[str]
    ) -> None:
        """Make a project in ``made`` out of a template and the answers.

        ``skeleton`` has the template's names and its definition, ``folder`` its texts.
        Raises TemplateWrong, and OSError for what is no mistake of the template.
        """
        self.ask(
            "copy",
            seconds=COPY_SECONDS,
            folder=str(folder),
            skeleton=str(skeleton),
            made=str(made),
            data=dict(data),
            offered=offered,
        )

    def ask(self, what: str, **order: Any) -> tuple[dict[str, Any], list[bytes]]:
        try:
            answer, parts = _renderer().ask(
                {"what": what, "switches": self.switches, **order}, DEADLINE
            )
        except Overrun as error:
            raise TemplateWrong(*ENDLESS, file=_now(order)) from error
        if "errno" in answer:
            raise OSError(answer["errno"], answer["strerror"])
        if "problem" in answer:
            file = answer["file"] or _now(order)
            raise TemplateWrong(answer["problem"], answer["ja"], answer["line"], file)
        return answer, parts


@lru_cache(KEPT)
def _named(jinja: Jinja, source: str) -> Named:
    answer, _ = jinja.ask("names", source=source)
    return Named(answer["lines"], answer["files"])


@lru_cache(KEPT)
def _filled(jinja: Jinja, source: str, packed: str) -> str:
    _, (text,) = jinja.ask("fill", source=source, values=json.loads(packed))
    if len(text) > MOST_SIGNS:
        raise TemplateWrong(*TOO_LONG)
    return text.decode("utf-8", "replace")


def _now(order: Mapping[str, Any]) -> str | None:
    """Return the file that was being rendered, where that is not said."""
    now = Path(order.get("made", "/nowhere")).with_name(NOW)
    return now.read_text("utf-8") if now.exists() else None


def preload() -> None:
    """Start the process with Copier loaded, which takes longer than a rendering."""
    with suppress(Overrun):  # then the first rendering waits for it
        _renderer().ask({"what": "load"}, DEADLINE)


@cache
def _renderer() -> Confined:
    return Confined("effects.renderer", IDLE)
