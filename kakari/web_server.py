"""The web server of the front desk, with a bound for everything that comes before a whole head."""

import resource
from typing import Any, Final

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.common import AbstractServer

HEAD_SECONDS: Final = 10
"""How long a head may take, and so how long a connection may be silent, a fresh or a used one."""
HEAD_BYTES: Final = 16_384
"""A head's size. Google's have about 2,000 bytes; there may be 100 headers (hyper's bound)."""
CONNECTIONS: Final = 4_096
STOP_SECONDS: Final = 20
"""How long what is under way may take to end, less than Docker waits (compose.yml)."""
FILES: Final = 512
"""Open files besides: the ledger's, Redis's, the libraries'."""


def server(target: str, host: str, port: int) -> AbstractServer[Any]:
    """Make the server for a factory of an RSGI app, ``module:name``."""
    return Granian(
        target,
        factory=True,
        interface=Interfaces.RSGI,
        address=host,
        port=port,
        workers=1,
        # HTTP/2 is not spoken here by anybody; and where the server has to find out first what is
        # spoken, it waits for a silent client without an end.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEAD_SECONDS * 1000, max_buffer_size=HEAD_BYTES
        ),
        backpressure=_connections(),
        workers_kill_timeout=STOP_SECONDS,
        log_enabled=False,
        websockets=False,
    )


def _connections() -> int:
    """Raise the soft limit of open files, often 1,024, and return how many connections it allows.

    Without a file to open for the next connection the server would serve nobody.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(allowed - FILES, allowed // 2)
