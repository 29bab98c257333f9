"""Delivers the messages that are owed, each once, whoever wrote them down.

Every worker has one of these in a thread, and so has the clock, for when all workers are dead.
"""

import random
import threading

import structlog

from cards.job_card import card_message, result_message
from errors import KakariError
from errors.google import TooMany
from ledger import jobs, owed
from ledger.database import Ledger
from ledger.owed import Held
from tasks import preview
from workspace.chat import Chat

LOOK_EVERY = 1.0
"""Seconds between looks at what others left; what this process writes is told by ``wake``."""
WAIT_FOR_SPACE = 0.2
"""Seconds until a message whose space takes no write just now is looked at again."""
LONGEST_PAUSE = 60.0

log = structlog.get_logger()


class Postman:
    """Delivers owed messages, oldest first, results before cards."""

    def __init__(self, ledger: Ledger, chat: Chat, url: str, holder: str) -> None:
        self.ledger = ledger
        self.chat = chat
        self.url = url
        self.holder = holder
        self._wake = threading.Event()

    def wake(self) -> None:
        """Say that a message may have become due."""
        self._wake.set()

    def run(self, stop: threading.Event) -> None:
        """Deliver until told to stop; the message in hand is delivered first."""
        while not stop.is_set():
            self._wake.clear()
            try:
                while self.deliver() and not stop.is_set():
                    pass
            except Exception:
                # The ledger was away, say. The messages are still owed, so the next round has them.
                log.exception("postman.stumbled")
            self._wake.wait(LOOK_EVERY)

    def deliver(self) -> bool:
        """Deliver one message that is due; False if there is none."""
        with self.ledger.write() as tx:
            held = owed.take_due(tx, self.holder)
        if held is None:
            return False
        try:
            name = self._send(held)
        except KakariError as error:
            self._not_delivered(held, error)
            return True
        with self.ledger.write() as tx:
            owed.delivered(tx, held, name)
        log.info("message.delivered", job=held.job, role=held.role, edit=held.name is not None)
        return True

    def _send(self, held: Held) -> str:
        # What was wanted was read when the message was taken, so a change after that makes it
        # owed again: rendering later can only show something newer.
        with self.ledger.read() as tx:
            view = preview.view(tx, jobs.find(tx, held.job))
        message = card_message(view, self.url) if held.role == owed.CARD else result_message(view)
        if held.name is not None:
            self.chat.patch(held.name, message)
            return held.name
        posted = self.chat.create(
            held.space,
            message,
            message_id=held.message_id,
            request_id=held.message_id,
            thread_name=held.thread,
            thread_key=None if held.thread else held.job,
        )
        if posted.adopted:  # an earlier attempt got through, perhaps with an older card
            self.chat.patch(posted.name, message)
        return posted.name

    def _not_delivered(self, held: Held, error: KakariError) -> None:
        with self.ledger.write() as tx:
            if error.permanent:
                owed.give_up(tx, held, error.both())
                log.error("message.undeliverable", job=held.job, error=type(error).__name__)
            elif isinstance(error, TooMany):
                owed.put_off(tx, held, WAIT_FOR_SPACE)
            else:
                pause = min(LONGEST_PAUSE, 2.0**held.tries) * random.uniform(0.5, 1)
                owed.put_off(tx, held, pause)
                log.warning("message.put_off", job=held.job, seconds=round(pause, 1))
