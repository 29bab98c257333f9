"""What people look for among documents, from how they type it: 富士 2026-11 100000-200000."""

import re
from dataclasses import replace
from datetime import date

from errors.asking import TooLong
from errors.document import NotADay
from ledger.documents import Search
from money.amount import YEN
from reading.text import LONGEST_SEARCH, normal
from tasks.document.day import day_in, month_in
from tasks.document.document import NAMES, DocumentKind

_NUMBER = re.compile(r"[A-Z]-[0-9]{4}-[0-9]{4,}")
_AMOUNT = re.compile(r"[¥\\]?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)円?")
_TO = re.compile(r"-|~|〜|\.\.")
_TO_A_DAY = re.compile(r"~|〜|\.\.")
_LIKE_A_DAY = re.compile(r"[0-9]+[-/.年月][-/.年月日0-9]*")
_LIKE_A_MONTH = re.compile(r"[0-9]{4}-[0-9]{1,2}")
_KINDS = {
    word: kind
    for kind, name in NAMES.items()
    for word in (kind.value, name.en, name.ja, name.ja.removesuffix("書"))
}


def sought(text: str, today: date) -> Search:
    """Return what is looked for: every word narrows it down. Raises NotADay and TooLong.

    A number, a kind (請求書), a month, a day or two with 〜 between, an amount of yen or a range of
    it with - between; anything else is of the party's name.
    """
    if len(text) > LONGEST_SEARCH:
        raise TooLong(most=LONGEST_SEARCH)
    wanted, words = Search(), []
    for word in normal(text).split():
        if _NUMBER.fullmatch(word.upper()):
            wanted = replace(wanted, number=word.upper())
        elif kind := _KINDS.get(word.casefold()):
            wanted = replace(wanted, kind=DocumentKind(kind))
        elif days := _days(word, today):
            wanted = replace(wanted, issued_from=days[0], issued_to=days[1])
        elif yen := _amounts(word):
            wanted = replace(wanted, amount_from=yen[0], amount_to=yen[1], currency=YEN)
        else:
            words.append(word)
    return replace(wanted, party=" ".join(words))


def _days(word: str, today: date) -> tuple[date | None, date | None] | None:
    """Return the first and the last day that a word means, either may be open; None if none.

    Raises NotADay for what looks like a day and is none.
    """
    ends = [_span(end, today) for end in _TO_A_DAY.split(word, maxsplit=1)]
    if not any(ends):
        amounts = not _LIKE_A_MONTH.fullmatch(word) and _amounts(word)
        if _LIKE_A_DAY.fullmatch(word) and not amounts:
            raise NotADay(text=word)
        return None
    first, last = ends[0], ends[-1]
    return first and first[0], last and last[1]


def _span(text: str, today: date) -> tuple[date, date] | None:
    try:
        return month_in(text)
    except NotADay:
        pass
    try:
        day = day_in(text, today)
    except NotADay:
        return None
    return day, day


def _amounts(word: str) -> tuple[int | None, int | None] | None:
    """Return the least and the most yen that a word means, either may be open; None if none."""
    ends = _TO.split(word, maxsplit=1)
    found = [_AMOUNT.fullmatch(end) for end in ends]
    if any(end and not yen for end, yen in zip(ends, found, strict=True)):
        return None
    least, *most = [int(yen[1].replace(",", "")) if yen else None for yen in found]
    if not most:
        return least, least
    backwards = least is not None and most[0] is not None and least > most[0]
    return None if backwards else (least, most[0])
