"""What Kakari asks of its Redis before anything starts."""

from collections.abc import Iterator

import redis

from errors.settings import QueueForgets, QueueRefuses


def demand_lasting(connection: redis.Redis) -> None:
    """Raise QueueRefuses or QueueForgets; that Redis is away is no reason not to start.

    The ledger would outlive a Redis that forgets. But the requests would wait for the clock, and
    a server that evicts takes the workers' own keys first.
    """
    try:
        for error in losses(connection):
            raise error
    except redis.AuthenticationError as error:
        raise QueueRefuses(reason=error) from error
    except redis.RedisError:
        return


def losses(connection: redis.Redis) -> Iterator[QueueForgets]:
    """Yield what makes this Redis forget. Raises redis.RedisError."""
    info = connection.info()
    found = {
        "appendonly": ("yes" if info["aof_enabled"] else "no", "yes"),
        "maxmemory-policy": (info["maxmemory_policy"], "noeviction"),
    }
    for option, (is_, wanted) in found.items():
        if is_ != wanted:
            yield QueueForgets(option=option, found=is_, wanted=wanted)
