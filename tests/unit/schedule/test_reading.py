"""Dates and amounts are read as the people in an office type them, or not at all."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from errors.schedule import HeadersMissing, HeaderTwice, KeyColumnMissing, ScheduleError, TwoHeaders
from tasks.schedule.amounts import read_amount
from tasks.schedule.cells import cell_of, read_cell, read_text
from tasks.schedule.columns import find_layout, plain
from tasks.schedule.dates import EPOCH, FIRST, LAST, read_date, serial
from tasks.schedule.fields import Field
from tasks.schedule.table import address, read_table
from tasks.schedule_file import HEADERS as DEFAULTS

TODAY = date(2026, 11, 22)
HEADERS = ["案件番号", "得意先", "件名", "受注日", "納期", "担当", "状態", "金額", "備考"]
WIDE = {narrow: narrow + 0xFEE0 for narrow in range(0x21, 0x7F)}
DAYS = st.dates(FIRST, LAST)
SPELLINGS = (
    "{0.year}/{0.month}/{0.day}",
    "{0:%Y-%m-%d}",
    "{0:%Y/%m/%d}",
    "{0:%Y%m%d}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}年{0.month}月{0.day}日",
    "{0.year} 年 {0.month} 月 {0.day} 日",
    "{0:%Y/%m/%d} (火)",
    "{0:%Y/%m/%d}（火曜日）",
    "{0:%Y-%m-%d} 00:00:00",
)


@given(DAYS, st.sampled_from(SPELLINGS), st.booleans())
def test_a_date_with_its_year_is_that_day(day: date, spelling: str, wide: bool) -> None:
    typed = spelling.format(day)
    assert read_date(typed.translate(WIDE) if wide else typed, TODAY) == day


@given(DAYS)
def test_what_kakari_writes_is_what_it_reads(day: date) -> None:
    assert read_date(serial(day), TODAY) == day
    assert read_cell(Field.DUE, cell_of(Field.DUE, day.isoformat()), TODAY) == day.isoformat()
    assert EPOCH + timedelta(days=serial(day)) == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("令和8年12月1日", date(2026, 12, 1)),
        ("R8.12.1", date(2026, 12, 1)),
        ("ｒ８／１２／１", date(2026, 12, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("H31.4.30", date(2019, 4, 30)),
        ("12/1", date(2026, 12, 1)),
        ("12月1日（火）", date(2026, 12, 1)),
        ("1/15", date(2027, 1, 15)),
        ("10/31", date(2026, 10, 31)),
        (46357, date(2026, 12, 1)),
        (46357.0, date(2026, 12, 1)),
    ],
)
def test_a_date_as_people_type_it(typed: str | float, day: date) -> None:
    assert read_date(typed, TODAY) == day


@given(DAYS.filter(lambda day: date(1960, 1, 1) < day < date(2180, 1, 1)), st.integers(-150, 150))
def test_a_day_without_its_year_stays_the_day_it_was(day: date, later: int) -> None:
    assert read_date(f"{day.month}/{day.day}", near=day) == day
    near = day + timedelta(days=later)
    if (day.month, day.day) != (2, 29):
        assert read_date(f"{day.month}/{day.day}", near) == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12",
        "13/1",
        "2/30",
        "12月上旬",
        "年内",
        "12/1-12/5",
        "2026/12",
        "R0.1.1",
        "1/2/3",
        12,
        1e9,
        46357.5,
        "2026/12/01 15:30",
        "=TODAY()",
        "#REF!",
        "来週",
    ],
)
def test_what_is_no_date_is_not_guessed(typed: str | float) -> None:
    assert read_date(typed, TODAY) is None


@given(st.integers(0, 10**12))
def test_an_amount_in_every_spelling(yen: int) -> None:
    spellings = [
        "{}",
        "{:,}",
        "¥{:,}",
        "￥{:,}-",
        "{:,}円",
        "金{:,}円也",
        " {:,} 円 ",
        "{}.0",
        "{} JPY",
    ]
    for spelling in spellings:
        typed = spelling.format(yen)
        assert read_amount(typed) == yen, typed
        assert read_amount(typed.translate(WIDE)) == yen, typed
    assert read_amount(yen) == read_amount(float(yen)) == yen
    assert read_cell(Field.AMOUNT, cell_of(Field.AMOUNT, str(yen)), TODAY) == str(yen)
    for minus in ("-{:,}", "▲{:,}", "△¥{:,}", "({:,})", "¥-{:,}", "（{:,}円）"):
        assert read_amount(minus.format(yen)) == -yen, minus


@pytest.mark.parametrize(
    ("typed", "yen"),
    [
        ("13万円", 130000),
        ("13万1200円", 131200),
        ("１．５万", 15000),
        ("2億3,000万", 230000000),
        ("5千円", 5000),
    ],
)
def test_an_amount_in_units(typed: str, yen: int) -> None:
    assert read_amount(typed) == yen


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "円",
        "$100",
        "100 USD",
        "131,200円（税別）",
        "1,31,200",
        "12.5",
        "10〜20万",
        "万",
        "1万2億",
        "-",
        "¥",
        0.5,
        1e300,
        "1" * 5000,
        "約10万",
    ],
)
def test_what_is_no_amount_is_not_guessed(typed: str | float) -> None:
    assert read_amount(typed) is None


@pytest.mark.parametrize("typed", ["", "-", "未定", "　", "TBD"])
def test_what_is_still_open_is_empty(typed: str) -> None:
    assert read_cell(Field.DUE, typed, TODAY) == read_cell(Field.AMOUNT, typed, TODAY) == ""


def test_a_text_is_read_as_it_looks() -> None:
    assert read_text("  a\r\nb ") == "a\nb"
    assert read_text(1001) == read_text(1001.0) == "1001"
    assert read_text("\u30ab\u3099") == "ガ", "composed"
    assert read_text("#REF!") is None
    assert read_cell(Field.NOTE, '=IMPORTXML("x")', TODAY) == '=IMPORTXML("x")'


@given(st.permutations(HEADERS), st.lists(st.text(), max_size=3))
@example(HEADERS, ["NOTE", "ＤＵＥ"])
def test_columns_are_found_by_their_names_wherever_they_stand(
    headers: list[str], own: list[str]
) -> None:
    known = {plain(name) for some in DEFAULTS.values() for name in some}
    own = [name for name in own if plain(name) not in known]
    row = [*own, *headers]
    layout = find_layout([["2026年 予定"], [], row], DEFAULTS)
    assert layout.header == 2
    assert row[layout.key] == "案件番号"
    assert {row[at] for at in layout.columns.values()} == set(HEADERS) - {"案件番号"}


def test_headers_may_be_english_full_width_or_broken_over_lines() -> None:
    layout = find_layout([["PROJECT\nNUMBER", "ｃｌｉｅｎｔ", "件 名", ""]], DEFAULTS)
    assert layout.columns == {Field.CUSTOMER: 1, Field.NAME: 2}
    assert layout.width == 3


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([], HeadersMissing),
        ([["a", "b"], [1, 2]], HeadersMissing),
        ([["得意先", "件名", "納期"]], KeyColumnMissing),
        ([HEADERS, [], HEADERS], TwoHeaders),
        ([[*HEADERS, "納期"]], HeaderTwice),
    ],
)
def test_a_table_that_cannot_be_read_says_why(
    rows: list[list[str]], error: type[ScheduleError]
) -> None:
    with pytest.raises(error) as raised:
        find_layout(rows, DEFAULTS)
    assert raised.value.both().keys() == {"en", "ja"}


def test_cells_that_are_not_understood_are_listed_and_the_rest_is_read() -> None:
    layout = find_layout([HEADERS], DEFAULTS)
    rows = [
        HEADERS,
        ["P-1", "鈴木様", "金型", "11/1", "12月上旬", "佐藤", "進行中", "10万くらい", "=A1"],
        [],
        ["", "", "", "", "", "", "", "", ""],
        ["", "田中様", "椅子"],
        ["x" * 200, "長い"],
    ]
    table = read_table(rows, layout, TODAY, {})
    assert [(cell.address, cell.text, cell.key) for cell in table.unread] == [
        ("E2", "12月上旬", "P-1"),
        ("H2", "10万くらい", "P-1"),
        ("A6", "x" * 50, ""),
    ]
    first, second = table.rows
    assert (first.number, second.number) == (2, 5)
    assert first.values == {
        Field.CUSTOMER: "鈴木様",
        Field.NAME: "金型",
        Field.ORDERED: "2026-11-01",
        Field.PERSON: "佐藤",
        Field.STATE: "進行中",
        Field.NOTE: "=A1",
    }
    assert second.values[Field.DUE] == ""


def test_a_day_without_its_year_is_near_what_it_was_before() -> None:
    layout = find_layout([["案件番号", "納期"]], DEFAULTS)
    rows = [["案件番号", "納期"], ["P-1", "12/1"]]
    later = date(2027, 9, 1)
    was = {"P-1": {Field.DUE: "2026-12-01"}}
    assert read_table(rows, layout, later, was).rows[0].values[Field.DUE] == "2026-12-01"
    assert read_table(rows, layout, later, {}).rows[0].values[Field.DUE] == "2027-12-01"


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (702, "AAA")])
def test_an_address_is_as_sheets_writes_it(column: int, letters: str) -> None:
    assert address(7, column) == f"{letters}7"
