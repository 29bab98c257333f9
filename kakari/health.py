"""``python -m kakari.health``: does the process of this container do its work? Exit code 0 if so.

Docker asks every few seconds in every container, so nothing but the standard library is loaded.
Its processes touch ``KAKARI_PULSE_FILE`` while they work; a bot that has none is asked.
"""

import http.client
import os
import sys
import time
from pathlib import Path

PATIENCE = 60.0
"""Seconds without a pulse: an idle worker beats every 15."""
ANSWER_SECONDS = 4.0
OK, AWAY = 200, 503
"""What the bot answers where all is well, and where the ledger is away."""


def main() -> None:
    """Say what is wrong, if anything is."""
    file = os.environ.get("KAKARI_PULSE_FILE")
    wrong = _pulse(file) if file else _bot(int(os.environ.get("KAKARI_BOT_PORT", "8080")))
    sys.exit(wrong)


def answer(port: int) -> int:
    """Return the status with which the bot on this port answers. Raises OSError, HTTPException."""
    bot = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        bot.request("GET", "/healthz")
        return bot.getresponse().status
    finally:
        bot.close()


def _pulse(file: str) -> str | None:
    try:
        age = time.monotonic() - Path(file).stat().st_mtime
    except FileNotFoundError:
        return "no pulse yet"
    if age < 0:
        return "no pulse since the machine was started"
    return f"no pulse for {age:.0f} s" if age > PATIENCE else None


def _bot(port: int) -> str | None:
    try:
        status = answer(port)
    except (OSError, http.client.HTTPException) as error:
        return f"the bot does not answer: {error}"
    return None if status == OK else f"the bot answers {status}"


if __name__ == "__main__":
    main()
