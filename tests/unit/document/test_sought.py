"""What is typed behind /find."""

from datetime import date

import pytest

from errors.document import NotADay
from ledger.documents import Search
from tasks.document.sought import sought

TODAY = date(2026, 11, 22)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", Search()),
        ("富士 製作所", Search(party="富士 製作所")),
        ("ｉ-2026-0012", Search(number="I-2026-0012")),
        ("2026-11", Search(issued_from=FIRST, issued_to=LAST)),
        ("2026年11月", Search(issued_from=FIRST, issued_to=LAST)),
        ("11/30", Search(issued_from=LAST, issued_to=LAST)),
        ("令和8年11月30日", Search(issued_from=LAST, issued_to=LAST)),
        ("2026-11-01〜2026-11-30", Search(issued_from=FIRST, issued_to=LAST)),
        ("2026-11～", Search(issued_from=FIRST)),
        ("..2026-11", Search(issued_to=LAST)),
        ("131,200", Search(amount_from=131_200, amount_to=131_200, currency="JPY")),
        ("￥100000-200,000円", Search(amount_from=100_000, amount_to=200_000, currency="JPY")),
        ("100000〜", Search(amount_from=100_000, currency="JPY")),
        ("-200000", Search(amount_to=200_000, currency="JPY")),
        ("見積", Search(kind="quote")),
        ("Invoice", Search(kind="invoice")),
        (
            "富士　請求書 2026-11 100000-",
            Search(
                party="富士",
                kind="invoice",
                issued_from=FIRST,
                issued_to=LAST,
                amount_from=100_000,
                currency="JPY",
            ),
        ),
    ],
)
def test_every_word_narrows_it_down(typed: str, wanted: Search) -> None:
    assert sought(typed, TODAY) == wanted


@pytest.mark.parametrize("typed", ["2026-13", "2026-02-30", "2026/11/31"])
def test_what_looks_like_a_day_and_is_none_is_said(typed: str) -> None:
    with pytest.raises(NotADay, match=typed):
        sought(typed, TODAY)
