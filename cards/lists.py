"""Lists in dialogs and private answers; long ones page and never end in "…"."""

from collections.abc import Sequence
from dataclasses import replace

from cards import widgets as w
from cards.sentences import Sentence

NEXT = Sentence("Next page", "次のページ")
BACK = Sentence("Previous page", "前のページ")
PAGE = Sentence("{first}–{last} of {total}", "{total} 件中 {first}～{last} 件目")
LINES, BYTES = 60, 20_000
"""What a page holds at the most, well within a card's 100 widgets and 32,000 bytes."""


def pages(lines: Sequence[str]) -> list[list[str]]:
    """Split a list into pages, none empty but that of an empty list."""
    split: list[list[str]] = [[]]
    room = BYTES
    for line in lines:
        size = len(w.escape(line).encode())
        if len(split[-1]) == LINES or (split[-1] and size > room):
            split.append([])
            room = BYTES
        split[-1].append(line)
        room -= size
    return split


def page_card(
    title: str,
    lines: Sequence[str],
    page: int,
    locale: str,
    turn: w.Action,
    *,
    note: str | None = None,
    asks: Sequence[w.Widget] = (),
    confirm: Sequence[w.Widget] = (),
) -> w.Card:
    """Draw one page of a long list; its buttons ask for the neighbouring pages by ``turn``.

    ``note`` stands before the list; what it ``asks``, and the buttons of ``confirm``, on every page.
    """
    split = pages(lines)
    page = min(max(page, 0), len(split) - 1)
    first = sum(len(before) for before in split[:page]) + 1
    turns = []
    for label, target in ((BACK, page - 1), (NEXT, page + 1)):
        if 0 <= target < len(split):
            to = replace(turn, parameters={**turn.parameters, "page": str(target)})
            turns.append(w.button(label.say(locale), to))
    last = first + len(split[page]) - 1
    counted = PAGE.say(locale, first=first, last=last, total=len(lines))
    before = w.section(*([w.paragraph(note)] if note else []))
    shown = w.Markup("\n".join(map(w.escape, split[page])))
    body = w.section(*([w.paragraph(shown)] if lines else []), header=counted)
    taps = [w.buttons(*some) for some in (turns, confirm) if some]
    return w.card(title, before, body, w.section(*asks, *taps))
