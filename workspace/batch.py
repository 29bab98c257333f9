"""Several requests of one API in one HTTP request.

Google carries the parts out one by one, in no certain order, and each counts for the quota: a
batch saves round trips and nothing else.
"""

from collections.abc import Sequence
from typing import Any

from googleapiclient.errors import BatchError, HttpError

PARTS = 100
"""How many parts Google takes in one batch (Drive API, Batch requests)."""


class Batch:
    """A request made of requests. Its answer is a list: each part's answer or its HttpError."""

    resumable = None

    def __init__(self, service: Any, parts: Sequence[Any]) -> None:
        self._service = service
        self._parts = parts
        self.methodId = f"{parts[0].methodId} x {len(parts)}"
        self.sent = 0
        """How often it was sent. After the first, a part may have been done before."""

    def execute(self, *, http: Any) -> list[Any]:
        self.sent += 1
        if len(self._parts) == 1:
            return [_alone(self._parts[0], http)]
        answers: dict[str, Any] = {}

        def keep(number: str, answer: Any, error: HttpError | None) -> None:
            answers[number] = answer if error is None else error

        batch = self._service.new_batch_http_request(callback=keep)
        for number, part in enumerate(self._parts):
            batch.add(part, request_id=str(number))
        try:
            batch.execute(http=http)
        except KeyError as error:
            raise BatchError(f"part {error} of the batch was not answered") from error
        return [answers[str(number)] for number in range(len(self._parts))]


def _alone(part: Any, http: Any) -> Any:
    """Send a single part as it is: a batch around it would only cost."""
    try:
        return part.execute(http=http)
    except HttpError as error:
        return error
