"""A web server for the comparison: granian as ``kakari bot`` starts it, with either app in it."""

import sys

from granian import Granian
from granian.constants import Interfaces

APPS = {"kakari": "kakari.bootstrap:bot_app", "bolt": "tests.bench.bolt:app"}


def main(app: str, port: int, threads: int) -> None:
    Granian(
        APPS[app],
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=port,
        workers=1,
        blocking_threads=threads,
        log_enabled=False,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
