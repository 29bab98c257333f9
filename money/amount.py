"""An amount of money: whole smallest coins of one currency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

from babel.numbers import get_currency_precision, is_currency

from errors.money import CurrenciesMixed, CurrencyUnknown
from money.rounding import Rounding

YEN = "JPY"


@dataclass(frozen=True)
class Money:
    """``minor`` counts the smallest coins: yen, or cents."""

    minor: int
    currency: str = YEN

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @classmethod
    def rounded(cls, exact: Fraction, currency: str, rounding: Rounding) -> Self:
        """Return the amount for an exact number of whole units (yen, euros)."""
        return cls(rounding.whole(exact * 10 ** digits(currency)), currency)

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        return sum(amounts, Money.zero(currency))

    @property
    def units(self) -> Decimal:
        """The amount in whole units: 12.50 for 1,250 cents."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def part(self, factor: Fraction, rounding: Rounding) -> Self:
        """Return a part of the amount, rounded to the smallest coin."""
        return type(self)(rounding.whole(self.minor * factor), self.currency)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Split the amount in proportion to the weights, down to the last coin.

        The coins that are over go where most was cut off, of equals to the first.
        """
        whole = sum(weights)
        shares = [Fraction(self.minor * weight, whole) for weight in weights]
        parts = [share.__floor__() for share in shares]
        by_cut = sorted(range(len(parts)), key=lambda at: parts[at] - shares[at])
        for at in by_cut[: self.minor - sum(parts)]:
            parts[at] += 1
        return [Money(part, self.currency) for part in parts]

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrenciesMixed(one=self.currency, other=other.currency)
        return other.minor


def digits(currency: str) -> int:
    """Return how many decimals a currency has. Raises CurrencyUnknown."""
    if not is_currency(currency):
        raise CurrencyUnknown(currency=currency)
    return get_currency_precision(currency)
