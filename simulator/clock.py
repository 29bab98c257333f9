"""The simulator's time, written as Google writes it."""

from datetime import UTC, datetime


def now() -> str:
    """RFC 3339 with microseconds, as Chat prints it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def now_in_milliseconds() -> str:
    """RFC 3339 with milliseconds, as Drive prints it."""
    return in_milliseconds(now())


def in_milliseconds(time: str) -> str:
    """Any RFC 3339 time in the one form Drive prints, which also sorts by time."""
    return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
