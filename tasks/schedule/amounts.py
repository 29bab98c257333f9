"""Amounts in yen as people type them into a sheet.

| typed | meaning |
|---|---|
| ``131200`` ``131,200`` ``¥131,200`` ``￥131,200-`` ``131200円`` ``金131,200円也`` | 131200 |
| ``13万円`` ``13万1200円`` ``1.5万`` ``２億`` | 130000, 131200, 15000, 200000000 |
| ``-1,200`` ``▲1,200`` ``△1,200`` ``(1,200)`` | -1200 |

Another currency, a part of a yen or a word that could change the amount (「税別」) is not understood:
a guess would be worse than a question.
"""

import re
from decimal import Decimal

from reading.text import LONGEST_VALUE, collapsed, normal

MOST = 10**13
"""Beyond this it is not an amount of an office; ten trillion yen fits the ledger's column."""
UNITS = {"億": 10**8, "万": 10**4, "千": 10**3}

_MINUS = tuple("▲△−‐–-")
_PLAIN = re.compile(r"金? ?[¥\\]? ?([\d,.億万千]+) ?(?:円 ?[也-]?|JPY|-)?", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_IN_UNITS = re.compile(rf"({_NUMBER.pattern})([億万千])")


def read_amount(typed: str | float) -> int | None:
    """Return the yen that a cell says; None where they cannot be told."""
    if not isinstance(typed, str):
        return _whole(Decimal(str(typed)))
    # What is left of blanks are tabs and line ends: within a number they part two of them.
    text = collapsed(normal(typed).replace(" ", ""))
    if len(text) > LONGEST_VALUE:
        return None
    if text.startswith(_MINUS):
        amount = _positive(text[1:].lstrip())
    elif text.startswith(("¥-", "¥▲")):
        amount = _positive(text[2:])
    elif text.startswith("(") and text.endswith(")"):
        amount = _positive(text[1:-1])
    else:
        return _positive(text)
    return None if amount is None else -amount


def _positive(text: str) -> int | None:
    found = _PLAIN.fullmatch(text)
    return _sum(found[1]) if found else None


def _sum(text: str) -> int | None:
    """Add up 「1億2,000万500」: each unit at most once, the larger ones first."""
    total, last = Decimal(), None
    while found := _IN_UNITS.match(text):
        unit = UNITS[found[4]]
        if last is not None and unit >= last:
            return None
        total += Decimal(found[1].replace(",", "")) * unit
        text, last = text[found.end() :], unit
    if text and not _NUMBER.fullmatch(text):
        return None
    if text:
        total += Decimal(text.replace(",", ""))
    return _whole(total) if text or last else None


def _whole(amount: Decimal) -> int | None:
    if not amount.is_finite() or abs(amount) >= MOST or amount != amount.to_integral_value():
        return None
    return int(amount)
