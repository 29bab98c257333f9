"""How batches are sent: what Google was too busy for a second time, and none in doubt twice."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from errors.google import GoogleError, OutcomeUnknown, TooMany, TryLater
from errors.work import Stopping
from workspace.batch import Batch
from workspace.caller import Caller
from workspace.calls import Calls, Sort
from workspace.quota import Bucket, Quota
from workspace.refusals import AlreadyThere

if TYPE_CHECKING:
    from workspace.clients import GoogleClients

PAUSE = 1.0
"""Seconds before the parts of a batch that Google was too busy for are sent again."""
LONGEST_PAUSE = 10.0
"""Where Google asks for a longer one, the caller is told instead."""


class Batches:
    """Sends Drive requests many at a time, for one caller."""

    def __init__(
        self, clients: "GoogleClients", calls: Calls, caller: Caller, quota: Quota
    ) -> None:
        self._clients = clients
        self._calls = calls
        self._caller = caller
        self._quota = quota

    def send(
        self, requests: Sequence[Any], sort: Sort, bucket: Bucket, *, seconds: float
    ) -> list[Any]:
        """Send up to 100 requests as one; those that Google was too busy for a second time.

        Return each one's answer or GoogleError, within twice ``seconds`` and a pause. Raises what
        ``Calls.send`` raises of the whole.
        """
        answers = self._once(requests, sort, bucket, seconds)
        busy = [at for at, answer in enumerate(answers) if isinstance(answer, TryLater)]
        if busy:
            asked = [
                answers[at].retry_after or 0 for at in busy if isinstance(answers[at], TooMany)
            ]
            pause = PAUSE + max(asked, default=0)
            if pause > LONGEST_PAUSE or self._caller.stop.wait(pause):
                return answers
            again = self._again([requests[at] for at in busy], sort, bucket, seconds)
            for at, answer in zip(busy, again, strict=True):
                in_doubt = isinstance(answers[at], OutcomeUnknown)
                answers[at] = _in_doubt(answer) if in_doubt else answer
        return answers

    def _again(self, busy: Sequence[Any], sort: Sort, bucket: Bucket, seconds: float) -> list[Any]:
        """Send the busy ones again; what stops them must not take the others' answers along."""
        try:
            return self._once(busy, sort, bucket, seconds)
        except GoogleError as error:
            return [error] * len(busy)
        except Stopping:
            return [TryLater(reason="stopping")] * len(busy)

    def _once(
        self, requests: Sequence[Any], sort: Sort, bucket: Bucket, seconds: float
    ) -> list[Any]:
        self._quota.take(
            bucket, len(requests), stop=self._caller.stop, on_wait=self._caller.on_wait
        )
        batch = Batch(self._clients.drive, requests)
        answers = [
            self._calls.understand(each, sort) if isinstance(each, Exception) else each
            for each in self._calls.send(batch, sort, seconds=seconds)
        ]
        if batch.sent > 1 and sort is not Sort.READ:
            return [_in_doubt(each) for each in answers]
        return answers


def _in_doubt(answer: Any) -> Any:
    """Return what an answer says where an earlier attempt was not answered.

    A refusal now says nothing about that attempt; that it is there already says enough.
    """
    if isinstance(answer, GoogleError) and not isinstance(answer, AlreadyThere):
        return OutcomeUnknown(reason=answer.values.get("reason"))
    return answer
