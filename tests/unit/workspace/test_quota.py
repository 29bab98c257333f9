import threading

import pytest
from redis import Redis
from structlog.testing import capture_logs

from errors.google import TooMany
from errors.work import Stopping
from workspace.quota import Bucket, Quota, chat_writes, drive_reads, drive_writes

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
