import threading
import time

import pytest
from redis import Redis

from errors.google import TooMany
from errors.work import Stopping
from workspace.quota import KEY_PREFIX, REMEMBERED, Bucket, Quota


@pytest.fixture
def redis(valkey_url):
    client = Redis.from_url(valkey_url)
    client.flushdb()
    yield client
    client.close()


@pytest.fixture
def stop():
    return threading.Event()


SLOW = Bucket("slow", rate=0.01, burst=2)


@pytest.fixture
def workers(redis):
    return Quota(redis), Quota(redis)


def test_all_workers_draw_from_one_bucket(workers):
    one, other = workers

    assert [one.try_take(SLOW), other.try_take(SLOW), one.try_take(SLOW)] == [True, True, False]


def test_what_would_take_too_long_takes_nothing(workers, stop):
    one, other = workers

    with pytest.raises(TooMany) as refused:
        one.take(SLOW, 3, stop=stop, longest=10)
    assert refused.value.retry_after == pytest.approx(100, abs=1)
    assert other.try_take(SLOW, 2)


def test_a_worker_that_stops_gives_its_tokens_back_to_the_others(workers, stop):
    one, other = workers
    one.take(SLOW, 2, stop=stop)
    stop.set()
    with pytest.raises(Stopping):
        one.take(SLOW, 50, stop=stop)

    with pytest.raises(TooMany) as refused:
        other.take(SLOW, stop=stop, longest=1)
    assert refused.value.retry_after == pytest.approx(100, abs=1)


def test_two_workers_together_keep_the_rate(workers, stop):
    bucket = Bucket("shared", rate=50, burst=1)

    def work(quota):
        for _ in range(5):
            quota.take(bucket, stop=stop)

    threads = [threading.Thread(target=work, args=(quota,)) for quota in workers]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # Ten tokens: one at once, nine of which each takes 20 ms to come.
    assert time.monotonic() - began >= 9 / 50


def test_redis_forgets_a_bucket_a_while_after_it_is_full_again(redis):
    Quota(redis).try_take(SLOW)

    assert 99_000 < redis.pttl(KEY_PREFIX + "slow") - REMEMBERED * 1000 <= 100_000


def test_a_take_is_one_round_trip(redis, workers):
    one, _ = workers
    one.try_take(SLOW)  # now Redis knows the script
    before = redis.info("commandstats")["cmdstat_evalsha"]["calls"]
    all_before = redis.info("stats")["total_commands_processed"]

    one.try_take(SLOW)

    assert redis.info("commandstats")["cmdstat_evalsha"]["calls"] == before + 1
    # What else Redis counts is what the script itself asks it, and the questions of this test.
    assert redis.info("stats")["total_commands_processed"] - all_before <= 6
