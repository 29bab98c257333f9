"""What bills come to: the published examples, and what no bill may break."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors.money import (
    CurrenciesMixed,
    CurrencyUnknown,
    NoRate,
    NothingCharged,
    NothingToDiscount,
    TooMuchMoney,
    WithholdingInYen,
    YenRateMissing,
)
from errors.settings import TaxFileBroken
from money.amount import Money
from money.bill import Bill, Discount, Line, Mode, WithholdingBase
from money.rates import Category, Rates
from money.rounding import Rounding
from money.totals import Totals, summed, total
from tests.unit.money.bills import RATES, REDUCED, STANDARD, TAX_FILE, bill, line

EXCLUSIVE, INCLUSIVE = Mode.EXCLUSIVE, Mode.INCLUSIVE


def taxes(charged: Bill) -> list[int]:
    return [group.tax.minor for group in total(charged, RATES).groups]


@pytest.mark.parametrize(
    ("mode", "lines", "down", "up", "half_up"),
    [
        # Three lines of 105 yen: 31 together, though each alone would be 10.
        (EXCLUSIVE, [(STANDARD, "105", "1")] * 3, [31], [32], [32]),
        (EXCLUSIVE, [(STANDARD, "105", "1")], [10], [11], [11]),
        (EXCLUSIVE, [(STANDARD, "115", "1")], [11], [12], [12]),
        # NTA Q&A 54 and 57
        (
            INCLUSIVE,
            [(STANDARD, "88000", "1"), (REDUCED, "43200", "1")],
            [8000, 3200],
            [8000, 3200],
            [8000, 3200],
        ),
        (
            INCLUSIVE,
            [(STANDARD, "60000", "1"), (REDUCED, "40000", "1")],
            [5454, 2962],
            [5455, 2963],
            [5455, 2963],
        ),
        # NTA's example of a mixed invoice
        (
            EXCLUSIVE,
            [
                (REDUCED, "83", "167"),
                (REDUCED, "197", "67"),
                (STANDARD, "77", "57"),
                (STANDARD, "417", "67"),
            ],
            [3232, 2164],
            [3233, 2165],
            [3233, 2165],
        ),
        # Returns: “down” is towards zero.
        (EXCLUSIVE, [(STANDARD, "-105", "1")], [-10], [-11], [-11]),
        (EXCLUSIVE, [(REDUCED, "999", "-1")], [-79], [-80], [-80]),
        (INCLUSIVE, [(STANDARD, "-1000", "1")], [-90], [-91], [-91]),
        (
            EXCLUSIVE,
            [(STANDARD, "493266", "1"), (REDUCED, "108243", "1")],
            [49326, 8659],
            [49327, 8660],
            [49327, 8659],
        ),
    ],
)
def test_tax_is_that_of_the_published_examples(
    mode: Mode,
    lines: list[tuple[Category, str, str]],
    down: list[int],
    up: list[int],
    half_up: list[int],
) -> None:
    charged = [line(*each) for each in lines]
    for rounding, expected in zip(Rounding, (down, up, half_up), strict=True):
        assert taxes(bill(*charged, mode=mode, tax_rounding=rounding)) == expected


@pytest.mark.parametrize(
    ("category", "prices", "down", "up", "half_up"),
    [
        (STANDARD, (1, 5, 9, 10), (0, 0, 0, 1), (1, 1, 1, 1), (0, 1, 1, 1)),
        (REDUCED, (6, 7, 12, 13), (0, 0, 0, 1), (1, 1, 1, 2), (0, 1, 1, 1)),
    ],
)
def test_tax_of_a_few_yen(
    category: Category, prices: Any, down: Any, up: Any, half_up: Any
) -> None:
    for rounding, expected in zip(Rounding, (down, up, half_up), strict=True):
        found = [
            taxes(bill(line(category, str(price)), tax_rounding=rounding))[0] for price in prices
        ]
        assert found == list(expected)


def test_a_new_rate_is_a_row_and_holds_from_its_day_on(tmp_path: Path) -> None:
    row = 'rate = [\n    { category = "reduced", from = 2027-04-01, percent = "1" },'
    changed = tmp_path / "tax.toml"
    changed.write_text(TAX_FILE.read_text().replace("rate = [", row, 1))
    rates = Rates.read(changed)
    before, after = date(2027, 3, 31), date(2027, 4, 1)
    for rounding, expected in zip(Rounding, (34, 35, 35), strict=True):
        charged = bill(line(REDUCED, "3490", supplied=after), tax_rounding=rounding)
        assert total(charged, rates).tax == Money(expected)
    both = bill(line(REDUCED, "100", supplied=before), line(REDUCED, "100", supplied=after))
    assert [(g.percent, g.tax.minor) for g in total(both, rates).groups] == [(8, 8), (1, 1)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("rate = 3", "rate"),
        ('rate = [{ category = "luxury", from = 2026-01-01, percent = "1" }]', "category"),
        ('rate = [{ category = "reduced", from = 2026-01-01, percent = "100" }]', "percent"),
        ('rate = [{ category = "reduced", from = "soon", percent = "1" }]', "from"),
        (
            "rate = [" + '{ category = "reduced", from = 2026-01-01, percent = "1" },' * 2 + "]",
            "two rates",
        ),
        ("rate =", "Invalid value"),
    ],
)
def test_a_mistake_in_the_rates_is_named(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "tax.toml"
    file.write_text(text)
    with pytest.raises(TaxFileBroken) as refused:
        Rates.read(file)
    assert problem in refused.value.say("en")


def test_an_old_rate_is_not_the_reduced_one_of_equal_height() -> None:
    charged = bill(line(REDUCED, "105"), line(Category.OLD_8, "105"))
    assert [(g.category, g.tax.minor) for g in total(charged, RATES).groups] == [
        (REDUCED, 8),
        (Category.OLD_8, 8),
    ]


def test_the_day_of_supply_decides_the_rate() -> None:
    days = [date(1997, 3, 31), date(1997, 4, 1), date(2014, 4, 1), date(2019, 10, 1)]
    charged = bill(*(line(STANDARD, "1000", supplied=day) for day in days))
    assert [group.percent for group in total(charged, RATES).groups] == [10, 8, 5, 3]
    with pytest.raises(NoRate):
        total(bill(line(STANDARD, "1000", supplied=date(1989, 3, 31))), RATES)


def test_what_bears_no_tax_is_told_apart() -> None:
    charged = bill(
        line(Category.OUTSIDE, "5000"), line(Category.ZERO, "300"), line(STANDARD, "1000")
    )
    totals = total(charged, RATES)
    assert [group.category for group in totals.groups] == [
        STANDARD,
        Category.ZERO,
        Category.OUTSIDE,
    ]
    assert (totals.net, totals.tax, totals.payable) == (Money(6300), Money(100), Money(6400))


def test_the_jp_pint_example_with_a_charge_and_a_discount() -> None:
    charged = bill(
        line(STANDARD, "250000"),
        line(STANDARD, "2500"),
        line(STANDARD, "7679"),
        line(STANDARD, "-179"),
        line(Category.EXEMPT, "3490"),
    )
    totals = total(charged, RATES)
    assert (totals.groups[0].net, totals.groups[0].tax) == (Money(260000), Money(26000))
    assert totals.payable == Money(289490)


def test_the_jp_pint_example_in_euros_shows_its_tax_in_yen() -> None:
    charged = bill(line(STANDARD, "2500.00"), currency="EUR", yen_rate=Decimal(130))
    totals = total(charged, RATES)
    assert totals.groups[0].tax == Money(250_00, "EUR")
    assert totals.groups[0].yen_tax == Money(32500)
    assert totals.payable == Money(2750_00, "EUR")
    assert totals.payable.units == Decimal("2750.00")


def test_the_tax_in_yen_is_rounded_once_not_from_rounded_cents() -> None:
    charged = bill(line(STANDARD, "10.55"), currency="EUR", yen_rate=Decimal("162.35"))
    (group,) = total(charged, RATES).groups
    assert group.tax == Money(105, "EUR")
    assert group.yen_tax == Money(171)  # 10.55 × 162.35 × 10 % = 171.2…, of 1.05 it would be 170


def test_a_lump_discount_is_spread_over_the_rates() -> None:
    charged = bill(
        line(STANDARD, "60000"),
        line(REDUCED, "40000"),
        discounts=(Discount(text="お値引", minor=1001),),
    )
    totals = total(charged, RATES)
    # 600.6 and 400.4 of the 1,001 yen
    off = {category: share.minor for (category, _), share in totals.discounts.items()}
    assert off == {STANDARD: 601, REDUCED: 400}
    assert [(g.net.minor, g.tax.minor) for g in totals.groups] == [(59399, 5939), (39600, 3168)]
    assert totals.net == Money(98999)


def test_a_discount_of_more_than_everything_is_refused() -> None:
    with pytest.raises(NothingToDiscount):
        total(bill(line(STANDARD, "100"), discounts=(Discount(text="-", minor=101),)), RATES)
    free = total(bill(line(STANDARD, "100"), discounts=(Discount(text="-", minor=100),)), RATES)
    assert free.payable == Money(0)


@pytest.mark.parametrize(
    ("fee", "withheld"),
    [
        (10_000, 1_021),
        (50_000, 5_105),
        (100_000, 10_210),
        (88_888, 9_075),
        (123_456, 12_604),
        (333_333, 34_033),
        (1_000_000, 102_100),
        (1_500_000, 204_200),
        (3_000_000, 510_500),
        (-100_000, -10_210),
    ],
)
def test_withholding_is_that_of_the_examples(fee: int, withheld: int) -> None:
    totals = total(bill(line(STANDARD, str(fee), withheld=True)), RATES)
    assert totals.withheld == Money(withheld)


@pytest.mark.parametrize(
    ("mode", "price", "base", "withheld", "payable"),
    [
        (EXCLUSIVE, "100000", WithholdingBase.NET, 10_210, 99_790),
        (EXCLUSIVE, "100000", WithholdingBase.GROSS, 11_231, 98_769),
        (INCLUSIVE, "110000", WithholdingBase.NET, 10_210, 99_790),
        (INCLUSIVE, "110000", WithholdingBase.GROSS, 11_231, 98_769),
        (Mode.UNTAXED, "110000", WithholdingBase.NET, 11_231, 98_769),
    ],
)
def test_a_freelancers_whole_bill(
    mode: Mode, price: str, base: WithholdingBase, withheld: int, payable: int
) -> None:
    charged = bill(line(STANDARD, price, withheld=True), mode=mode, withholding_base=base)
    totals = total(charged, RATES)
    assert (totals.withheld, totals.payable) == (Money(withheld), Money(payable))


def test_only_marked_lines_are_withheld_of() -> None:
    fee, coding = line(STANDARD, "100000", withheld=True), line(STANDARD, "200000")
    discount = Discount(text="お値引", minor=30000)
    assert total(bill(fee, coding), RATES).withheld == Money(10_210)
    discounted = total(bill(fee, coding, discounts=(discount,)), RATES)
    assert (discounted.withheld_of, discounted.withheld) == (Money(90_000), Money(9_189))
    assert discounted.tax == Money(27_000)


def test_parts_of_a_yen_are_rounded_on_the_line_by_its_own_rule() -> None:
    hours = line(STANDARD, "1234.5", "0.333")  # 411.0885
    assert total(bill(hours), RATES).net == Money(411)
    assert total(bill(hours, line_rounding=Rounding.UP), RATES).net == Money(412)


def test_a_summary_of_delivery_notes_adds_their_taxes_and_rounds_nothing() -> None:
    slips = [total(bill(line(STANDARD, "105")), RATES)] * 3
    assert summed(slips).tax == Money(30)
    assert summed(slips).payable == Money(345)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(NothingCharged):
        total(bill(), RATES)
    with pytest.raises(NothingCharged):
        summed([])
    with pytest.raises(TooMuchMoney):
        total(bill(line(STANDARD, "1000000", "1000000")), RATES)
    with pytest.raises(TooMuchMoney):  # and none can hide behind another
        total(bill(line(STANDARD, "1e13"), line(REDUCED, "-1e13")), RATES)
    with pytest.raises(YenRateMissing):
        total(bill(line(STANDARD, "1"), currency="EUR"), RATES)
    with pytest.raises(CurrencyUnknown):
        total(bill(line(STANDARD, "1"), currency="ABC", yen_rate=Decimal(1)), RATES)
    with pytest.raises(WithholdingInYen):
        fee = line(STANDARD, "1", withheld=True)
        total(bill(fee, currency="EUR", yen_rate=Decimal(1)), RATES)
    with pytest.raises(CurrenciesMixed):
        Money(1) + Money(1, "EUR")


amounts = st.integers(-(10**9), 10**9)
bills = st.builds(
    Bill,
    lines=st.lists(
        st.builds(
            Line,
            text=st.just("設計"),
            quantity=st.decimals("-1000", "1000", places=3),
            price=st.decimals("-100000", "100000", places=2),
            category=st.sampled_from(Category),
            supplied=st.dates(date(2019, 10, 1), date(2030, 1, 1)),
            withheld=st.booleans(),
        ),
        min_size=1,
        max_size=8,
    ).map(tuple),
    mode=st.sampled_from(Mode),
    tax_rounding=st.sampled_from(Rounding),
    line_rounding=st.sampled_from(Rounding),
    withholding_base=st.sampled_from(WithholdingBase),
)
quickly = settings(max_examples=60, deadline=None)


def turned(charged: Bill) -> Bill:
    lines = tuple(each.model_copy(update={"quantity": -each.quantity}) for each in charged.lines)
    back = tuple(each.model_copy(update={"minor": -each.minor}) for each in charged.discounts)
    return charged.model_copy(update={"lines": lines, "discounts": back})


@quickly
@given(bills)
def test_the_groups_add_up_to_the_total(charged: Bill) -> None:
    totals = total(charged, RATES)
    assert sum(g.net.minor + g.tax.minor for g in totals.groups) == totals.gross.minor
    assert totals.payable.minor == totals.gross.minor - totals.withheld.minor
    lines = sum(charged.amount(each).minor for each in charged.lines)
    assert lines == (totals.gross if charged.mode is INCLUSIVE else totals.net).minor


@quickly
@given(bills, st.integers(0, 10_000))
def test_a_return_is_the_sale_with_its_sign_turned(charged: Bill, off: int) -> None:
    def figures(totals: Totals) -> list[int]:
        groups = [(g.net.minor, g.tax.minor) for g in totals.groups]
        return [*(n for group in groups for n in group), totals.withheld.minor]

    if off:
        charged = charged.model_copy(update={"discounts": (Discount(text="お値引", minor=off),)})
    try:
        sale = total(charged, RATES)
    except NothingToDiscount:
        with pytest.raises(NothingToDiscount):
            total(turned(charged), RATES)
    else:
        assert figures(total(turned(charged), RATES)) == [-figure for figure in figures(sale)]


@quickly
@given(bills, st.randoms(use_true_random=False), st.integers(0, 10_000))
def test_the_order_of_lines_does_not_matter(charged: Bill, random: Any, off: int) -> None:
    shuffled = list(charged.lines)
    random.shuffle(shuffled)
    discounts = (Discount(text="お値引", minor=off),) if off else ()
    one = charged.model_copy(update={"discounts": discounts})
    other = one.model_copy(update={"lines": tuple(shuffled)})
    try:
        expected = total(one, RATES)
    except NothingToDiscount:
        with pytest.raises(NothingToDiscount):
            total(other, RATES)
    else:
        assert total(other, RATES) == expected


@quickly
@given(st.lists(amounts, min_size=2, max_size=6), st.sampled_from(Rounding), st.sampled_from(Mode))
def test_to_split_a_line_changes_no_tax(parts: list[int], rounding: Rounding, mode: Mode) -> None:
    split = bill(*(line(STANDARD, str(part)) for part in parts), tax_rounding=rounding, mode=mode)
    whole = bill(line(STANDARD, str(sum(parts))), tax_rounding=rounding, mode=mode)
    assert total(split, RATES).groups == total(whole, RATES).groups


@quickly
@given(amounts, st.sampled_from(Rounding), st.sampled_from([STANDARD, REDUCED]))
def test_rounding_is_never_off_by_a_whole_yen(
    amount: int, rounding: Rounding, category: Category
) -> None:
    (group,) = total(bill(line(category, str(amount)), tax_rounding=rounding), RATES).groups
    assert abs(group.tax.minor * 100 - amount * group.percent) < 100


@quickly
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=7), st.integers(1, 10**9))
def test_a_split_loses_no_coin_and_favours_nobody_by_one(weights: list[int], off: int) -> None:
    parts = Money(off).split(weights)
    assert sum(part.minor for part in parts) == off
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor * sum(weights) - off * weight) < sum(weights)
