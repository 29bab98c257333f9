"""The wire to Google: httplib2 with four of its habits changed.

It sends a request once. httplib2 sends it again by itself when the connection breaks before the
answer, a POST too, and the caller never hears of it; here ``calls`` hears of it and knows whether
the request may be sent twice. It sends nothing after a request's deadline, which a process that
was stopped and woken would. It shares one TLS context: httplib2 reads the certificates again
for every connection, which takes 50 ms of CPU each. And connecting has a time limit of its own,
shorter than the wait for an answer.
"""

import functools
import http.client
import math
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httplib2

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0


class Unreachable(ConnectionError):
    """No connection came about, or too late, so nothing was sent."""


class _Once:
    """What both kinds of connection do differently from httplib2's."""

    timeout: float
    sock: Any
    until = math.inf
    """The moment on the monotonic clock from which on nothing is sent any more."""

    def connect(self) -> None:
        answer = self.timeout
        self.timeout = min(CONNECT_SECONDS, answer)
        try:
            super().connect()  # type: ignore[misc]  # the connection this is mixed into
        except OSError as error:
            raise Unreachable(str(error)) from error
        finally:
            self.timeout = answer
        self.sock.settimeout(answer)

    def send(self, data: Any) -> None:
        """Send a part of a request, unless this process was stopped past the request's deadline.

        By then another worker may have looked whether it arrived, and sent it itself.
        """
        if time.monotonic() > self.until:
            self.close()  # type: ignore[attr-defined]  # a request was begun on it
            raise Unreachable("the deadline passed before the request was sent")
        super().send(data)  # type: ignore[misc]

    def getresponse(self) -> Any:
        try:
            return super().getresponse()  # type: ignore[misc]
        except (http.client.BadStatusLine, http.client.ResponseNotReady) as error:
            # On these two httplib2 would send again; on a broken connection it does not.
            raise ConnectionAbortedError(str(error)) from error


class _Plain(_Once, httplib2.HTTPConnectionWithTimeout):  # type: ignore[misc]  # untyped
    pass


class _Secure(_Once, httplib2.HTTPSConnectionWithTimeout):  # type: ignore[misc]  # untyped
    def __init__(self, host: str, *, timeout: float, proxy_info: Any = None, **_: Any) -> None:
        # Past httplib2's own __init__, which would build the context anew.
        http.client.HTTPSConnection.__init__(self, host, timeout=timeout, context=_tls())
        self.proxy_info = proxy_info("https") if callable(proxy_info) else proxy_info
        self.disable_ssl_certificate_validation = False


@functools.cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=httplib2.CA_CERTS)


class Transport(httplib2.Http):  # type: ignore[misc]  # untyped
    """A keep-alive connection to each host. Serves one thread at a time."""

    def __init__(self, *, proxies: bool = True) -> None:
        super().__init__(timeout=ANSWER_SECONDS)
        self._until = math.inf
        if not proxies:
            self.proxy_info = None
        # 308 is "go on" in a resumable upload, not a redirect (as googleapiclient.build_http).
        self.redirect_codes = httplib2.REDIRECT_CODES - {308}

    def request(self, uri: str, *args: Any, **kwargs: Any) -> Any:
        kwargs["connection_type"] = _Secure if uri.startswith("https:") else _Plain
        return super().request(uri, *args, **kwargs)

    @contextmanager
    def ending(self, until: float) -> Iterator[None]:
        """Send nothing after this moment on the monotonic clock."""
        self._until = until
        try:
            yield
        finally:
            self._until = math.inf

    def _conn_request(self, conn: _Once, *request: Any) -> Any:
        conn.until = self._until
        return super()._conn_request(conn, *request)

    def limit(self, seconds: float) -> None:
        """Wait no longer than this for any part of an answer from now on."""
        self.timeout = seconds
        for connection in self.connections.values():
            connection.timeout = seconds
            if connection.sock is not None:
                connection.sock.settimeout(seconds)
