"""A web server for the comparison: granian with either app in it, ours as ``kakari bot`` starts it.

Bolt is a WSGI app and is served as one: behind the event loop of ours it answers fewer a second.
"""

import os
import sys
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces

from kakari import bootstrap, web_server

if TYPE_CHECKING:
    from bot.admission import Admission

HOST = "127.0.0.1"
THREADS = "BENCH_THREADS"


def kakari() -> "Admission":
    return bootstrap.bot_app(threads=int(os.environ[THREADS]))


def main(app: str, port: int, threads: int) -> None:
    if app == "kakari":
        os.environ[THREADS] = str(threads)
        web_server.server("tests.bench.serve:kakari", HOST, port).serve()
        return
    Granian(
        "tests.bench.bolt:app",
        factory=True,
        interface=Interfaces.WSGI,
        address=HOST,
        port=port,
        workers=1,
        blocking_threads=threads,
        log_enabled=False,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
