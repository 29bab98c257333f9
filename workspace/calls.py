"""How every request to Google is sent: with a deadline, with or without a second try, and logged."""

import random
import time
from enum import Enum
from typing import Any

import stamina
import structlog

from errors.google import GoogleError, OutcomeUnknown, TooMany, TryLater
from workspace.caller import Caller
from workspace.clients import GoogleClients
from workspace.refusals import AlreadyThere, understand

log = structlog.get_logger(__name__)

ATTEMPTS = 4
LONGEST_WAIT = 2.0
"""Seconds between two attempts at the most, unless Google names a longer time."""


class Sort(Enum):
    """What a second send of the same request would do. On that, not on the verb, a retry hangs."""

    READ = "changes nothing"
    KNOWN = "is refused or harmless: the target knows the request by an id of ours"
    ONCE = "would do it twice"


class Calls:
    """Sends one API's requests for one caller.

    ``refused`` is what its permanent refusals are called, ``forbidden`` those for a lack of
    permission, if otherwise. ``attempts`` counts the first one too; ``slow_down`` says whether
    being asked to slow down is waited out here or raised at once.
    """

    def __init__(
        self,
        clients: GoogleClients,
        caller: Caller,
        *,
        refused: type[GoogleError],
        forbidden: type[GoogleError] | None = None,
        attempts: int = ATTEMPTS,
        slow_down: bool = True,
    ) -> None:
        self._clients = clients
        self._caller = caller
        self._refused = refused
        self._forbidden = forbidden
        self._attempts = attempts
        self._slow_down = slow_down

    def send(self, request: Any, sort: Sort, *, seconds: float) -> Any:
        """Send a request of googleapiclient's and return the answer, within ``seconds`` in all.

        Busy, unreachable or silent, Google is asked again if ``sort`` allows: after the time it
        asked for, or a growing and random one. Raises a GoogleError: OutcomeUnknown if it may have
        happened, another TryLater if it has not but may later, else a permanent refusal. Raises
        what ``before_send`` raises.
        """
        self._caller.before_send(seconds)
        until = time.monotonic() + seconds
        in_doubt: OutcomeUnknown | None = None

        def again(error: Exception) -> bool | float:
            nonlocal in_doubt
            if isinstance(error, OutcomeUnknown):
                in_doubt = error
            if sort is Sort.ONCE or not isinstance(error, TryLater):
                return False
            if isinstance(error, TooMany) and not self._slow_down:
                return False
            asked = error.retry_after if isinstance(error, TooMany) else None
            if time.monotonic() + (asked or 0) + LONGEST_WAIT > until:
                return False
            return True if asked is None else asked + random.random()

        try:
            for attempt in stamina.retry_context(
                on=again,
                attempts=self._attempts,
                timeout=seconds,
                wait_max=LONGEST_WAIT,
                wait_jitter=0.4,
            ):
                with attempt:
                    return self._send_once(request, sort, until)
        except AlreadyThere:
            raise
        except GoogleError as error:
            if in_doubt is None:
                raise
            # A later refusal says nothing about the attempt that was not answered.
            raise in_doubt from error
        raise AssertionError  # stamina returns or raises

    def understand(self, error: Exception, sort: Sort) -> GoogleError:
        """Return what the failure of one part of a batch means."""
        return understand(
            error,
            wrote=sort is not Sort.READ,
            refused=self._refused,
            forbidden=self._forbidden,
        )

    def _send_once(self, request: Any, sort: Sort, until: float) -> Any:
        began = time.monotonic()
        status = "ok"
        try:
            with self._clients.transport() as http, http.http.ending(until):
                return _execute(request, http, until)
        except Exception as error:
            status = type(error).__name__
            refusal = self.understand(error, sort)
            status = type(refusal).__name__
            raise refusal from error
        finally:
            log.debug(
                "google.call",
                method=request.methodId,
                status=status,
                ms=round((time.monotonic() - began) * 1000),
            )


def _execute(request: Any, http: Any, until: float) -> Any:
    http.http.limit(_left(until))
    if request.resumable is None:
        return request.execute(http=http)
    answer = None
    while answer is None:
        http.http.limit(_left(until))
        _, answer = request.next_chunk(http=http)
    return answer


def _left(until: float) -> float:
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("the call's deadline has passed")
    return seconds
