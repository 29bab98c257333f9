import redis

from ledger.bell import ENOUGH, Bell


def bell_at(url: str) -> Bell:
    connection = redis.Redis.from_url(url)
    connection.flushdb()
    return Bell(connection)


def test_a_ring_waits_until_it_is_answered(valkey_url: str) -> None:
    bell = bell_at(valkey_url)
    assert bell.ring()
    assert bell.ring()
    assert bell.waiting() == 2


def test_a_bell_that_rings_often_enough_is_left_alone(valkey_url: str) -> None:
    bell = bell_at(valkey_url)
    assert all(bell.ring() for _ in range(ENOUGH + 10))
    assert bell.waiting() == ENOUGH


def test_a_queue_that_is_away_is_said_and_not_raised() -> None:
    nobody = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    assert not Bell(nobody).ring()
    assert Bell(nobody).listeners() is None
