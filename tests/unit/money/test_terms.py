"""Due dates from terms, with the banks' days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors.money import TermsUnknown
from money.terms import END, Shift, Terms, bank_open

MONTH_END = Terms()
TWENTIETH = Terms(closing=20, months=1, day=10)


@pytest.mark.parametrize(
    ("supplied", "terms", "as_is", "later", "earlier"),
    [
        ("2026-10-15", MONTH_END, "2026-11-30", "2026-11-30", "2026-11-30"),
        ("2026-11-22", MONTH_END, "2026-12-31", "2027-01-04", "2026-12-30"),
        ("2026-11-30", MONTH_END, "2026-12-31", "2027-01-04", "2026-12-30"),
        ("2027-01-10", MONTH_END, "2027-02-28", "2027-03-01", "2027-02-26"),
        ("2026-11-20", TWENTIETH, "2026-12-10", "2026-12-10", "2026-12-10"),
        ("2026-11-21", TWENTIETH, "2027-01-10", "2027-01-12", "2027-01-08"),
    ],
)
def test_due_dates(supplied: str, terms: Terms, as_is: str, later: str, earlier: str) -> None:
    found = [
        terms.model_copy(update={"shift": shift}).due(date.fromisoformat(supplied)).isoformat()
        for shift in (Shift.AS_IS, Shift.LATER, Shift.EARLIER)
    ]
    assert found == [as_is, later, earlier]


@pytest.mark.parametrize(
    ("text", "terms", "said"),
    [
        ("月末締め翌月末払い", MONTH_END, "月末締め翌月末払い"),
        ("末日〆 翌月末日払", MONTH_END, "月末締め翌月末払い"),
        ("20日締め翌月10日", TWENTIETH, "20日締め翌月10日払い"),
        ("２０日〆翌月１０日払い", TWENTIETH, "20日締め翌月10日払い"),
        ("15日締め・当月末払い", Terms(closing=15, months=0), "15日締め当月末払い"),
        ("月末締め翌々月5日払い", Terms(months=2, day=5), "月末締め翌々月5日払い"),
        ("月末締め3か月後の10日払い", Terms(months=3, day=10), "月末締め3か月後の10日払い"),
    ],
)
def test_terms_are_read_as_they_are_written(text: str, terms: Terms, said: str) -> None:
    assert Terms.parse(text) == terms
    assert terms.say("ja") == said
    assert Terms.parse(said) == terms


@pytest.mark.parametrize(
    "text", ["", "そのうち", "32日締め翌月末", "0日締め翌月末", "20日締め当月10日", "月末締め"]
)
def test_terms_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(TermsUnknown):
        Terms.parse(text)


def test_terms_in_english() -> None:
    assert TWENTIETH.say("en") == "closed on day 20, paid in the next month, on day 10"


@pytest.mark.parametrize(
    ("supplied", "terms", "late"),
    [
        ("2026-07-01", MONTH_END, False),  # 62 days, but two months
        ("2026-11-30", MONTH_END, False),
        ("2026-11-01", MONTH_END, True),  # 31 December is the last day; banks would make it 01-04
        ("2026-09-30", Terms(months=2), True),
        ("2026-09-30", Terms(months=2, day=10), False),
        ("2026-09-30", Terms(months=1, day=10), False),
        ("2026-12-31", Terms(closing=20, months=1, day=END), False),
        ("2026-12-21", Terms(closing=20, months=1, day=END), True),
    ],
)
def test_terms_beyond_sixty_days_are_noticed(supplied: str, terms: Terms, late: bool) -> None:
    assert terms.too_late(date.fromisoformat(supplied)) is late


@pytest.mark.parametrize(
    "closed",
    [
        "2026-12-31",
        "2027-01-01",
        "2027-01-03",
        "2026-11-22",
        "2026-11-23",
        "2026-05-06",
        "2026-09-22",
    ],
)
def test_banks_are_closed(closed: str) -> None:
    assert not bank_open(date.fromisoformat(closed))


terms = st.builds(
    Terms,
    closing=st.integers(1, 31),
    months=st.integers(1, 6),
    day=st.integers(1, 31),
    shift=st.sampled_from(Shift),
)
days = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@settings(max_examples=60, deadline=None)
@given(terms, days)
def test_who_supplies_later_is_not_paid_earlier(agreed: Terms, supplied: date) -> None:
    assert agreed.closes(supplied) >= supplied
    assert agreed.due(supplied) <= agreed.due(supplied + timedelta(days=1))
    assert Terms.parse(agreed.say("ja"), agreed.shift) == agreed


@settings(max_examples=60, deadline=None)
@given(terms, days)
def test_a_shifted_day_is_one_on_which_banks_are_open(agreed: Terms, supplied: date) -> None:
    due, raw = agreed.due(supplied), agreed.agreed(supplied)
    assert agreed.shift is Shift.AS_IS or bank_open(due)
    assert (due > raw) <= (agreed.shift is Shift.LATER)
    assert (due < raw) <= (agreed.shift is Shift.EARLIER)
