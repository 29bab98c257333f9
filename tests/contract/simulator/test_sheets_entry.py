"""What Sheets makes of typed text, and how it shows what it made."""

from datetime import date

import pytest

from simulator.sheets.entry import Place, enter
from simulator.sheets.number_format import display


@pytest.mark.parametrize(
    ("typed", "locale", "value", "shown"),
    [
        ("12", "en_US", 12, "12"),
        ("-1,234.5", "en_US", -1234.5, "-1,234.50"),
        ("1e3", "en_US", 1000, "1.00E+03"),
        ("12%", "en_US", 0.12, "12%"),
        ("12.5%", "ja_JP", 0.125, "12.50%"),
        ("$1,234", "en_US", 1234, "$1,234"),
        ("¥131,200", "ja_JP", 131200, "¥131,200"),
        ("￥131200", "ja_JP", 131200, "¥131,200"),
        ("131200円", "ja_JP", 131200, "131,200円"),
        ("131200円", "en_US", "131200円", "131200円"),
        ("true", "en_US", True, "TRUE"),
        ("2026-12-01", "en_US", 46357, "2026-12-01"),
        ("2026/12/1", "ja_JP", 46357, "2026/12/1"),
        ("2026年12月1日", "ja_JP", 46357, "2026年12月1日"),
        ("12/1/2026", "en_US", 46357, "12/1/2026"),
        ("1/12/2026", "en_GB", 46357, "1/12/2026"),
        ("Dec 1, 2026", "en_US", 46357, "Dec 1, 2026"),
        ("2026/13/01", "ja_JP", "2026/13/01", "2026/13/01"),
        ("9:30", "ja_JP", 0.3958333333333333, "09:30"),
        ("2026-12-01 18:00", "en_US", 46357.75, "2026-12-01 18:00"),
        ("令和8年12月1日", "ja_JP", "令和8年12月1日", "令和8年12月1日"),
        ("'=1+1", "en_US", "=1+1", "=1+1"),
        ("富士工業", "ja_JP", "富士工業", "富士工業"),
    ],
)
def test_typed_text_is_read_by_the_locale(typed, locale, value, shown):
    entered, number_format = enter(typed, Place(locale, date(2026, 11, 22)))
    assert (entered, display(entered, number_format, locale)) == (value, shown)


@pytest.mark.parametrize(
    ("locale", "typed"), [("ja_JP", "12/1"), ("en_US", "12/1"), ("en_GB", "1/12")]
)
def test_a_day_without_a_year_is_one_of_this_year(locale, typed):
    entered, number_format = enter(typed, Place(locale, date(2026, 11, 22)))
    assert (entered, display(entered, number_format, locale)) == (46357, typed)


@pytest.mark.parametrize(
    ("value", "kind", "pattern", "shown"),
    [
        (1234.5, "NUMBER", "#,##0", "1,235"),
        (-1234.5, "NUMBER", "#,##0.0;(#,##0.0)", "(1,234.5)"),
        (0.5, "NUMBER", "0.##", "0.5"),
        (0, "CURRENCY", '[$¥-411]#,##0;-[$¥-411]#,##0;"なし"', "なし"),
        (131200, "CURRENCY", "[$¥-411]#,##0", "¥131,200"),
        (0.256, "PERCENT", "0.0%", "25.6%"),
        (46357, "DATE", "yyyy年m月d日(ddd)", "2026年12月1日(火)"),
        (46357.75, "DATE_TIME", 'yyyy"/"mm"/"dd h:mm am/pm', "2026/12/01 6:00 PM"),
        (1.5, "TIME", "[h]:mm:ss", "36:00:00"),
        (46357, "DATE", "", "2026/12/01"),
        (1e20, "DATE", "yyyy", "1E+20"),
    ],
)
def test_a_number_format_shows_a_number(value, kind, pattern, shown):
    number_format = {"type": kind, "pattern": pattern}
    assert display(value, number_format, "ja_JP") == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.1 + 0.2, "0.3"), (1 / 3, "0.3333333333"), (1e-9, "1E-09"), (12.0, "12")]
)
def test_a_number_without_a_format_is_shown_as_short_as_it_can_be(value, shown):
    assert display(value, None, "en_US") == shown
