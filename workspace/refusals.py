"""What an answer of Google's, or none, means for a retry and for a person."""

import http.client
import json
from typing import Any

import httplib2
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from googleapiclient.errors import BatchError, HttpError
from googleapiclient.errors import Error as ClientError

from errors.google import (
    ApiSwitchedOff,
    DriveStorageFull,
    GoogleError,
    KeyRefused,
    OutcomeUnknown,
    TooMany,
    TryLater,
)
from workspace.transport import Unreachable

# Reasons that mean "slower" although the status is 403 (Drive: Resolve errors).
SLOWER = frozenset(
    {
        "userRateLimitExceeded",
        "rateLimitExceeded",
        "sharingRateLimitExceeded",
        "dailyLimitExceeded",
        "quotaExceeded",
        "RESOURCE_EXHAUSTED",
        "RATE_LIMIT_EXCEEDED",
    }
)

LONGEST_PAUSE = 86_400.0
DIGITS = 9

# The project lacks the API itself, whatever is asked of it (google.rpc.ErrorInfo; Drive's own).
SWITCHED_OFF = frozenset({"SERVICE_DISABLED", "accessNotConfigured"})


class NotFound(GoogleError):
    """Google does not know this, or does not show it to Kakari ({reason})."""

    ja = "Google に見つからないか、Kakari には見えません（{reason}）。"


class AlreadyThere(GoogleError):
    """Google has something under this name already ({reason})."""

    ja = "同じ名前のものが Google にすでにあります（{reason}）。"


def understand(
    error: Exception,
    *,
    wrote: bool,
    refused: type[GoogleError] = GoogleError,
    forbidden: type[GoogleError] | None = None,
) -> GoogleError:
    """Return what ``error`` of Google's client means.

    ``wrote`` says whether the request changes something: then an answer that did not come leaves
    its outcome open. ``refused`` is the API's own class for a permanent refusal, ``forbidden`` the
    one for a lack of permission, where that is another. An ``error`` that is not of Google's client
    is raised again.
    """
    if isinstance(error, GoogleError):
        return error
    # A BatchError is an HttpError of which only the outside was understood.
    if isinstance(error, HttpError) and not isinstance(error, BatchError):
        return _answered(error, wrote=wrote, refused=refused, forbidden=forbidden or refused)
    if isinstance(error, GoogleAuthError):
        # The token is fetched before the request is sent.
        away = isinstance(error, TransportError) or getattr(error, "retryable", False)
        if isinstance(error, RefreshError) and not away:
            return KeyRefused(reason=str(error))
        return TryLater(reason=str(error))
    if isinstance(error, (Unreachable, httplib2.ServerNotFoundError)):
        return TryLater(reason=str(error))
    if isinstance(error, (OSError, http.client.HTTPException, httplib2.HttpLib2Error, ClientError)):
        return (OutcomeUnknown if wrote else TryLater)(reason=f"{type(error).__name__}: {error}")
    raise error


def _answered(
    error: HttpError, *, wrote: bool, refused: type[GoogleError], forbidden: type[GoogleError]
) -> GoogleError:
    status = int(error.resp.status)
    words = _words(error.content)
    reason = error.reason or ", ".join(sorted(words)) or f"HTTP {status}"
    if status == 401:
        return KeyRefused(reason=reason)
    if status == 403 and words & SWITCHED_OFF:
        return ApiSwitchedOff(reason=reason)
    if status == 403 and "storageQuotaExceeded" in words:
        return DriveStorageFull(reason=reason)
    if status == 429 or (status == 403 and words & SLOWER):
        return TooMany(reason=reason, retry_after=_seconds(error.resp.get("retry-after", "")))
    if status == 404:
        return NotFound(reason=reason)
    if status == 409:
        return AlreadyThere(reason=reason)
    if status == 408 or status >= 500:
        return (OutcomeUnknown if wrote else TryLater)(reason=reason)
    return (forbidden if status == 403 else refused)(reason=reason)


def _seconds(header: str) -> float | None:
    """Return how long Google wants to be left alone; no longer than a day, whatever it says."""
    if not header.isdecimal():
        return None
    return min(float(header[:DIGITS]), LONGEST_PAUSE)


def _words(content: bytes) -> frozenset[str]:
    """Return the machine-readable reasons of an answer; Drive and Chat write them differently."""
    try:
        error: Any = json.loads(content)["error"]
        if not isinstance(error, dict):
            return frozenset()
        listed = [*error.get("errors", ()), *error.get("details", ())]
        return frozenset(
            word for word in (error.get("status"), *(each.get("reason") for each in listed)) if word
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return frozenset()
