"""``kakari worker`` that says when it answers the bell, and whose engine has the threads told."""

import os

import structlog

import worker.engine
import worker.office
from kakari.cli import main

ANSWERED = "bench.bell_answered"

_answer = worker.office.answer_the_bell


def _stamped() -> None:
    structlog.get_logger().info(ANSWERED)
    _answer()


if __name__ == "__main__":
    worker.office.answer_the_bell = _stamped
    worker.engine.THREADS = int(os.environ.get("BENCH_THREADS", worker.engine.THREADS))
    main(["worker"])
