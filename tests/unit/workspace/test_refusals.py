import json
import ssl

import httplib2
import pytest
from google.auth.exceptions import RefreshError, TransportError
from googleapiclient.errors import BatchError, HttpError

from errors.google import (
    ApiSwitchedOff,
    DriveRefused,
    DriveStorageFull,
    KeyRefused,
    MessageRefused,
    OutcomeUnknown,
    SpaceRefused,
    TooMany,
    TryLater,
)
from workspace.refusals import AlreadyThere, NotFound, understand
from workspace.transport import Unreachable


def drive_answer(status, reason, **headers):
    error = {"errors": [{"reason": reason}], "code": status, "message": f"Message of {reason}."}
    return answer(status, error, **headers)


def chat_answer(status, word, details=None, **headers):
    error = {"code": status, "message": "Message.", "status": word}
    if details:
        error["details"] = [{"reason": details, "domain": "googleapis.com"}]
    return answer(status, error, **headers)


def answer(status, error, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpError(
        httplib2.Response({"status": status, **names}), json.dumps({"error": error}).encode()
    )


@pytest.mark.parametrize("wrote", [False, True])
@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (drive_answer(403, "storageQuotaExceeded"), DriveStorageFull),
        (drive_answer(403, "userRateLimitExceeded"), TooMany),
        (drive_answer(403, "rateLimitExceeded"), TooMany),
        (drive_answer(403, "insufficientFilePermissions"), DriveRefused),
        (drive_answer(400, "invalid"), DriveRefused),
        (drive_answer(403, "accessNotConfigured"), ApiSwitchedOff),
        (chat_answer(403, "PERMISSION_DENIED", details="SERVICE_DISABLED"), ApiSwitchedOff),
        (drive_answer(429, "rateLimitExceeded"), TooMany),
        (chat_answer(429, "RESOURCE_EXHAUSTED"), TooMany),
        (drive_answer(401, "authError"), KeyRefused),
        (drive_answer(404, "notFound"), NotFound),
        (drive_answer(409, "fileIdInUse"), AlreadyThere),
        (RefreshError("invalid_grant"), KeyRefused),
        (RefreshError("busy", retryable=True), TryLater),
        (TransportError("no token"), TryLater),
        (Unreachable("connection refused"), TryLater),
        (httplib2.ServerNotFoundError("no such host"), TryLater),
    ],
)
def test_an_answer_and_a_send_that_never_was_mean_the_same_for_reads_and_writes(
    error, meaning, wrote
):
    assert type(understand(error, wrote=wrote, refused=DriveRefused)) is meaning


@pytest.mark.parametrize(
    "error",
    [
        drive_answer(500, "backendError"),
        chat_answer(503, "UNAVAILABLE"),
        TimeoutError("timed out"),
        ConnectionResetError("reset"),
        ssl.SSLError("record layer failure"),
        httplib2.HttpLib2Error("broken"),
        BatchError("an answer is missing"),
    ],
)
def test_an_answer_that_did_not_come_leaves_a_write_open_and_a_read_to_be_repeated(error):
    assert type(understand(error, wrote=True)) is OutcomeUnknown
    assert type(understand(error, wrote=False)) is TryLater


def test_google_says_how_long_to_wait():
    assert understand(chat_answer(429, "X", retry_after="7"), wrote=True).retry_after == 7
    assert understand(chat_answer(429, "X"), wrote=True).retry_after is None


@pytest.mark.parametrize(("status", "meaning"), [(403, SpaceRefused), (400, MessageRefused)])
def test_a_lack_of_permission_can_mean_something_else_than_a_bad_request(status, meaning):
    error = chat_answer(status, "X")
    understood = understand(error, wrote=True, refused=MessageRefused, forbidden=SpaceRefused)
    assert type(understood) is meaning


def test_a_refusal_repeats_googles_own_sentence():
    refusal = understand(chat_answer(403, "PERMISSION_DENIED"), wrote=True, refused=SpaceRefused)

    assert refusal.say("en") == "Google Chat does not let Kakari write into this space (Message.)."


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b"null", b'{"error": "text"}', b"\xff"])
def test_an_answer_that_is_no_json_still_has_a_meaning(content):
    error = HttpError(httplib2.Response({"status": 403}), content)

    assert isinstance(understand(error, wrote=True, refused=DriveRefused), DriveRefused)


def test_a_fault_of_our_own_is_not_dressed_up_as_googles():
    with pytest.raises(ZeroDivisionError):
        understand(ZeroDivisionError(), wrote=True)
