"""The bot's pulse: it asks itself, by the way that all its answers go."""

import threading
import time
from http.client import HTTPException

from kakari import health
from worker import pulse
from worker.pulse import Pulse

UNTIL_IT_ANSWERS = 1.0
"""Seconds between two looks while it starts."""


def start(beating: Pulse, port: int) -> None:
    """Let the bot on this port have a pulse, and end this process once it answers nobody."""
    asking = threading.Thread(target=_ask, args=(beating, port), name="asks-itself", daemon=True)
    asking.start()


def _ask(beating: Pulse, port: int) -> None:
    pause = UNTIL_IT_ANSWERS
    with beating.watched():
        while beating.file is not None:
            time.sleep(pause)
            try:
                status = health.answer(port)
            except (OSError, HTTPException):
                continue
            if status == health.OK:
                beating.beat()
            elif status == health.AWAY:
                beating.come_round()
            pause = pulse.EVERY
