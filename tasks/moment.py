"""Moments as people type them: a line begins with when, and the rest of it is what.

| typed | meaning |
|---|---|
| ``180`` | so many seconds from now |
| ``90s`` ``5m`` ``2h`` ``1d`` ``1w`` ``1h30m`` ``10分後`` ``2時間`` | so long from now |
| ``15:30`` ``9時`` ``9時半`` | the next time a clock in the office shows it |
| ``tomorrow 9:00`` ``明日9時`` ``12/1 9:00`` ``2026-12-01 09:00`` | that day at that time |
| ``tomorrow`` ``12月1日`` ``2026-12-01`` | that day at 9:00 |

What could be read in two ways is read so:

- A bare number is seconds, also ``2026``: a year comes with its month and day.
- What can be a unit is one, also after a space: ``5 m`` is five minutes, not five seconds and an m.
- ``1日`` and ``2時間`` are lengths; ``12月1日`` is a date and ``9時`` a time of day.
- ``1d`` is 24 hours, also when the clocks are changed meanwhile.
- ``12/1`` is month and day. Without a year it is today or the next such day.
- Of a time that clocks show twice as summer time ends, the first that is still to come counts; a
  time that they skip as it begins is as much later as they are set forward.
"""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from errors.asking import NotATime, PastTime, TooFarAhead

FURTHEST = timedelta(days=366)
MORNING = 9
"""The hour of a day for which no time was typed."""

# Japanese keyboards type these in full width. One sign becomes one sign, so that what follows the
# moment can be cut out of the line as it was typed.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
_UNITS = {
    "weeks": "w(?:eeks?)?|週間",
    "days": "d(?:ays?)?|日間?",
    "hours": "h(?:rs?|ours?)?|時間",
    "minutes": "m(?:ins?|inutes?)?|分間?",
    "seconds": "s(?:ecs?|econds?)?|秒間?",
}
_DAYS = {"today": 0, "tomorrow": 1, "今日": 0, "明日": 1, "明後日": 2}

_BEGINS = r"(?:(?:in|at|on)\s+)?"
_ENDS = r"(?:に\s*|[、,]\s*|\s+|$)"
_COUNTS = "".join(rf"(?:(?P<{n}>[0-9]{{1,9}})\s?(?:{u})\s?)?" for n, u in _UNITS.items())
_LENGTH = re.compile(
    rf"{_BEGINS}(?=[0-9])(?:{_COUNTS}後?(?<!\s)|(?P<bare>[0-9]{{1,9}})){_ENDS}", re.IGNORECASE
)
_DATE = (
    r"(?:(?P<year>[0-9]{4})[-/年]|(?=[0-9]+[/月]))(?P<month>[0-9]{1,2})[-/月](?P<day>[0-9]{1,2})日?"
)
_CLOCK = r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})|時(?:(?P<past>[0-9]{1,2})分|(?P<half>半))?)"
_POINT = re.compile(
    rf"{_BEGINS}(?=\S)(?:(?:(?P<word>{'|'.join(_DAYS)})|{_DATE})"
    rf"(?:(?:の|T|\s+|(?<=日))(?=[0-9])|(?={_ENDS})))?(?:{_CLOCK})?(?<!\s){_ENDS}",
    re.IGNORECASE,
)


def moment_in(line: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """Return the moment that the line begins with, as the office's clock shows it, and the rest.

    Raises NotATime, PastTime and TooFarAhead.
    """
    now = now.astimezone(UTC)  # in a zone of its own, a sum would be one of wall clocks
    line = line.strip()
    plain = line.translate(_NARROW)
    if found := _LENGTH.match(plain):
        at = now + _length(found)
    elif found := _POINT.match(plain):
        try:
            at = _point(found, now.astimezone(zone), zone)
        except (ValueError, OverflowError) as error:  # 2026-02-30, 25:00, the year 9999
            raise NotATime from error
    else:
        raise NotATime
    if at <= now:
        raise PastTime
    if at - now > FURTHEST:
        raise TooFarAhead
    return at.astimezone(zone), line[found.end() :]


def _length(found: re.Match[str]) -> timedelta:
    """Raises TooFarAhead before the sum is more than a timedelta holds."""
    seconds = int(found["bare"] or 0)
    seconds += sum(int(found[unit] or 0) * each for unit, each in _SECONDS.items())
    if seconds > FURTHEST.total_seconds():
        raise TooFarAhead
    return timedelta(seconds=seconds)


def _point(found: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    """Raises ValueError and OverflowError where there is no such day or time."""
    minutes = found["minute"] or found["past"] or (30 if found["half"] else 0)
    clock = time(int(found["hour"] or MORNING), int(minutes))
    today = now.date()
    if found["word"]:
        return _shown(today + timedelta(days=_DAYS[found["word"].lower()]), clock, now, zone)
    if found["month"]:
        return _shown(_date(found, today), clock, now, zone)
    if not found["hour"]:
        raise NotATime
    at = _shown(today, clock, now, zone)
    return at if at > now else _shown(today + timedelta(days=1), clock, now, zone)


def _date(found: re.Match[str], today: date) -> date:
    month, day = int(found["month"]), int(found["day"])
    if found["year"]:
        return date(int(found["year"]), month, day)
    for year in (today.year, today.year + 1):
        with suppress(ValueError):  # 29 February
            if (meant := date(year, month, day)) >= today:
                return meant
    raise NotATime


def _shown(day: date, clock: time, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when clocks show this; the second time only if the first is over."""
    first, second = (
        datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)
    )
    return second if first <= now < second else first
