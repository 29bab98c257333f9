"""A Redis that refuses us, or forgets, is refused before anything starts."""

from collections.abc import Iterator

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from errors.settings import QueueForgets, QueueRefuses
from kakari.queue import demand_lasting
from tests.valkey_server import valkey_server


@pytest.fixture(scope="module")
def server() -> Iterator[redis.Redis]:
    with (
        valkey_server(appendonly="yes") as server,
        redis.Redis.from_url(server.connection_url) as it,
    ):
        yield it


def test_a_redis_that_keeps_what_it_is_told_will_do(server: redis.Redis) -> None:
    demand_lasting(server)


@pytest.mark.parametrize(
    ("option", "wrong", "right"),
    [("appendonly", "no", "yes"), ("maxmemory-policy", "allkeys-lru", "noeviction")],
)
def test_a_redis_that_forgets_is_refused_with_the_option_to_give_it(
    server: redis.Redis, option: str, wrong: str, right: str
) -> None:
    server.config_set(option, wrong)
    try:
        with pytest.raises(QueueForgets) as refused:
            demand_lasting(server)
    finally:
        server.config_set(option, right)
    assert f"{option} is “{wrong}”" in str(refused.value)
    assert f"--{option} {right}" in str(refused.value)


def test_a_redis_that_wants_another_password_is_refused(server: redis.Redis) -> None:
    server.config_set("requirepass", "secret")
    at = server.get_connection_kwargs()
    try:
        with (
            redis.Redis(host=at["host"], port=at["port"], password="wrong") as stranger,
            pytest.raises(QueueRefuses) as refused,
        ):
            demand_lasting(stranger)
    finally:
        server.config_set("requirepass", "")
    assert "KAKARI_REDIS_PASSWORD" in str(refused.value)


def test_a_redis_that_is_away_is_no_reason_not_to_start() -> None:
    demand_lasting(redis.Redis(host="127.0.0.1", port=1, retry=Retry(NoBackoff(), 0)))
