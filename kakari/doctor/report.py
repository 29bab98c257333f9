"""What was found, as a table for people and as JSON for machines."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from cards.sentences import Sentence
from kakari.doctor.check import Check, Finding, Outcome
from kakari.doctor.examination import Findings

SIGNS = {Outcome.GOOD: "✔", Outcome.WARNING: "!", Outcome.WRONG: "✘", Outcome.UNSEEN: "·"}
COLOURS = {Outcome.GOOD: "green", Outcome.WARNING: "yellow", Outcome.WRONG: "red"}
WIDTH = 14
"""Of the names of the checks; a longer one stands out."""
ALL_GOOD = Sentence("Nothing is wrong.", "問題はありません。")
TO_DO = Sentence(
    "Wrong: {wrong}; could not be looked at: {unseen}.",
    "問題: {wrong} 件、確認できなかった項目: {unseen} 件",
)


Line = tuple[str, str | None, str]
"""A sign and its colour, and what it says."""


class Report:
    """Gathers the findings while they are shown."""

    def __init__(self, results: Iterable[tuple[Check, Findings]]) -> None:
        self._results = results
        self._found: list[tuple[str, Finding]] = []

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong; what was only warned of is not."""
        return not any(each.outcome is Outcome.WRONG for _, each in self._found)

    def lines(self, locale: str) -> Iterator[Line]:
        """Yield a line for each finding as it comes in, and what they come to."""
        for check, findings in self._results:
            for each in findings:
                self._found.append((check.name, each))
                line = f"{check.name:{WIDTH}}  {each.says[locale]}"
                yield SIGNS[each.outcome], COLOURS.get(each.outcome), line
        yield "", None, ""
        number = Counter(each.outcome for _, each in self._found)
        if self.is_good:
            yield "", None, ALL_GOOD.say(locale)
        else:
            counted = TO_DO.say(locale, wrong=number[Outcome.WRONG], unseen=number[Outcome.UNSEEN])
            yield "", None, counted

    def to_json(self) -> str:
        """Wait for all findings, and return them."""
        self._found = [(check.name, each) for check, found in self._results for each in found]
        findings: list[dict[str, Any]] = [
            {"check": name, "outcome": each.outcome, "says": dict(each.says)}
            for name, each in self._found
        ]
        return json.dumps(
            {"good": self.is_good, "findings": findings}, ensure_ascii=False, indent=2
        )
