"""The simulator's time, written as Google writes it."""

from datetime import UTC, datetime


def now() -> str:
    """RFC 3339 with microseconds, as Chat prints it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def now_in_milliseconds() -> str:
    """RFC 3339 with milliseconds, as Drive prints it."""
    return now()[:-4] + "Z"
