"""Who makes the calls: one run of a job, the outbox, the doctor."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from workspace.quota import Bucket


def _nobody_asks(_bucket: Bucket, _seconds: float) -> None:
    return


def nobody_forbids(_seconds: float) -> None:
    """Let every call begin."""


@dataclass(frozen=True)
class Caller:
    """What a caller wants to know of its calls and may say to them. The defaults want nothing."""

    stop: threading.Event = field(default_factory=threading.Event)
    """Ends every wait for quota at once; the call then raises Stopping and sends nothing."""
    on_wait: Callable[[Bucket, float], None] = _nobody_asks
    """Is told that a call waits for this bucket, and how many seconds it will be."""
    longest_wait: float | None = None
    """Seconds that a write waits for its space's turn at the most; then TooMany is raised."""
    before_send: Callable[[float], None] = nobody_forbids
    """Is told, after any wait and just before sending, how many seconds the call may take. What
    it raises (LeaseLost, Stopping) goes to whoever made the call, and nothing is sent."""
