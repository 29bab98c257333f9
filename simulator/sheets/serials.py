"""Dates and times as Sheets counts them: days since 30 December 1899, the time as a fraction."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a serial number knows no time zone
SECONDS = 86_400


def of_date(day: date) -> int:
    return (day - EPOCH.date()).days


def of_time(clock: time) -> float:
    return (clock.hour * 3600 + clock.minute * 60 + clock.second) / SECONDS


def to_datetime(serial: float) -> datetime:
    """Return the moment, to the millisecond; OverflowError for what is no date."""
    return EPOCH + timedelta(milliseconds=round(serial * SECONDS * 1000))


def now_in(time_zone: str) -> datetime:
    """Return what the clock shows in a spreadsheet's time zone."""
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now(UTC)
    return datetime.now(zone)
