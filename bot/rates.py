"""What money counts as where it decides who approves: in yen, by the office's own rates.

The rate that a request names is printed on its document. It decides nothing, for whoever asks
could name one that keeps the request below a limit.
"""

import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from babel.numbers import is_currency

from money.amount import YEN, Money

LEAST, MOST = Decimal("0.00001"), Decimal(10_000_000)
"""Yen for one unit. No currency is outside of these; a slip of the finger may be."""
BEYOND = math.inf
"""What counts as above every limit: money in a currency that has no rate."""

_WRITTEN = re.compile(r"[0-9]{1,8}(\.[0-9]{1,9})?", re.ASCII)


def rate_of(said: object) -> Decimal | None:
    """Return the rate that a file says, as text or as a number; None where that is none."""
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        return None
    if isinstance(said, str) and not _WRITTEN.fullmatch(said):
        return None
    rate = Decimal(str(said)) if not isinstance(said, int) else Decimal(said)
    return rate if rate.is_finite() and LEAST <= rate <= MOST else None


def can_have_rate(currency: str) -> bool:
    """Say whether this is a currency's code, and not that of the yen itself."""
    return currency != YEN and currency.isupper() and is_currency(currency)


def counted(sums: Iterable[Money], rates: Mapping[str, Decimal]) -> float | None:
    """Return what the sums count as together, in whole yen; None where there are none.

    Each counts by itself, whether it is owed to us or by us: one does not make up for another.
    """
    exact = Fraction(0)
    known = list(sums)
    for each in known:
        rate = Decimal(1) if each.currency == YEN else rates.get(each.currency)
        if rate is None:
            return BEYOND
        exact += abs(Fraction(each.units) * Fraction(rate))
    return math.ceil(exact) if known else None
