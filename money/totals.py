"""What a bill comes to: tax rounded once for each rate, withholding, and what is to be paid."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from errors.money import (
    NothingCharged,
    NothingToDiscount,
    TooMuchMoney,
    WithholdingInYen,
    YenRateMissing,
)
from money.amount import YEN, Money, digits
from money.bill import Bill, Mode, WithholdingBase
from money.rates import UNTAXED, Category, Rate, Rates

MOST = 10**12
"""Whole units of a currency that no document reaches; more is a slip of the finger."""

Bucket = tuple[Category, Decimal, bool]
"""What is reckoned together: a category at a rate, withheld or not."""


@dataclass(frozen=True)
class Group:
    """What a document comes to at one rate."""

    category: Category
    percent: Decimal
    net: Money
    tax: Money
    yen_tax: Money | None = None
    """The tax in yen, where the document is in another currency (circular 1-8-16)."""

    @property
    def gross(self) -> Money:
        return self.net + self.tax


@dataclass(frozen=True)
class Totals:
    groups: tuple[Group, ...]
    """One for each category and rate, the highest rate first, untaxed ones last."""
    discounts: Mapping[tuple[Category, Decimal], Money]
    """How much of the lump discounts fell on each group, in the bill's own mode."""
    withheld: Money
    withheld_of: Money
    """The base of the withholding."""
    currency: str

    @property
    def net(self) -> Money:
        return Money.total((group.net for group in self.groups), self.currency)

    @property
    def tax(self) -> Money:
        return Money.total((group.tax for group in self.groups), self.currency)

    @property
    def gross(self) -> Money:
        return self.net + self.tax

    @property
    def payable(self) -> Money:
        return self.gross - self.withheld


def total(bill: Bill, rates: Rates) -> Totals:
    """Return what a bill comes to.

    Raises NothingCharged, NothingToDiscount, NoRate, YenRateMissing, WithholdingInYen,
    TooMuchMoney, CurrencyUnknown.
    """
    if not bill.lines:
        raise NothingCharged
    digits(bill.currency)
    if bill.currency != YEN and bill.yen_rate is None and bill.mode is not Mode.UNTAXED:
        raise YenRateMissing(currency=bill.currency)
    found: dict[tuple[Category, Decimal], Rate] = {}
    buckets: defaultdict[Bucket, Money] = defaultdict(lambda: Money.zero(bill.currency))
    for line in bill.lines:
        rate = rates.rate(line.category, line.supplied)
        found[rate.category, rate.percent] = rate
        buckets[rate.category, rate.percent, line.withheld] += bill.amount(line)
    discounted = _spread(bill, buckets)
    for bucket, share in discounted.items():
        buckets[bucket] -= share
    sums: defaultdict[tuple[Category, Decimal], Money] = defaultdict(
        lambda: Money.zero(bill.currency)
    )
    discounts = sums.copy()
    for (category, percent, _), amount in buckets.items():
        sums[category, percent] += amount
    for (category, percent, _), share in discounted.items():
        discounts[category, percent] += share
    groups = [_group(bill, found[key], amount) for key, amount in sums.items()]
    withheld_of, withheld = _withheld(bill, buckets, found, rates)
    totals = Totals(_sorted(groups), dict(discounts), withheld, withheld_of, bill.currency)
    _demand_sane(totals)
    return totals


def summed(slips: Iterable[Totals]) -> Totals:
    """Return what several delivery notes come to, whose tax was rounded on each (NTA Q&A).

    A summary invoice of them adds the taxes up and rounds nothing itself. Raises NothingCharged,
    CurrenciesMixed and TooMuchMoney.
    """
    each = tuple(slips)
    if not each:
        raise NothingCharged
    currency = each[0].currency
    nothing = Money.zero(currency)
    merged: dict[tuple[Category, Decimal], Group] = {}
    discounts: dict[tuple[Category, Decimal], Money] = {}
    for slip in each:
        for group in slip.groups:
            key = group.category, group.percent
            merged[key] = _merged(merged[key], group) if key in merged else group
        for at, share in slip.discounts.items():
            discounts[at] = discounts.get(at, nothing) + share
    totals = Totals(
        _sorted(merged.values()),
        discounts,
        Money.total((slip.withheld for slip in each), currency),
        Money.total((slip.withheld_of for slip in each), currency),
        currency,
    )
    _demand_sane(totals)
    return totals


