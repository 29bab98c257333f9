"""What may become of a write of Kakari's on its way to the sheet."""

from collections.abc import Callable
from typing import Any

from errors.google import OutcomeUnknown

Send = Callable[[], Any]
"""Sends the write as if nothing had happened."""
Fate = Callable[[Send], Any]


class Killed(BaseException):
    """The worker is dead: nothing in it goes on."""


def meanwhile(people: Callable[[], Any], then: BaseException | None = None) -> Fate:
    """Return the fate that people do something between Kakari's last read and the write.

    ``then`` keeps the answer from being read.
    """

    def fate(send: Send) -> Any:
        people()
        answer = send()
        if then:
            raise then
        return answer

    return fate


def delayed(late: list[Send], people: Callable[[], Any] = lambda: None) -> Fate:
    """Return the fate that the write arrives only when it is called, which ``late`` lets."""

    def fate(send: Send) -> Any:
        people()
        late.append(send)
        raise OutcomeUnknown(reason="it is on its way still")

    return fate


def killed(*, sent: bool) -> Fate:
    """Return the fate that the worker dies, before the write is sent or after."""

    def fate(send: Send) -> Any:
        if sent:
            send()
        raise Killed

    return fate
