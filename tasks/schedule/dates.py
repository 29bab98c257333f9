"""Dates as people type them into a sheet.

| typed | meaning |
|---|---|
| ``2026/12/01`` ``2026-12-1`` ``2026.12.1`` ``2026年12月1日`` ``20261201`` | that day |
| ``12/1`` ``12月1日`` | the day nearest to ``near``: a year is left out where it is plain |
| ``令和8年12月1日`` ``R8.12.1`` ``r8/12/1`` ``令和元年5月1日`` | by the name of the era |
| ``2026/12/01 (火)`` ``12/1（火）`` | the weekday is for people |
| ``46357`` as a number | Sheets' own: days since 1899-12-30 |

Full-width digits and signs are read as the others are.
"""

import re
from datetime import date, timedelta

from reading.text import LONGEST_VALUE, collapsed

EPOCH = date(1899, 12, 30)
"""Day 0 of Sheets' serial numbers (Sheets API, Date/time values)."""
FIRST, LAST = date(1950, 1, 1), date(2199, 12, 31)
"""No office plans beyond; a number outside is more likely something else."""
ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
"""The year before each era's first (Cabinet Office: names of eras)."""

_WEEKDAY = re.compile(
    r" ?\(?[月火水木金土日](?:曜日?)?\)?$| ?\((?:mon|tue|wed|thu|fri|sat|sun)\)$", re.IGNORECASE
)
_MIDNIGHT = re.compile(r" 0{1,2}:00(?::00)?$")
_DAY = r"(\d{1,2}) ?[/.\-月] ?(\d{1,2}) ?日?"
_WITHOUT_YEAR = re.compile(_DAY)
_WITH_YEAR = re.compile(rf"(\d{{4}}) ?[/.\-年] ?{_DAY}")
_WITH_ERA = re.compile(rf"(令和|平成|昭和|[RHS]) ?(\d{{1,2}}|元) ?[/.\-年] ?{_DAY}", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def read_date(typed: str | float, near: date) -> date | None:
    """Return the day that a cell says; None where it cannot be told.

    A day without a year is the one nearest to ``near``, so that what was read once is read the
    same next year, if ``near`` is what it was read as.
    """
    if not isinstance(typed, str):
        return _of_serial(typed)
    text = collapsed(typed)
    if len(text) > LONGEST_VALUE:
        return None
    text = _MIDNIGHT.sub("", text)
    # 「12月1日」 ends in a sign that also names a weekday, so the whole is tried first.
    for written in (text, _WEEKDAY.sub("", text)):
        day = _read(written, near)
        if day is not None and FIRST <= day <= LAST:
            return day
    return None


def serial(day: date) -> int:
    """Return a day as Sheets counts it."""
    return (day - EPOCH).days


def _of_serial(number: float) -> date | None:
    # First whether it is in between: neither infinity nor what is no number has a whole part.
    if not serial(FIRST) <= number <= serial(LAST) or number != int(number):
        return None
    return EPOCH + timedelta(days=int(number))


def _read(text: str, near: date) -> date | None:
    if found := _WITH_YEAR.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = map(int, found.groups())
        return _day(year, month, day)
    if found := _WITH_ERA.fullmatch(text):
        era, counted = found[1].upper(), found[2]
        nth = 1 if counted == "元" else int(counted)
        return _day(ERAS[era] + nth, int(found[3]), int(found[4])) if nth else None
    if found := _WITHOUT_YEAR.fullmatch(text):
        month, day = map(int, found.groups())
        # The 29th of February is in one of any eight years, 1900 and 2100 apart.
        years = range(near.year - 4, near.year + 5)
        days = [at for year in years if (at := _day(year, month, day)) is not None]
        return min(days, key=lambda at: (abs(at - near), at < near), default=None)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
