"""The simulator's time, written as Google writes it."""

import time
from datetime import UTC, datetime


class Clock:
    """Google's clock as a client meets it: in the Date header, and when a token is asked for."""

    ahead = 0.0
    """Seconds that it is ahead of this machine's, so that a machine's wrong clock can be tried."""

    def time(self) -> float:
        return time.time() + self.ahead


def moment() -> datetime:
    return datetime.now(UTC)


def now() -> str:
    """RFC 3339 with microseconds, as Chat prints it."""
    return moment().strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def now_in_milliseconds() -> str:
    """RFC 3339 with milliseconds, as Drive prints it."""
    return in_milliseconds(now())


def in_milliseconds(time: str) -> str:
    """Any RFC 3339 time in the one form Drive prints, which also sorts by time."""
    return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
