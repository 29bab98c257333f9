"""Keeps a job's lease while it is worked on, and tells its card how far it is."""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from cards.sentences import Sentence
from errors.work import LeaseLost
from ledger import owed, work
from ledger.database import Ledger
from ledger.leases import Lease, fence, say_waiting
from ledger.models import EffectState
from worker.postman import Postman
from workspace.caller import Caller
from workspace.quota import Bucket

TICK = 1.0
RENEWALS = 3
"""How often a lease is renewed while it lasts."""
PROGRESS_EVERY = 2.0
"""Seconds between edits of a card that only show progress."""
LONG_WAIT = 2.0
"""Seconds of waiting for a quota from which on a card says so."""
STUCK = 900.0
"""Seconds without any outcome after which this process ends itself: nothing else can free a
thread that hangs, and the lease, no longer renewed, gives the job to another worker."""
STUCK_EXIT = 70

QUOTA = Sentence(
    "Waiting for Google’s write limit", "Google の利用制限が解除されるのを待っています"
)

log = structlog.get_logger()


class Hold:
    """One worker's hold on one job."""

    def __init__(
        self, ledger: Ledger, lease: Lease, postman: Postman, stop: threading.Event
    ) -> None:
        self.ledger = ledger
        self.lease = lease
        self.postman = postman
        self.caller = Caller(stop=stop, on_wait=self._waits, before_send=self._outlasts)
        self._over = threading.Event()
        self._moved = time.monotonic()
        """When the job last got further, or was known to wait for something."""
        self._renewing = threading.Lock()
        self._every = lease.seconds / RENEWALS
        self._until = 0.0
        """How long the lease lasts for certain, on the monotonic clock."""
        self._waits_until = 0.0

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew the lease while the work goes on."""
        keeper = threading.Thread(target=self._keep, name="hold", daemon=True)
        keeper.start()
        # Does nothing but look at the time: what hangs the others cannot hang it.
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        try:
            yield
        finally:
            self._over.set()
            keeper.join()

    def _watch(self) -> None:
        while not self._over.wait(TICK):
            if time.monotonic() - self._moved > STUCK:
                log.critical("hold.stuck", job=self.lease.job, seconds=STUCK)
                os._exit(STUCK_EXIT)

    def _keep(self) -> None:
        renewed = told = time.monotonic()
        shown = Counter[EffectState]()
        said_waiting = False
        while not self._over.wait(min(TICK, self._every)):
            moment = time.monotonic()
            try:
                if moment - renewed >= self._every:
                    self._renew(self.lease.seconds)
                    renewed = moment
                waiting = self._waits_until > moment + LONG_WAIT / 2
                with self.ledger.read() as tx:
                    done = work.counts(tx, self.lease.job)
                if done != shown or waiting:
                    self._moved = moment
                changed = done != shown or waiting != said_waiting
                if changed and moment - told >= PROGRESS_EVERY:
                    self._tell(waiting=waiting)
                    shown, said_waiting, told = done, waiting, moment
            except LeaseLost:
                return  # the work finds out by itself, at its next write
            except Exception:
                log.exception("hold.stumbled", job=self.lease.job)

    def _tell(self, *, waiting: bool) -> None:
        with self.ledger.write() as tx:
            what = {"en": QUOTA.en, "ja": QUOTA.ja} if waiting else None
            say_waiting(tx, self.lease, what)
            owed.owe_edit(tx, self.lease.job)
        self.postman.wake()

    def _renew(self, seconds: float) -> None:
        began = time.monotonic()
        with self.ledger.write() as tx:
            fence(tx, self.lease, seconds)
        self._until = max(self._until, began + seconds)

    def _waits(self, _bucket: Bucket, seconds: float) -> None:
        if seconds > LONG_WAIT:
            self._waits_until = time.monotonic() + seconds

    def _outlasts(self, seconds: float) -> None:
        """Make sure the lease outlasts a call that is about to start; raises LeaseLost."""
        with self._renewing:  # many calls start at once, and one renewal serves them all
            if self._until - time.monotonic() < seconds:
                self._renew(seconds + self._every)
