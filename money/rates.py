"""Rates of consumption tax and of withholding, by category and day: data, read from ``tax.toml``."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from cards.sentences import Sentence
from errors.money import NoRate
from errors.settings import TaxFileBroken
from files import plain, toml

HUNDRED = 100


class Category(StrEnum):
    """What a line is for consumption tax."""

    STANDARD = "standard"
    REDUCED = "reduced"
    """軽減: food and drink, newspapers. Not the same as an old rate that happens to be equal."""
    OLD_8 = "old_8"
    """経過措置: a contract from before 2019-10."""
    OLD_5 = "old_5"
    """経過措置: a contract from before 2014-04."""
    EXEMPT = "exempt"
    """非課税: rent of dwellings, medical treatment, land."""
    ZERO = "zero"
    """免税: exports."""
    OUTSIDE = "outside"
    """不課税・対象外: no supply at all, such as what was laid out for the customer (立替金)."""


NAMES = {
    Category.STANDARD: Sentence("standard rate", "標準税率"),
    Category.REDUCED: Sentence("reduced rate", "軽減税率"),
    Category.OLD_8: Sentence("old rate of 8 %", "旧税率 8%"),
    Category.OLD_5: Sentence("old rate of 5 %", "旧税率 5%"),
    Category.EXEMPT: Sentence("exempt", "非課税"),
    Category.ZERO: Sentence("zero-rated export", "輸出免税"),
    Category.OUTSIDE: Sentence("outside the scope of tax", "対象外"),
}
WITHHOLDING = Sentence("withholding tax", "源泉徴収")
UNTAXED = (Category.EXEMPT, Category.ZERO, Category.OUTSIDE)


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    since: Annotated[date, Field(alias="from")]


class Rate(_Row):
    """What holds for a category from a day on, until the next row of that category."""

    category: Category
    percent: Annotated[Decimal, Field(ge=0, lt=HUNDRED, allow_inf_nan=False)]

    @property
    def of_net(self) -> Fraction:
        """The tax as a part of the price without it."""
        return Fraction(self.percent) / HUNDRED

    @property
    def of_gross(self) -> Fraction:
        """The tax as a part of the price with it."""
        return Fraction(self.percent) / (HUNDRED + Fraction(self.percent))


class WithholdingRate(_Row):
    """What a payer keeps back of a freelancer's fee, from a day on (所得税法 204・205 条)."""

    percent: Decimal
    threshold: int
    """Yen up to which ``percent`` holds."""
    above: Decimal
    """Percent of what is above the threshold."""

    def of(self, base: int) -> int:
        """Return the yen withheld of a base in yen; what is below one yen is dropped."""
        low = min(abs(base), self.threshold)
        exact = Fraction(self.percent) * low + Fraction(self.above) * (abs(base) - low)
        held = int(exact / HUNDRED)
        return held if base >= 0 else -held


def _in_order(rows: tuple[Rate, ...]) -> tuple[Rate, ...]:
    ordered = sorted(rows, key=lambda row: (row.category, row.since))
    for one, next_ in pairwise(ordered):
        if (one.category, one.since) == (next_.category, next_.since):
            msg = f"{one.category} has two rates from {one.since} on"
            raise ValueError(msg)
    return tuple(ordered)


class TaxFile(BaseModel):
    """What ``tax.toml`` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rate: Annotated[tuple[Rate, ...], AfterValidator(_in_order)]
    withholding: tuple[WithholdingRate, ...] = ()


@dataclass(frozen=True)
class Rates:
    """The rates there are and were."""

    file: TaxFile

    @classmethod
    def read(cls, path: Path) -> "Rates":
        """Read ``tax.toml``. Raises FileRefused, and TaxFileBroken, which says what is wrong."""
        try:
            found = plain.read(path.parents[1], path.relative_to(path.parents[1]), toml.MOST_BYTES)
            return cls(TaxFile.model_validate(toml.parse(found)))
        except (OSError, ValueError) as error:  # of TOML, of UTF-8, of pydantic
            raise TaxFileBroken(file=path.name, problem=_problem(error)) from error

    def rate(self, category: Category, supplied: date) -> Rate:
        """Return the rate for something supplied on a day. Raises NoRate if there is none.

        The day of supply decides, not the day of the invoice.
        """
        rows = [r for r in self.file.rate if r.category == category and r.since <= supplied]
        if not rows:
            raise _no_rate(NAMES[category], supplied)
        return rows[-1]

    def withholding(self, paid: date) -> WithholdingRate:
        """Return what is withheld of a fee that is paid on a day. Raises NoRate."""
        rows = [row for row in self.file.withholding if row.since <= paid]
        if not rows:
            raise _no_rate(WITHHOLDING, paid)
        return max(rows, key=lambda row: row.since)


def _no_rate(of: Sentence, day: date) -> NoRate:
    return NoRate(category=of.say("en"), category_ja=of.say("ja"), day=day)


def _problem(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
