"""Lists in dialogs and private answers; long ones page and never end in "…"."""

from collections.abc import Mapping, Sequence

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
    url: str,
    parameters: Mapping[str, str],
    *,
    note: str | None = None,
    confirm: Sequence[w.Widget] = (),
) -> w.Card:
    """Draw one page of a long list as a dialog; its buttons ask for the neighbouring pages.

    ``note`` stands before the list, and the button of ``confirm`` on every page.
    """
    split = pages(lines)
    page = min(max(page, 0), len(split) - 1)
    first = sum(len(before) for before in split[:page]) + 1
    turns = []
    for label, target in ((BACK, page - 1), (NEXT, page + 1)):
        if 0 <= target < len(split):
            turn = w.Action(url, "show", {**parameters, "page": str(target)})
            turns.append(w.button(label.say(locale), turn))
    last = first + len(split[page]) - 1
    counted = PAGE.say(locale, first=first, last=last, total=len(lines))
    before = w.section(*([w.paragraph(note)] if note else []))
    body = w.section(w.paragraph("\n".join(split[page])), header=counted)
    taps = [w.buttons(*some) for some in (turns, confirm) if some]
    return w.card(title, before, body, w.section(*taps))
