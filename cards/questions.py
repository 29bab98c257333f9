"""Questions that a card asks, each with a button for every answer; many of them page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cards import widgets as w
from cards.lists import BACK, NEXT, PAGE
from cards.sentences import Sentence

ON_CARD = 4
"""How many questions a job's card shows itself; a phone's screen holds about as many."""
ON_PAGE = 15
"""How many a dialog's page shows: three widgets each, of a card's hundred."""
MORE = Sentence("{n} more questions…", "ほか {n} 件の確認…")
TO_DECIDE = Sentence("Please decide ({n})", "ご確認ください（{n} 件）")


@dataclass(frozen=True)
class Choice:
    """A button: what it says and what its tap sends us."""

    label: str
    action: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    opens_dialog: bool = False


@dataclass(frozen=True)
class Question:
    text: str
    choices: tuple[Choice, ...]

    def offers(self, question: str, answer: str) -> bool:
        """Say whether one of the buttons gives this answer to the question of this id."""
        wanted = {"question": question, "answer": answer}
        return any(each.parameters.items() >= wanted.items() for each in self.choices)


def section(
    questions: Sequence[Question], locale: str, url: str, bound: Mapping[str, str]
) -> w.Widget:
    """Draw the first questions, and a button that opens all of them where there are more."""
    shown = [each for question in questions[:ON_CARD] for each in _drawn(question, url, bound)]
    if len(questions) > ON_CARD:
        label = MORE.say(locale, n=len(questions) - ON_CARD)
        turn = w.Action(url, "questions", {**bound, "page": "0"}, opens_dialog=True)
        shown.append(w.buttons(w.button(label, turn)))
    return w.section(*shown, header=TO_DECIDE.say(locale, n=len(questions)))


def page_card(
    title: str,
    questions: Sequence[Question],
    page: int,
    locale: str,
    url: str,
    bound: Mapping[str, str],
) -> w.Card:
    """Draw one page of all questions as a dialog."""
    last = max((len(questions) - 1) // ON_PAGE, 0)
    page = min(max(page, 0), last)
    first = page * ON_PAGE
    some = questions[first : first + ON_PAGE]
    turn = w.Action(url, "questions", dict(bound))
    turns = [
        w.button(label.say(locale), replace(turn, parameters={**bound, "page": str(to)}))
        for label, to in ((BACK, page - 1), (NEXT, page + 1))
        if 0 <= to <= last
    ]
    counted = PAGE.say(locale, first=first + 1, last=first + len(some), total=len(questions))
    inside = {**bound, "page": str(page)}
    body = [each for question in some for each in _drawn(question, url, inside)]
    sections = [w.section(*body, header=counted)] if some else []
    return w.card(title, *sections, w.section(*([w.buttons(*turns)] if turns else [])))


def _drawn(question: Question, url: str, bound: Mapping[str, str]) -> list[w.Widget]:
    taps = [
        w.button(
            each.label,
            w.Action(url, each.action, {**bound, **each.parameters}, each.opens_dialog),
        )
        for each in question.choices
    ]
    return [w.paragraph(question.text), *([w.buttons(*taps)] if taps else [])]
