"""Token buckets: how often something may happen."""

import threading
import time
from collections.abc import Callable


class Quota:
    """One bucket a key (a space, a user), all of the same rate and size."""

    def __init__(
        self,
        per_second: float | None,
        burst: float = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self.set(per_second, burst)

    def set(self, per_second: float | None, burst: float = 1) -> None:
        """Change the rate, None for no limit, and fill all buckets."""
        with self._lock:
            self.per_second = per_second
            self.burst = max(burst, 1)
            self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> bool:
        """Take one token from the key's bucket, if there is one."""
        with self._lock:
            if self.per_second is None:
                return True
            now = self._clock()
            tokens, since = self._buckets.get(key, (self.burst, now))
            tokens = min(self.burst, tokens + (now - since) * self.per_second)
            granted = tokens >= 1
            self._buckets[key] = (tokens - granted, now)
            return granted

    def to_json(self) -> dict[str, float | None]:
        return {"per_second": self.per_second, "burst": self.burst}
