"""Whenever it is, what people type means the moment they mean, or gets a sentence."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from errors.asking import AskingError, NotATime, PastTime, TooFarAhead
from tasks.moment import FURTHEST, moment_in

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=TOKYO)
"""A Sunday afternoon."""
ZONES = st.sampled_from([TOKYO, NEW_YORK, ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")])
MOMENTS = st.integers(1_700_000_000, 2_000_000_000).map(lambda n: datetime.fromtimestamp(n, UTC))
WIDE = {narrow: narrow + 0xFEE0 for narrow in range(0x21, 0x7F)}
PREFIXES = st.sampled_from(["", " ", "\u3000"])
WORDS = st.sampled_from(["", "tea", "お茶（３杯）", "180", "call <users/all>\nat 9:00"])
SPELLINGS = {
    "short": ("w", "d", "h", "m", "s"),
    "long": (" weeks ", " days ", " hours ", " minutes ", " seconds "),
    "singular": (" week ", " day ", " hr ", " min ", " sec "),
    "japanese": ("週間", "日", "時間", "分", "秒"),
}
DATES = (
    "{:%Y-%m-%d} ",
    "{:%Y/%m/%d} ",
    "{:%Y年%m月%d日}",
    "{:%m/%d} ",
    "{:%m月%d日}",
    "{0.month}/{0.day} ",
)
CLOCKS = ("{:%H:%M}", "{0.hour}:{0.minute:02}", "{0.hour}時{0.minute}分")


def read(text: str, now: datetime = NOW, zone: ZoneInfo = TOKYO) -> tuple[str, str]:
    """Return the moment as the clock on the wall shows it, and the rest of the line."""
    at, rest = moment_in(text, now, zone)
    return f"{at:%Y-%m-%d %H:%M:%S}", rest


@st.composite
def lines(draw: st.DrawFn, written: str) -> tuple[str, str]:
    """Return the words for a moment at the beginning of a line, and the rest of it."""
    rest = draw(WORDS)
    if draw(st.booleans()):
        written = written.translate(WIDE)
    joint = draw(st.sampled_from([" ", "\u3000", "に", "、"])) if rest else ""
    return draw(PREFIXES) + written.rstrip() + joint + rest, rest


@given(st.data(), MOMENTS, ZONES, st.sampled_from(sorted(SPELLINGS)))
def test_a_length_is_so_long_from_now(
    data: st.DataObject, now: datetime, zone: ZoneInfo, spelling: str
) -> None:
    counts = [data.draw(st.integers(0, most)) for most in (10, 60, 200, 900, 9000)]
    parts = [f"{n}{u}" for n, u in zip(counts, SPELLINGS[spelling], strict=True) if n]
    assume(parts)
    line, rest = data.draw(lines("".join(parts)))
    weeks, days, hours, minutes, seconds = counts
    length = timedelta(days, seconds, 0, 0, minutes, hours, weeks)
    at, said = moment_in(line, now, zone)
    # In UTC: of an hour that a zone has twice, Python says that it equals none in another zone.
    assert (at.astimezone(UTC), said) == (now + length, rest)


@given(st.data(), MOMENTS, st.integers(1, 999_999))
def test_a_bare_number_is_seconds(data: st.DataObject, now: datetime, seconds: int) -> None:
    line, rest = data.draw(lines(str(seconds)))
    assert moment_in(line, now, TOKYO) == (now + timedelta(seconds=seconds), rest)


@given(st.data(), MOMENTS, ZONES, st.integers(60, 363 * 86_400))
def test_a_day_and_a_time_are_when_the_offices_clock_shows_them(
    data: st.DataObject, now: datetime, zone: ZoneInfo, seconds: int
) -> None:
    meant = (now + timedelta(seconds=seconds)).replace(second=0, microsecond=0).astimezone(zone)
    assume(meant > now)
    written = data.draw(st.sampled_from(DATES)).format(meant)
    written += data.draw(st.sampled_from(CLOCKS)).format(meant)
    line, rest = data.draw(lines(written))
    at, said = moment_in(line, now, zone)
    assert (at.replace(tzinfo=None), said) == (meant.replace(tzinfo=None), rest)
    assert now < at <= meant.astimezone(UTC), (
        "of two that look alike the first that is still to come"
    )


@given(st.data(), MOMENTS, ZONES, st.integers(60, 23 * 3600))
def test_a_time_alone_is_the_next_time_the_clock_shows_it(
    data: st.DataObject, now: datetime, zone: ZoneInfo, seconds: int
) -> None:
    meant = (now + timedelta(seconds=seconds)).replace(second=0, microsecond=0).astimezone(zone)
    assume(meant > now)
    line, rest = data.draw(lines(data.draw(st.sampled_from(CLOCKS)).format(meant)))
    at, said = moment_in(line, now, zone)
    assert (at.time(), said) == (meant.time(), rest)
    assert now < at <= meant.astimezone(UTC)


PIECES = [
    *(
        "1",
        "30",
        "2026",
        "0",
        "999999999",
        "１２",
        "-",
        "/",
        ":",
        "時",
        "分",
        "半",
        "月",
        "日",
        "年",
    ),
    *(
        "h",
        "m",
        "min",
        "w",
        "秒",
        "後",
        "に",
        "の",
        "T",
        " ",
        "\n",
        "\u3000",
        "in",
        "today",
        "明日",
        "、",
    ),
]


@given(
    st.text() | st.lists(st.sampled_from(PIECES)).map("".join),
    MOMENTS,
    ZONES,
)
def test_any_line_is_a_moment_to_come_or_gets_a_sentence(
    line: str, now: datetime, zone: ZoneInfo
) -> None:
    with suppress(NotATime, PastTime, TooFarAhead):
        at, rest = moment_in(line, now, zone)
        assert now < at <= now + FURTHEST
        assert at.tzinfo is zone
        assert line.strip().endswith(rest)


@pytest.mark.parametrize(
    ("text", "at", "rest"),
    [
        ("180", "2026-11-22 15:03:00", ""),
        ("180 tea", "2026-11-22 15:03:00", "tea"),
        ("2026 tea", "2026-11-22 15:33:46", "tea"),
        ("90s tea", "2026-11-22 15:01:30", "tea"),
        ("1h30m tea", "2026-11-22 16:30:00", "tea"),
        ("in 2 hours tea", "2026-11-22 17:00:00", "tea"),
        ("5 min tea", "2026-11-22 15:05:00", "tea"),
        ("5 m tea", "2026-11-22 15:05:00", "tea"),
        ("5 mugs", "2026-11-22 15:00:05", "mugs"),
        ("1w tea", "2026-11-29 15:00:00", "tea"),
        ("30分後に電話", "2026-11-22 15:30:00", "電話"),
        ("1時間30分 お茶", "2026-11-22 16:30:00", "お茶"),
        ("1日 お茶", "2026-11-23 15:00:00", "お茶"),
        ("１０秒　お茶（３杯）", "2026-11-22 15:00:10", "お茶（３杯）"),
        ("15:30 会議", "2026-11-22 15:30:00", "会議"),
        ("at 14:59 meeting", "2026-11-23 14:59:00", "meeting"),
        ("15:00 meeting", "2026-11-23 15:00:00", "meeting"),
        ("9時半に会議", "2026-11-23 09:30:00", "会議"),
        ("tomorrow 9:15 meeting", "2026-11-23 09:15:00", "meeting"),
        ("Tomorrow 3 eggs", "2026-11-23 09:00:00", "3 eggs"),
        ("明日 9:00", "2026-11-23 09:00:00", ""),
        ("明日9時に会議", "2026-11-23 09:00:00", "会議"),
        ("明後日の10時 会議", "2026-11-24 10:00:00", "会議"),
        ("今日 16:00 会議", "2026-11-22 16:00:00", "会議"),
        ("2026-12-01 09:30 x", "2026-12-01 09:30:00", "x"),
        ("2026-12-01T09:30 x", "2026-12-01 09:30:00", "x"),
        ("2026-12-01 x", "2026-12-01 09:00:00", "x"),
        ("12/1 9:30 x", "2026-12-01 09:30:00", "x"),
        ("11/21 x", "2027-11-21 09:00:00", "x"),
        ("12月1日9時30分 x", "2026-12-01 09:30:00", "x"),
    ],
)
def test_what_people_type_means(text: str, at: str, rest: str) -> None:
    assert read(text) == (at, rest)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", NotATime),
        ("banana", NotATime),
        ("180tea", NotATime),
        ("-5 tea", NotATime),
        ("1.5h tea", NotATime),
        ("25:00 tea", NotATime),
        ("9:60 tea", NotATime),
        ("2026-02-30 tea", NotATime),
        ("12/1/2026 tea", NotATime),
        ("12/19:00 tea", NotATime),
        ("5-10 tea", NotATime),
        ("2月29日 tea", NotATime),
        ("0 tea", PastTime),
        ("今日 14:59 会議", PastTime),
        ("11/22 9:00 meeting", PastTime),
        ("2026-11-22 15:00 now", PastTime),
        ("1999-01-01 party", PastTime),
        ("2027-11-24 tea", TooFarAhead),
        ("53w tea", TooFarAhead),
        ("999999999w tea", TooFarAhead),
        ("9999-12-31 23:59 tea", TooFarAhead),
    ],
)
def test_what_is_no_moment_to_come_is_refused(text: str, error: type[AskingError]) -> None:
    with pytest.raises(error):
        read(text)


def test_29_february_is_that_of_the_leap_year_to_come() -> None:
    assert read("2/29", datetime(2027, 3, 10, tzinfo=TOKYO))[0] == "2028-02-29 09:00:00"


def test_a_time_that_the_clocks_skip_is_as_much_later() -> None:
    now = datetime(2027, 3, 13, 12, tzinfo=NEW_YORK)
    assert read("tomorrow 2:30", now, NEW_YORK)[0] == "2027-03-14 03:30:00"


def test_of_a_time_that_the_clocks_show_twice_the_first_to_come_counts() -> None:
    night = date(2026, 11, 1)
    first = datetime.combine(night, time(1, 30), NEW_YORK)
    second = first.replace(fold=1)
    for now, meant in (
        (first - timedelta(hours=1), first),
        (first.astimezone(UTC) + timedelta(minutes=10), second),
        (second.replace(minute=10), second),
    ):
        at, _ = moment_in("1:30", now, NEW_YORK)
        assert at.astimezone(UTC) == meant.astimezone(UTC)


def test_a_day_is_24_hours_also_when_the_clocks_are_changed() -> None:
    now = datetime(2027, 3, 13, 12, tzinfo=NEW_YORK)
    assert read("1d", now, NEW_YORK)[0] == "2027-03-14 13:00:00"
