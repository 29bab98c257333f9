"""Google's quotas, shared by all workers: one token bucket each, kept in Redis.

A bucket is one number: the time at which it will be full again (the "generic cell rate
algorithm", as ATM switches use it). Taking tokens moves that time on, and how far it then lies
ahead says how long to wait. So a take is one round trip, waiters are served in the order they
came, and a batch may take more tokens than the bucket holds.
"""

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

import structlog
from redis import Redis
from redis.exceptions import RedisError

from errors.google import TooMany
from errors.work import Stopping

log = structlog.get_logger(__name__)

T = TypeVar("T")

KEY_PREFIX = "kakari:quota:"
AWAY_SECONDS = 5.0
"""How long Redis is left alone after it failed, so that not every call waits for its time-out."""
REMEMBERED = 60.0
"""Seconds for which a bucket is kept once it is full: who has waited longest is to be known."""

# Redis's own clock, so that workers whose clocks differ share one bucket.
CLOCK = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
"""
BOOK = f"""{CLOCK}
local interval, burst, n, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local ahead = math.max(tonumber(redis.call('GET', KEYS[1]) or 0) - now, 0)
local wait = math.max(ahead + (n - burst) * interval, 0)
if longest >= 0 and wait > longest then return string.format('%.6f', -wait) end
ahead = ahead + n * interval
local kept = math.ceil((ahead + {REMEMBERED}) * 1000)
if kept > 0 then redis.call('SET', KEYS[1], string.format('%.6f', now + ahead), 'PX', kept) end
return string.format('%.6f', wait)
"""
FILLING = f"""{CLOCK}
local found = {{}}
for i, key in ipairs(KEYS) do
  found[i] = string.format('%.6f', tonumber(redis.call('GET', key) or 0) - now)
end
return found
"""
PUT_OFF = f"""{CLOCK}
local ahead = math.max(tonumber(redis.call('GET', KEYS[1]) or 0) - now, tonumber(ARGV[1]))
local kept = math.ceil((ahead + {REMEMBERED}) * 1000)
redis.call('SET', KEYS[1], string.format('%.6f', now + ahead), 'PX', kept)
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
        self._shared = _Shared(redis) if redis else None
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

    def due_in(self, buckets: Sequence[Bucket]) -> list[float]:
        """Return in how many seconds each bucket has a token; nothing is taken.

        What is negative says for how long it has had one, as far as that is remembered.
        """
        if not buckets:
            return []
        filling = self._ask(lambda book: book.filling(buckets))
        return [
            max(seconds, -REMEMBERED) - _span(bucket)
            for bucket, seconds in zip(buckets, filling, strict=True)
        ]

    def put_off(self, bucket: Bucket, seconds: float) -> None:
        """Let nobody have a token of the bucket for so long: Google has asked for that."""
        self._ask(lambda book: book.put_off(bucket, seconds + _span(bucket)))

    def _book(self, bucket: Bucket, n: int, longest: float | None) -> float:
        """Return the seconds to wait; negative, with nothing taken, where beyond ``longest``."""
        limit = -1 if longest is None else longest
        return self._ask(lambda book: book.book(bucket, n, limit))

    def _ask(self, what: Callable[["_Book"], T]) -> T:
        """Ask the buckets that all share; while Redis is away, those of this process."""
        if self._shared is None or time.monotonic() < self._away_until:
            return what(self._here)
        try:
            answer = what(self._shared)
        except RedisError as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            if not self._told:
                self._told = True
                log.warning("quota.redis_away", error=type(error).__name__)
            return what(self._here)
        self._told = False
        return answer


def _span(bucket: Bucket) -> float:
    """Return how many seconds before the bucket is full it has its first token."""
    return (bucket.burst - 1) / bucket.rate


class _Book(Protocol):
    """Keeps the buckets' moments; ``Quota`` says what its methods are for."""

    def book(self, bucket: Bucket, n: int, limit: float) -> float: ...

    def filling(self, buckets: Sequence[Bucket]) -> Sequence[float]:
        """Return in how many seconds each bucket will be full."""

    def put_off(self, bucket: Bucket, seconds: float) -> None:
        """Let the bucket be full no sooner than in so many seconds."""


class _Shared:
    """The buckets in Redis. Every method raises RedisError."""

    def __init__(self, redis: Redis) -> None:
        self._book, self._filling, self._put_off = map(
            redis.register_script, (BOOK, FILLING, PUT_OFF)
        )

    def book(self, bucket: Bucket, n: int, limit: float) -> float:
        return float(
            cast(
                "bytes | str",
                self._book(
                    keys=[KEY_PREFIX + bucket.name], args=[1 / bucket.rate, bucket.burst, n, limit]
                ),
            )
        )

    def filling(self, buckets: Sequence[Bucket]) -> Sequence[float]:
        found = self._filling(keys=[KEY_PREFIX + bucket.name for bucket in buckets])
        return [float(seconds) for seconds in cast("list[bytes | str]", found)]

    def put_off(self, bucket: Bucket, seconds: float) -> None:
        self._put_off(keys=[KEY_PREFIX + bucket.name], args=[seconds])


class _Here:
    """The same buckets for this process alone."""

    def __init__(self) -> None:
        self._full_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def book(self, bucket: Bucket, n: int, limit: float) -> float:
        interval = 1 / bucket.rate
        with self._lock:
            now = time.monotonic()
            kept = now - REMEMBERED
            self._full_at = {name: at for name, at in self._full_at.items() if at > kept}
            ahead = max(self._full_at.get(bucket.name, now) - now, 0.0)
            wait = max(ahead + (n - bucket.burst) * interval, 0.0)
            if 0 <= limit < wait:
                return -wait
            self._full_at[bucket.name] = now + ahead + n * interval
            return wait

    def filling(self, buckets: Sequence[Bucket]) -> Sequence[float]:
        with self._lock:
            now = time.monotonic()
            return [self._full_at.get(bucket.name, -math.inf) - now for bucket in buckets]

    def put_off(self, bucket: Bucket, seconds: float) -> None:
        with self._lock:
            ahead = time.monotonic() + seconds
            self._full_at[bucket.name] = max(self._full_at.get(bucket.name, ahead), ahead)
