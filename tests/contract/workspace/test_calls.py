import time

import pytest
from structlog.testing import capture_logs

from errors.google import DriveRefused, GoogleError, OutcomeUnknown, TooMany, TryLater
from simulator.faults import Fault
from workspace.caller import Caller
from workspace.calls import ATTEMPTS, Calls, Sort

IDS = "drive.files.generateIds"


@pytest.fixture
def calls(clients, world):
    calls = Calls(clients, Caller(), refused=DriveRefused)
    calls.send(clients.drive_files.generateIds(count=1), Sort.READ, seconds=10)
    world.calls.clear()
    return calls


@pytest.fixture
def request_ids(clients):
    return lambda: clients.drive_files.generateIds(count=1)


def sends(world):
    return len(world.calls.to_json())


@pytest.mark.parametrize("sort", [Sort.READ, Sort.KNOWN])
@pytest.mark.parametrize(
    "kind", ["500", "503", "429", "403", "drop-before-apply", "apply-then-drop"]
)
def test_what_may_be_sent_twice_is(calls, request_ids, world, sort, kind):
    world.faults.set([Fault(IDS, kind, times=2)])

    assert calls.send(request_ids(), sort, seconds=10)["ids"]
    assert sends(world) == 3


@pytest.mark.parametrize(
    ("kind", "meaning"),
    [("503", OutcomeUnknown), ("apply-then-drop", OutcomeUnknown), ("429", TooMany)],
)
def test_what_would_be_done_twice_is_sent_once(calls, request_ids, world, kind, meaning):
    world.faults.set([Fault(IDS, kind)])

    with pytest.raises(GoogleError) as raised:
        calls.send(request_ids(), Sort.ONCE, seconds=10)
    assert type(raised.value) is meaning
    assert sends(world) == 1


def test_a_read_that_stays_unanswered_may_be_tried_later(calls, request_ids, world):
    world.faults.set([Fault(IDS, "503")])

    with pytest.raises(GoogleError) as raised:
        calls.send(request_ids(), Sort.READ, seconds=10)
    assert type(raised.value) is TryLater
    assert sends(world) == ATTEMPTS


def test_a_later_refusal_does_not_close_what_an_unanswered_attempt_left_open(
    calls, request_ids, world
):
    world.faults.set([Fault(IDS, "apply-then-drop", times=1), Fault(IDS, "429")])

    with pytest.raises(OutcomeUnknown):
        calls.send(request_ids(), Sort.KNOWN, seconds=10)


def test_a_slow_answer_ends_with_the_deadline(calls, request_ids, world):
    world.faults.set([Fault(IDS, "slow", seconds=1)])
    began = time.monotonic()

    with pytest.raises(OutcomeUnknown):
        calls.send(request_ids(), Sort.KNOWN, seconds=0.1)
    assert time.monotonic() - began < 0.9
    while not sends(world):  # the simulator is still at it, and would count it in a later test
        time.sleep(0.01)


def test_nothing_is_sent_again_shortly_before_the_deadline(calls, request_ids, world):
    world.faults.set([Fault(IDS, "503")])

    with pytest.raises(TryLater):
        calls.send(request_ids(), Sort.READ, seconds=1)
    assert sends(world) == 1


def test_the_log_has_one_line_a_call_and_nothing_that_was_said(calls, request_ids):
    with capture_logs() as logs:
        calls.send(request_ids(), Sort.READ, seconds=10)

    (line,) = logs
    assert line.keys() == {"event", "log_level", "method", "status", "ms"}
    assert (line["method"], line["status"], line["log_level"]) == (IDS, "ok", "debug")
