"""The worker process: one RQ worker that answers the bell, with everything loaded beforehand."""

import signal
import threading
from types import FrameType
from typing import Any

import redis
import structlog
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from ledger.bell import QUEUE
from worker.postman import Postman
from worker.pulse import Pulse
from worker.runner import Runner

WORKER_TTL = 30
"""Seconds until RQ takes a silent worker for dead; our own leases decide sooner."""
MAINTENANCE_EVERY = 60
BACK_OFF = 1.0
"""Seconds before the worker listens again after Redis has thrown it out."""

log = structlog.get_logger()


class Office:
    """What answering the bell needs: RQ calls a function without arguments."""

    open: "Office | None" = None

    def __init__(
        self, runner: Runner, postman: Postman, stop: threading.Event, pulse: Pulse
    ) -> None:
        self.runner = runner
        self.postman = postman
        self.pulse = pulse
        self.stop = stop
        """Set by every signal: stop at the next effect boundary and give the lease back."""

    def work(self, connection: redis.Redis) -> None:
        """Answer the bell until a signal comes."""
        Office.open = self
        post = threading.Thread(target=self.postman.run, name="postman")
        post.start()
        try:
            with self.pulse.watched():
                self._listen(connection)
        finally:
            self.stop.set()
            self.postman.wake()
            post.join()

    def _listen(self, connection: redis.Redis) -> None:
        while not self.stop.is_set():
            try:
                _Worker(self, connection).work(logging_level="WARNING")
            except redis.RedisError as error:
                log.warning("office.queue_away", error=type(error).__name__)
            except StopRequested:  # a signal just before RQ began to listen, or after
                break
            self.stop.wait(BACK_OFF)


def answer_the_bell() -> None:
    """Work until no job wants a worker. The ring says nothing of which: the ledger knows.

    What breaks is logged here: RQ would write its words into its own log and into Redis. Who rings
    again is the clock.
    """
    office = Office.open
    assert office is not None, "only a worker process answers the bell"
    try:
        while office.runner.run_one(office.stop) and not office.stop.is_set():
            pass
    except Exception:
        log.exception("office.stumbled")


class _Worker(SimpleWorker):
    """RQ's worker that does not fork, with our meaning of signals."""

    def __init__(self, office: Office, connection: redis.Redis) -> None:
        super().__init__(
            [QUEUE],
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=WORKER_TTL,
            maintenance_interval=MAINTENANCE_EVERY,
            log_job_description=False,
        )
        self._office = office

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop at the next boundary, however often the signal comes.

        RQ's own second signal would end the process in the midst of an effect.
        """
        self._office.stop.set()
        self._stop_requested = True
        if self.get_state() != WorkerStatus.BUSY:
            raise StopRequested

    def execute_job(self, job: Any, queue: Any) -> None:
        """Perform the job while another thread keeps the worker's keys alive."""
        over = threading.Event()
        keeper = threading.Thread(target=self._keep_alive, args=(over,), daemon=True)
        keeper.start()
        try:
            super().execute_job(job, queue)
        finally:
            over.set()
            keeper.join()

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        """Tell Redis, and whoever looks from outside, that this worker does its work."""
        super().heartbeat(*args, **kwargs)
        self._office.pulse.beat()

    def _keep_alive(self, over: threading.Event) -> None:
        while not over.wait(WORKER_TTL / 3):
            try:
                self.heartbeat()
            except redis.RedisError as error:
                log.warning("office.queue_away", error=type(error).__name__)

    def _install_signal_handlers(self) -> None:
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self.request_stop)
