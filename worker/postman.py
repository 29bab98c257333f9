"""Delivers the messages that are owed, each once, whoever wrote them down.

Every worker has one of these in a thread, and so has the clock, for when all workers are dead.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta, tzinfo
from typing import Any, TypeGuard

import structlog
from babel.dates import format_skeleton
from sqlalchemy.orm import Session

from cards.job_card import JobView, card_message
from cards.job_result import reminder_message, result_message
from cards.notice import notice_message
from errors import KakariError
from errors.google import KeyRefused, MessageGone, SpaceRefused, TooMany
from errors.work import LeaseLost
from ledger import jobs, notices, owed
from ledger.database import Ledger, new_id, now
from ledger.models import Job
from ledger.owed import Held
from tasks import preview
from worker.turns import Turns, turns
from workspace.caller import Caller
from workspace.chat import Chat

LOOK_EVERY = 1.0
"""Seconds between looks at what others left; what this process writes is told by ``wake``."""
SHORTEST_REST = 0.1
"""Seconds between two looks that found nothing to do, at the least."""
LONGEST_PAUSE = 60.0
"""Seconds between attempts to deliver a message, at the most, unless Chat asks for more."""
LONGEST_ASKED = 3600.0
"""Seconds for which Chat is left alone because it asks for that, at the most."""
DOUBLINGS = 6
"""How often the pause doubles: the tries of an outage of days would be too large an exponent."""
MARGIN = 1.0
"""Seconds by which a hold outlasts the call it is lengthened for."""

log = structlog.get_logger()


class NotItsTurn(Exception):
    """The space takes no write just now."""

    def __init__(self, held: Held) -> None:
        super().__init__()
        self.held = held


class Postman:
    """Delivers owed messages: those of a space results before cards, and spaces in turns."""

    def __init__(
        self,
        ledger: Ledger,
        chat: Callable[[Caller], Chat],
        url: str,
        holder: str,
        stop: threading.Event,
        *,
        hold_seconds: float,
        admin_space: str | None = None,
        expires: timedelta | None = None,
        zone: tzinfo = UTC,
    ) -> None:
        """Make a postman; what one that died held is another's after ``hold_seconds``.

        ``admin_space`` gets what no other space takes. A reminder says in ``zone``'s time when a
        plan ``expires`` after it was shown.
        """
        self.ledger = ledger
        self.chat = chat(Caller(stop=stop, longest_wait=0, before_send=self._still_held))
        self.url = url
        self.holder = holder
        self.stop = stop
        self.hold_seconds = hold_seconds
        self.admin_space = admin_space
        self.expires = expires
        self.zone = zone
        self._wake = threading.Event()
        self._in_hand: Held | None = None
        self._held_until = 0.0
        """How long that is ours for certain, on the monotonic clock."""

    def wake(self) -> None:
        """Say that a message may have become due."""
        self._wake.set()

    def run(self) -> None:
        """Deliver until told to stop; the message in hand is delivered first."""
        while not self.stop.is_set():
            self._wake.clear()
            rest = LOOK_EVERY
            try:
                while not self.stop.is_set():
                    whose = self._whose_turn()
                    if not self._deliver_one(whose):
                        rest = min(rest, whose.next_in)
                        break
            except Exception:
                # The ledger was away, say. The messages are still owed, so the next round has them.
                log.exception("postman.stumbled")
            self._wake.wait(max(SHORTEST_REST, rest))

    def deliver(self) -> bool:
        """Deliver one message that is due in a space whose turn it is; False if there is none."""
        return self._deliver_one(self._whose_turn())

    def _whose_turn(self) -> Turns:
        """Look which spaces are owed something and take a write, now or before the next look."""
        with self.ledger.read() as tx:
            due = owed.due_spaces(tx, timedelta(seconds=LOOK_EVERY))
        moment = now()
        due_in = {space: (at - moment).total_seconds() for space, at in due.items()}
        return turns(due_in, dict(zip(due, self.chat.turns_in(list(due)), strict=True)))

    def _deliver_one(self, whose: Turns) -> bool:
        return any(map(self._deliver_to, whose.ready))

    def _deliver_to(self, space: str) -> bool:
        """Deliver one message to a space; False if another is at it, or its turn is over."""
        began = time.monotonic()
        with self.ledger.write() as tx:
            held = owed.take_due(tx, self.holder, self.hold_seconds, space)
        if held is None:
            return False
        self._in_hand, self._held_until = held, began + self.hold_seconds
        try:
            self._turn(held)
            held, name = self._send(held)
        except NotItsTurn as missed:
            with self.ledger.write() as tx:
                owed.give_back(tx, missed.held)
            return False
        except Exception as error:  # noqa: BLE001 - whatever it is, the message stays owed
            self._not_delivered(held, error, time.monotonic() - began)
            return True
        with self.ledger.write() as tx:
            owed.delivered(tx, held, name)
        told = "message.delivered" if name else "message.superseded"
        log.info(told, job=held.job, role=held.role, edit=held.name is not None)
        return True

    def _turn(self, held: Held) -> None:
        """Take the space's turn. Raises NotItsTurn: nobody waits with a message in hand."""
        try:
            self.chat.turn(held.space)
        except TooMany as error:
            raise NotItsTurn(held) from error

    def _send(self, held: Held) -> tuple[Held, str | None]:
        """Send what is true now; return what was wanted of it by then, and its name if sent."""
        # What is wanted is read before the job is: a change in between makes it owed again.
        with self.ledger.read() as tx:
            wanted = owed.as_wanted(tx, held)
            message = self._said(tx, held)
        if wanted is None or message is None:
            return held, None
        held = wanted
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
            self._turn(replace(held, name=posted.name))
            self.chat.patch(posted.name, message)
        return held, posted.name

    def _said(self, tx: Session, held: Held) -> dict[str, Any] | None:
        """Return what the message says as it is true now; None if it is of no use any more."""
        if held.job is None:
            return notice_message(notices.said(tx, held))
        job = jobs.find(tx, held.job)
        view = preview.view(tx, job)
        return self._message(held, job, view) if owed.still_true(held, job) else None

    def _message(self, held: Held, job: Job, view: JobView) -> dict[str, Any]:
        match held.role:
            case owed.CARD:
                return card_message(view, self.url)
            case owed.REMINDER:
                return reminder_message(view, self._until(job))
            case _:
                return result_message(view)

    def _until(self, job: Job) -> str | None:
        """Return in words until when the plan that waits can be approved, if it expires."""
        if self.expires is None:
            return None
        locale = "ja" if job.locale.startswith("ja") else "en"
        end = job.since + self.expires
        day, minute = (
            format_skeleton(parts, end, tzinfo=self.zone, locale=locale)
            for parts in ("MMMEd", "Hm")
        )
        return f"{day} {minute}"

    def _still_held(self, seconds: float) -> None:
        """Let nothing begin that may outlast our hold: a process that slept sends nothing old.

        A hold is short, so it is lengthened where need be. Raises LeaseLost if it has run out.
        """
        began = time.monotonic()
        if began + seconds < self._held_until:
            return
        assert self._in_hand is not None, "nothing is sent but the message in hand"
        with self.ledger.write() as tx:
            owed.hold_on(tx, self._in_hand, seconds + MARGIN)
        self._held_until = began + seconds + MARGIN

    def _not_delivered(self, held: Held, error: Exception, took: float) -> None:
        if isinstance(error, LeaseLost):
            # Our hold has run out, so whoever looks next may take it; Chat refused nothing, and
            # what we had sent before may have arrived.
            with self.ledger.write() as tx:
                owed.show_again(tx, held)
            log.info("message.hold_lost", job=held.job, role=held.role)
        elif isinstance(error, MessageGone):
            with self.ledger.write() as tx:
                owed.post_anew(tx, held)
            log.warning("message.gone", job=held.job, role=held.role)
        elif isinstance(error, SpaceRefused):
            self._move(held, error)
        elif _hopeless(error):
            self._give_up(held, error)
        else:
            self._put_off(held, error, took)

    def _move(self, held: Held, refusal: SpaceRefused) -> None:
        """Move the job to where it can be told, or give the message up."""
        try:
            place = self._next_place(held)
        except Exception as error:  # noqa: BLE001 - the space will refuse again, and we ask again
            self._put_off(held, error)
            return
        if place is None:
            self._give_up(held, refusal)
            return
        moved, space = place
        with self.ledger.write() as tx:
            left = owed.move(tx, held, space, moved)
        if left:
            log.warning("job.moved", job=held.job, to=moved)
        else:  # another postman was refused as well, and was first
            self._put_off(held, refusal)

    def _next_place(self, held: Held) -> tuple[str, str] | None:
        """Return which place the job has not been told at yet, with its space."""
        if held.job is None:
            return None
        with self.ledger.read() as tx:
            job = jobs.find(tx, held.job)
        if job.moved is None:
            direct = self._direct_message(job.asker)
            if direct and direct != job.space:
                return owed.DIRECT, direct
        if job.moved != owed.ADMIN and self.admin_space and self.admin_space != job.space:
            return owed.ADMIN, self.admin_space
        return None

    def _direct_message(self, person: str) -> str | None:
        try:
            return self.chat.direct_message(person)
        except KakariError as error:
            if _hopeless(error):
                return None
            raise

    def _give_up(self, held: Held, error: KakariError) -> None:
        with self.ledger.write() as tx:
            ours = owed.give_up(tx, held, error.both())
        if ours:
            kind = type(error).__name__
            log.error("message.undeliverable", job=held.job, space=held.space, error=kind)

    def _put_off(self, held: Held, error: Exception, took: float = 0) -> None:
        """Try again later, and leave the space alone if it asks for that or keeps us waiting.

        A space that hangs is left alone for as long as it has hung, and others have that time.
        """
        asked = error.values.get("retry_after") if isinstance(error, KakariError) else None
        pause = min(LONGEST_PAUSE, 2.0 ** min(held.tries, DOUBLINGS)) * random.uniform(0.5, 1)
        pause = max(pause, min(asked or 0, LONGEST_ASKED))
        with self.ledger.write() as tx:
            owed.put_off(tx, held, pause)
        self.chat.put_off(held.space, pause if isinstance(error, TooMany) else took)
        kind = type(error).__name__
        log.warning("message.put_off", job=held.job, seconds=round(pause, 1), error=kind)


def _hopeless(error: Exception) -> TypeGuard[KakariError]:
    """Say whether trying again is pointless; key and project the deployer mends, however late."""
    return isinstance(error, KakariError) and error.permanent and not isinstance(error, KeyRefused)
