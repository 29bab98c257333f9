"""Delivers the messages that are owed, each once, whoever wrote them down.

Every worker has one of these in a thread, and so has the clock, for when all workers are dead.
"""

import random
import threading
import time
from collections.abc import Callable

import structlog

from cards.job_card import card_message, result_message
from errors import KakariError
from errors.google import KeyRefused, MessageGone
from errors.work import LeaseLost
from ledger import jobs, owed
from ledger.database import Ledger, new_id
from ledger.owed import Held
from tasks import preview
from workspace.caller import Caller
from workspace.chat import Chat

LOOK_EVERY = 1.0
"""Seconds between looks at what others left; what this process writes is told by ``wake``."""
LONGEST_PAUSE = 60.0
"""Seconds between attempts to deliver a message, at the most."""

log = structlog.get_logger()


class Postman:
    """Delivers owed messages, results before cards, each in its space's turn."""

    def __init__(
        self,
        ledger: Ledger,
        chat: Callable[[Caller], Chat],
        url: str,
        holder: str,
        stop: threading.Event,
    ) -> None:
        self.ledger = ledger
        self.chat = chat(Caller(stop=stop, before_send=self._still_held))
        self.url = url
        self.holder = holder
        self.stop = stop
        self._wake = threading.Event()
        self._held_until = 0.0

    def wake(self) -> None:
        """Say that a message may have become due."""
        self._wake.set()

    def run(self) -> None:
        """Deliver until told to stop; the message in hand is delivered first."""
        while not self.stop.is_set():
            self._wake.clear()
            try:
                while self.deliver() and not self.stop.is_set():
                    pass
            except Exception:
                # The ledger was away, say. The messages are still owed, so the next round has them.
                log.exception("postman.stumbled")
            self._wake.wait(LOOK_EVERY)

    def deliver(self) -> bool:
        """Deliver one message that is due; False if there is none."""
        began = time.monotonic()
        with self.ledger.write() as tx:
            held = owed.take_due(tx, self.holder)
        if held is None:
            return False
        self._held_until = began + owed.HOLD.total_seconds()
        try:
            self.chat.turn(held.space)
            held, name = self._send(held)
        except Exception as error:  # noqa: BLE001 - whatever it is, the message stays owed
            self._not_delivered(held, error)
            return True
        with self.ledger.write() as tx:
            owed.delivered(tx, held, name)
        log.info("message.delivered", job=held.job, role=held.role, edit=held.name is not None)
        return True

    def _send(self, held: Held) -> tuple[Held, str]:
        """Send what is true now; return what was wanted of it by then, and its name."""
        # What is wanted is read before the job is: a change in between makes it owed again.
        with self.ledger.read() as tx:
            held = owed.as_wanted(tx, held)
            view = preview.view(tx, jobs.find(tx, held.job))
        message = card_message(view, self.url) if held.role == owed.CARD else result_message(view)
        if held.name is not None:
            self.chat.patch(held.name, message)
            return held, held.name
        posted = self.chat.create(
            held.space,
            message,
            message_id=held.message_id,
            # Google answers a request id it knows with the message as it was then, so only the
            # immediate retry inside this call may share one.
            request_id=new_id(),
            thread_name=held.thread,
            thread_key=None if held.thread else held.job,
        )
        if posted.adopted:  # an earlier attempt got through, perhaps with an older card
            self.chat.turn(held.space)
            self.chat.patch(posted.name, message)
        return held, posted.name

    def _still_held(self, seconds: float) -> None:
        """Let no call begin that may outlast our hold: a process that slept sends nothing old."""
        if time.monotonic() + seconds > self._held_until:
            raise LeaseLost

    def _not_delivered(self, held: Held, error: Exception) -> None:
        kind = type(error).__name__
        with self.ledger.write() as tx:
            if isinstance(error, MessageGone):
                owed.post_anew(tx, held)
                log.warning("message.gone", job=held.job, role=held.role)
            elif isinstance(error, KakariError) and error.permanent and not _mendable(error):
                owed.give_up(tx, held, error.both())
                log.error("message.undeliverable", job=held.job, error=kind)
            else:
                asked = error.values.get("retry_after") if isinstance(error, KakariError) else None
                pause = min(LONGEST_PAUSE, 2.0**held.tries) * random.uniform(0.5, 1)
                owed.put_off(tx, held, max(pause, asked or 0))
                log.warning("message.put_off", job=held.job, seconds=round(pause, 1), error=kind)


def _mendable(error: KakariError) -> bool:
    """Say whether the deployer can mend it, and the message be delivered then."""
    return isinstance(error, KeyRefused)
