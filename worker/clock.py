"""The clock: does what is due when nobody else does. One at a time; a second one waits."""

import threading
import time
from dataclasses import dataclass
from datetime import timedelta

import redis
import structlog
from sqlalchemy import func, select

from ledger import blobs, events, jobs, leases, posts
from ledger.bell import ENOUGH, Bell
from ledger.database import Ledger, now
from ledger.models import Job
from worker.postman import Postman
from worker.pulse import Pulse
from worker.schedule_watch import ScheduleWatch

POST = "clock"
OVERDUE = timedelta(seconds=2)
"""How long a job may want a worker before its bell counts as lost."""
SWEEP_EVERY = 3600.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Patience:
    """How long a plan waits for a decision until the space is reminded, and until it expires."""

    reminds: timedelta
    expires: timedelta


class Clock:
    """Rings lost bells again, delivers what is owed, and sweeps what is no longer needed."""

    def __init__(
        self,
        ledger: Ledger,
        bell: Bell,
        postman: Postman,
        owner: str,
        patience: Patience,
        takeover: float,
        pulse: Pulse | None = None,
        watch: ScheduleWatch | None = None,
    ) -> None:
        """Make a clock; within ``takeover`` seconds another one or another worker has gone on.

        A plan waits for a decision as long as ``patience`` says.
        """
        self.ledger = ledger
        self.bell = bell
        self.postman = postman
        self.owner = owner
        self.patience = patience
        self.pulse = pulse or Pulse(None)
        self.watch = watch
        self.tick = takeover / 15
        self.hold = takeover * 2 / 3

    def run(self, stop: threading.Event) -> None:
        """Tick until told to stop."""
        beside = [threading.Thread(target=self.postman.run, name="postman")]
        if self.watch is not None:  # it calls Google, which may take its time
            beside.append(threading.Thread(target=self.watch.run, args=(stop,), name="schedule"))
        for each in beside:
            each.start()
        try:
            with self.pulse.watched():
                self._tick_until(stop)
        finally:
            stop.set()
            self.postman.wake()
            for each in beside:
                each.join()
            with self.ledger.write() as tx:
                posts.leave(tx, POST, self.owner)

    def _tick_until(self, stop: threading.Event) -> None:
        swept = -SWEEP_EVERY
        while not stop.wait(self.tick):
            try:
                if self._on_duty():
                    self.expire()
                    self.ring_again()
                    if time.monotonic() - swept > SWEEP_EVERY:
                        self.sweep()
                        swept = time.monotonic()
                self.pulse.beat()
            except Exception:
                log.exception("clock.stumbled")

    def _on_duty(self) -> bool:
        with self.ledger.write() as tx:
            return posts.hold(tx, POST, self.owner, self.hold)

    def ring_again(self) -> int:
        """Ring for jobs that have wanted a worker for a while and more rings than are waiting."""
        overdue = now() - OVERDUE
        with self.ledger.read() as tx:
            lost = tx.scalar(select(func.count()).where(leases.claimable(), Job.since < overdue))
        if not lost:
            return 0
        try:
            missing = min(lost, ENOUGH) - self.bell.waiting()
        except redis.RedisError as error:
            log.warning("clock.queue_away", jobs=lost, error=type(error).__name__)
            return 0
        for _ in range(missing):
            if self.bell.ring():
                log.info("clock.rang_again", jobs=lost)
        return max(missing, 0)

    def expire(self) -> None:
        """End the plans that nobody decided on in time, and remind of those that wait long."""
        moment = now()
        with self.ledger.write() as tx:
            reminded = jobs.remind(tx, moment - self.patience.reminds)
            expired = jobs.expire(tx, moment - self.patience.expires)
        if reminded or expired:
            log.info("clock.nobody_decided", reminded=reminded, expired=expired)
            self.postman.wake()

    def sweep(self) -> None:
        """Remove the blobs of ended jobs and the events of last month."""
        with self.ledger.write() as tx:
            blobs.sweep(tx)
            events.forget_old(tx)
