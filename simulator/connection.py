"""HTTP/1.1 with connections that stay open, on werkzeug's threaded server.

Werkzeug closes every connection, since it cannot know whether the body was read. Here the body is
read before the application runs, so the next request begins where the last one ended.
"""

import io
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import IO, Any, cast

from werkzeug.serving import DechunkedInput, ThreadedWSGIServer, WSGIRequestHandler

from simulator.clock import Clock

BACKLOG = 128
Headers = list[tuple[str, str]]


class KeepAliveHandler(WSGIRequestHandler):
    server: "KeepAliveServer"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one packet

    def run_wsgi(self) -> None:
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        self.environ = environ = self.make_environ()
        environ["wsgi.input"] = io.BytesIO(self._body())
        head: list[tuple[str, Headers]] = []

        def start_response(
            status: str, headers: Headers, _exc_info: Any = None
        ) -> Callable[[bytes], object]:
            head[:] = [(status, headers)]
            return self.wfile.write

        self._has_begun = False
        try:
            chunks = self.server.app(environ, start_response)
            try:
                self._send(*head[0], chunks)
            finally:
                if close := getattr(chunks, "close", None):
                    close()
        except ConnectionError:
            # The client went away, or a fault says it shall see no answer.
            self.close_connection = True
        except Exception:
            self.close_connection = True
            if not self._has_begun:
                self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
            raise

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return DechunkedInput(cast("IO[bytes]", self.rfile)).readall()
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _send(self, status: str, headers: Headers, chunks: Iterable[bytes]) -> None:
        self._has_begun = True
        code, _, phrase = status.partition(" ")
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        has_length = any(name.lower() == "content-length" for name, _ in headers)
        has_body = self.command != "HEAD" and code not in {"204", "304"}
        in_chunks = has_body and not has_length
        if in_chunks:
            self.server.note_stream(self.connection)
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in chunks:
            if not chunk or not has_body:
                continue
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if in_chunks else chunk)
            self.wfile.flush()
        if in_chunks:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(timestamp or self.server.clock.time())

    def log(self, *_args: object) -> None:
        """Silence: the log of calls tells more than an access log."""


class KeepAliveServer(ThreadedWSGIServer):
    """A thread a connection; stopping it ends the connections too."""

    daemon_threads = True
    request_queue_size = BACKLOG

    def __init__(
        self, listener: socket.socket, app: Callable[..., Iterable[bytes]], clock: Clock
    ) -> None:
        host, port = listener.getsockname()[:2]
        self.clock = clock
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._streaming: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(host, port, app, KeepAliveHandler, fd=listener.fileno())

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="simulator-connection",
            daemon=True,
        )
        with self._lock:
            self._connections[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.pop(request, None)
            self._streaming.discard(request)
        super().shutdown_request(request)

    def note_stream(self, connection: socket.socket) -> None:
        """Remember that the answer on this connection has no end of its own."""
        with self._lock:
            self._streaming.add(connection)

    def end_connections(self, patience: float = 5.0) -> None:
        """Let requests finish and close their connections; streams never finish, cut them."""
        with self._lock:
            streaming = set(self._streaming)
            open_now = list(self._connections.items())
        for connection, _ in open_now:
            with suppress(OSError):  # it may have ended by itself meanwhile
                connection.shutdown(socket.SHUT_RDWR if connection in streaming else socket.SHUT_RD)
        for connection, thread in open_now:
            if connection not in streaming:
                thread.join(patience)
