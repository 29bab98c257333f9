"""Google's quotas, shared by all workers: one token bucket each, kept in Redis.

A bucket is one number: the time at which it will be full again (the "generic cell rate
algorithm", as ATM switches use it). Taking tokens moves that time on, and how far it then lies
ahead says how long to wait. So a take is one round trip, waiters are served in the order they
came, and a batch may take more tokens than the bucket holds.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import structlog
from redis import Redis
from redis.exceptions import RedisError

from errors.google import TooMany
from errors.work import Stopping

log = structlog.get_logger(__name__)

KEY_PREFIX = "kakari:quota:"
AWAY_SECONDS = 5.0
"""How long Redis is left alone after it failed, so that not every call waits for its time-out."""

# Redis's own clock, so that workers whose clocks differ share one bucket.
BOOK = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local interval, burst, n, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + n * interval
local wait = math.max(full - burst * interval - now, 0)
if longest >= 0 and wait > longest then return string.format('%.6f', -wait) end
if full > now then
  redis.call('SET', KEYS[1], string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000))
else
  redis.call('DEL', KEYS[1])
end
return string.format('%.6f', wait)
"""


@dataclass(frozen=True)
class Bucket:
    """One quota: it refills at ``rate`` tokens a second and holds ``burst`` of them."""

    name: str
    rate: float
    burst: int


def chat_writes(space: str) -> Bucket:
    """One write a second in a space, all apps together (Chat API limits).

    A little less, for two writes a second apart may arrive less than that apart.
    """
    return Bucket(f"chat-writes:{space}", rate=0.95, burst=1)


def drive_writes(account: str, *, rate: float = 3, burst: int = 120) -> Bucket:
    """Three writes a second for one account, sustained (Drive API best practices).

    The sustained rate is what Google limits, so a project of usual size passes in one burst.
    """
    return Bucket(f"drive-writes:{account}", rate=rate, burst=burst)


def drive_reads(account: str) -> Bucket:
    """12,000 queries in any 60 s for one user (Drive API limits): the burst is part of them."""
    return Bucket(f"drive-reads:{account}", rate=180, burst=1200)


def sheets_reads(account: str) -> Bucket:
    """60 reads in any minute for one user (Sheets API limits): the burst is part of them."""
    return Bucket(f"sheets-reads:{account}", rate=0.75, burst=15)


def sheets_writes(account: str) -> Bucket:
    """60 writes in any minute for one user, whatever their size (Sheets API limits)."""
    return Bucket(f"sheets-writes:{account}", rate=0.75, burst=15)


class Quota:
    """Takes tokens. Without Redis each process keeps to the same rates by itself.

    A Redis that is away must not stop the work: Google's own answers still hold the limits.
    """

    def __init__(self, redis: Redis | None = None) -> None:
        self._book_shared = redis.register_script(BOOK) if redis else None
        self._here = _Here()
        self._away_until = 0.0
        self._told = False

    def take(
        self,
        bucket: Bucket,
        n: int = 1,
        *,
        stop: threading.Event,
        on_wait: Callable[[Bucket, float], None] | None = None,
        longest: float | None = None,
    ) -> float:
        """Take ``n`` tokens, wait until they are due, and return the seconds waited.

        ``on_wait`` is told of a wait before it begins. Raises TooMany, with nothing taken, where
        the wait would be more than ``longest`` seconds; raises Stopping, with the tokens given
        back, once ``stop`` is set.
        """
        wait = self._book(bucket, n, longest)
        if wait < 0:
            raise TooMany(reason=bucket.name, retry_after=-wait)
        if wait > 0:
            if on_wait:
                on_wait(bucket, wait)
            if stop.wait(wait):
                self._book(bucket, -n, None)
                raise Stopping
        return wait

    def try_take(self, bucket: Bucket, n: int = 1) -> bool:
        """Take ``n`` tokens if they are there now."""
        return self._book(bucket, n, 0) >= 0

    def _book(self, bucket: Bucket, n: int, longest: float | None) -> float:
        """Return the seconds to wait; negative, with nothing taken, where beyond ``longest``."""
        limit = -1 if longest is None else longest
        if self._book_shared is None or time.monotonic() < self._away_until:
            return self._here.book(bucket, n, limit)
        try:
            wait = self._book_shared(
                keys=[KEY_PREFIX + bucket.name], args=[1 / bucket.rate, bucket.burst, n, limit]
            )
        except RedisError as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            if not self._told:
                self._told = True
                log.warning("quota.redis_away", error=type(error).__name__)
            return self._here.book(bucket, n, limit)
        self._told = False
        return float(cast("bytes | str", wait))


class _Here:
    """The same buckets for this process alone."""

    def __init__(self) -> None:
        self._full_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def book(self, bucket: Bucket, n: int, limit: float) -> float:
        interval = 1 / bucket.rate
        with self._lock:
            now = time.monotonic()
            self._full_at = {name: at for name, at in self._full_at.items() if at > now}
            full = self._full_at.get(bucket.name, now) + n * interval
            wait = max(full - bucket.burst * interval - now, 0.0)
            if 0 <= limit < wait:
                return -wait
            self._full_at[bucket.name] = full
            return wait