def _merged(one: Group, other: Group) -> Group:
    yen = (
        one.yen_tax + other.yen_tax
        if one.yen_tax is not None and other.yen_tax is not None
        else None
    )
    return Group(one.category, one.percent, one.net + other.net, one.tax + other.tax, yen)


def _sorted(groups: Iterable[Group]) -> tuple[Group, ...]:
    order = list(Category)
    return tuple(
        sorted(
            groups,
            key=lambda group: (
                group.category in UNTAXED,
                -group.percent,
                order.index(group.category),
            ),
        )
    )


def _group(bill: Bill, rate: Rate, amount: Money) -> Group:
    """Return one rate's totals: its tax is rounded here, and only here (circular 1-8-15)."""
    if bill.mode is Mode.UNTAXED:
        return Group(rate.category, Decimal(0), amount, Money.zero(bill.currency))
    tax = _tax(bill, rate, amount)
    net = amount - tax if bill.mode is Mode.INCLUSIVE else amount
    yen = None
    if bill.currency != YEN and bill.yen_rate is not None:
        exact = Fraction(amount.units) * Fraction(bill.yen_rate) * _factor(bill, rate)
        yen = Money.rounded(exact, YEN, bill.tax_rounding)
    return Group(rate.category, rate.percent, net, tax, yen)


def _tax(bill: Bill, rate: Rate, amount: Money) -> Money:
    return amount.part(_factor(bill, rate), bill.tax_rounding)


def _factor(bill: Bill, rate: Rate) -> Fraction:
    return rate.of_gross if bill.mode is Mode.INCLUSIVE else rate.of_net


def _spread(bill: Bill, buckets: Mapping[Bucket, Money]) -> dict[Bucket, Money]:
    """Return how much of the lump discounts falls on each bucket.

    Nothing falls on what is owed back, and on a return nothing on what is charged; the order is
    that of the buckets' own names, so that it does not matter in which order the lines stand.
    """
    off = sum(discount.minor for discount in bill.discounts)
    if not off:
        return {}
    sign = 1 if off > 0 else -1
    charged = sorted(bucket for bucket, amount in buckets.items() if sign * amount.minor > 0)
    weights = [sign * buckets[bucket].minor for bucket in charged]
    if sum(weights) < sign * off:
        raise NothingToDiscount
    shares = Money(sign * off, bill.currency).split(weights)
    return {
        bucket: share if sign > 0 else -share for bucket, share in zip(charged, shares, strict=True)
    }


def _withheld(
    bill: Bill,
    buckets: Mapping[Bucket, Money],
    found: Mapping[tuple[Category, Decimal], Rate],
    rates: Rates,
) -> tuple[Money, Money]:
    """Return the base of the withholding, and what is withheld of it."""
    fees = {
        found[category, percent]: amount
        for (category, percent, withheld), amount in buckets.items()
        if withheld
    }
    nothing = Money.zero(bill.currency)
    if not fees:
        return nothing, nothing
    if bill.currency != YEN:
        raise WithholdingInYen(currency=bill.currency)
    base = Money.total((_base(bill, rate, fee) for rate, fee in fees.items()), YEN)
    day = bill.paid or max(line.supplied for line in bill.lines)
    return base, Money(rates.withholding(day).of(base.minor))


def _base(bill: Bill, rate: Rate, fee: Money) -> Money:
    wants_net = bill.withholding_base is WithholdingBase.NET
    if bill.mode is Mode.INCLUSIVE and wants_net:
        return fee - _tax(bill, rate, fee)
    if bill.mode is Mode.EXCLUSIVE and not wants_net:
        return fee + _tax(bill, rate, fee)
    return fee


def _demand_sane(totals: Totals) -> None:
    if abs(totals.gross.units) >= MOST or any(abs(g.gross.units) >= MOST for g in totals.groups):
        raise TooMuchMoney
