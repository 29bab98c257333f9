"""The bell: an RQ job that tells a worker to look into the ledger. It carries nothing."""

import redis
import structlog
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

QUEUE = "jobs"
ANSWER = "worker.office.answer_the_bell"
"""The function a ring calls; the front desk knows it by name only."""
ENOUGH = 32
"""Rings that may wait: more than there are workers to wake in any office."""
KEPT = 60
"""Seconds a failed ring stays in Redis. It is of no use: the ledger knows what is to be done."""

log = structlog.get_logger()


class Bell:
    """Rings for a worker. Each ring is a fresh job: one with a reused id could not be rung again."""

    def __init__(self, connection: redis.Redis) -> None:
        self.queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)

    def ring(self) -> bool:
        """Ring once; False if the queue is away (the clock rings when it is back).

        A bell that rings often enough already is left alone: whoever answers one of those rings
        later looks into the ledger later, and does all that is there.
        """
        connection = self.queue.connection
        try:
            if self.waiting() >= ENOUGH:
                return True
            with connection.pipeline(transaction=True) as pipeline:
                self.queue.enqueue_job(
                    Job.create(
                        ANSWER,
                        connection=connection,
                        serializer=JSONSerializer,
                        timeout=-1,
                        result_ttl=0,
                        failure_ttl=KEPT,
                        description="bell",
                    ),
                    pipeline=pipeline,
                )
                pipeline.execute()
        except redis.RedisError as error:
            log.warning("bell.unheard", error=type(error).__name__)
            return False
        return True

    def listeners(self) -> int | None:
        """Return how many workers listen; None if the queue is away."""
        try:
            return Worker.count(connection=self.queue.connection, queue=self.queue)
        except redis.RedisError:
            return None

    def waiting(self) -> int:
        """Return how many rings no worker has answered yet. Raises redis.RedisError."""
        return len(self.queue)
