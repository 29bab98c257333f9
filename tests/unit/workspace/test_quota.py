import threading
import time

import pytest
from redis import Redis
from structlog.testing import capture_logs

from errors.google import TooMany
from errors.work import Stopping
from workspace.quota import REMEMBERED, Bucket, Quota, chat_writes, drive_reads, drive_writes

SLOW = Bucket("slow", rate=0.01, burst=2)


@pytest.fixture
def stop():
    return threading.Event()


def test_a_bucket_gives_its_burst_at_once_and_then_nothing(stop):
    quota = Quota()

    assert [quota.try_take(SLOW) for _ in range(3)] == [True, True, False]


def test_waiters_are_served_one_after_another(stop):
    quota = Quota()
    bucket = Bucket("b", rate=4, burst=1)

    assert quota.take(bucket, stop=stop) == 0
    assert 0 < quota.take(bucket, stop=stop) <= 0.251
    assert 0 < quota.take(bucket, stop=stop) <= 0.251


def test_a_batch_may_take_more_than_the_bucket_holds(stop):
    with pytest.raises(TooMany) as refused:
        Quota().take(SLOW, 5, stop=stop, longest=10)

    assert refused.value.retry_after == pytest.approx(300, abs=1)


def test_what_would_take_too_long_takes_nothing(stop):
    quota = Quota()
    with pytest.raises(TooMany):
        quota.take(SLOW, 3, stop=stop, longest=10)

    assert quota.try_take(SLOW, 2)


def test_a_wait_is_announced_and_ends_at_once_when_the_caller_stops(stop):
    quota = Quota()
    quota.take(SLOW, 2, stop=stop)
    announced = []

    def on_wait(bucket, seconds):
        announced.append((bucket.name, round(seconds)))
        stop.set()

    with pytest.raises(Stopping):
        quota.take(SLOW, stop=stop, on_wait=on_wait)
    assert announced == [("slow", 100)]


def test_who_stopped_waiting_gives_its_tokens_back(stop):
    quota = Quota()
    quota.take(SLOW, 2, stop=stop)
    stop.set()
    with pytest.raises(Stopping):
        quota.take(SLOW, 50, stop=stop)

    with pytest.raises(TooMany) as refused:
        quota.take(SLOW, stop=stop, longest=1)
    assert refused.value.retry_after == pytest.approx(100, abs=1)


def test_spaces_do_not_wait_for_each_other():
    quota = Quota()

    assert quota.try_take(chat_writes("spaces/A"))
    assert quota.try_take(chat_writes("spaces/B"))
    assert not quota.try_take(chat_writes("spaces/A"))


@pytest.mark.parametrize(
    ("bucket", "in_a_minute"),
    [(chat_writes("spaces/A"), 60), (drive_reads("kakari@office"), 12_000)],
)
def test_no_minute_holds_more_than_google_allows(bucket, in_a_minute):
    assert bucket.rate * 60 + bucket.burst <= in_a_minute


def test_a_project_of_usual_size_is_written_in_one_burst():
    assert Quota().try_take(drive_writes("kakari@office"), 100)


def test_without_redis_the_same_rate_holds_in_this_process_and_the_log_says_so_once():
    nobody_listens = Redis(unix_socket_path="/nonexistent/redis.sock", retry=None)
    quota = Quota(nobody_listens)

    with capture_logs() as logs:
        assert [quota.try_take(SLOW) for _ in range(3)] == [True, True, False]
    assert [line["event"] for line in logs] == ["quota.redis_away"]


@pytest.fixture(params=["redis", "here"])
def kept(request, valkey_url):
    """A quota whose buckets are in Redis, and one that has them in this process alone."""
    if request.param == "here":
        yield Quota()
        return
    with Redis.from_url(valkey_url) as connection:
        connection.flushdb()
        yield Quota(connection)


def test_when_a_token_is_there_is_known_without_taking_it(kept):
    a, b = chat_writes("spaces/A"), chat_writes("spaces/B")
    assert kept.try_take(a)

    for _ in range(3):
        in_a, in_b = kept.due_in([a, b])
        assert 0.5 < in_a <= 1 / 0.95
        assert in_b == -REMEMBERED
    assert kept.due_in([]) == []
    assert kept.try_take(b)


def test_a_bucket_with_a_burst_has_a_token_as_soon_as_one_has_come_back(kept):
    bucket = Bucket("burst", rate=0.1, burst=3)
    assert kept.due_in([bucket]) == [-REMEMBERED - 20]
    assert kept.try_take(bucket, 2)
    assert kept.due_in([bucket])[0] == pytest.approx(0, abs=0.5)
    assert kept.try_take(bucket)
    assert kept.due_in([bucket])[0] == pytest.approx(10, abs=0.5)


def test_since_when_a_token_has_been_there_is_remembered(kept):
    bucket = Bucket("quick", rate=100, burst=1)
    assert kept.try_take(bucket)
    time.sleep(0.3)
    (there,) = kept.due_in([bucket])
    assert -REMEMBERED < there < -0.2


def test_a_bucket_that_was_put_off_has_no_token_until_then_and_no_other_is_touched(kept, stop):
    a, b = chat_writes("spaces/A"), chat_writes("spaces/B")
    kept.put_off(a, 600)
    kept.put_off(a, 5)

    assert kept.due_in([a])[0] == pytest.approx(600, abs=2)
    with pytest.raises(TooMany) as refused:
        kept.take(a, stop=stop, longest=0)
    assert refused.value.retry_after == pytest.approx(600, abs=2)
    assert kept.try_take(b)


def test_the_tokens_that_are_there_are_never_a_hair_too_few(monkeypatch):
    """A clock that passes a power of two rounds otherwise before and after it."""
    quota = Quota()
    moment = 823.9
    monkeypatch.setattr("workspace.quota.time.monotonic", lambda: moment)
    for number in range(300):
        moment = 823.9 + number * 0.7123456789
        assert quota.try_take(Bucket(f"b{number}", rate=0.01, burst=2), 2)


def test_without_redis_turns_are_still_known_and_put_off():
    quota = Quota(Redis(unix_socket_path="/nonexistent/redis.sock", retry=None))
    a = chat_writes("spaces/A")
    quota.put_off(a, 30)
    assert quota.due_in([a])[0] == pytest.approx(30, abs=2)
