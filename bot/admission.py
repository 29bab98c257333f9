"""What stands before the Flask app: a thread there is for requests that are whole and Google's.

A thread that waits for a stranger's next byte is missed by everybody else. So signatures and bodies
are waited for in tasks of one event loop, the cheapest refusal first, and each wait has an end.
Heads and connections are bounded by the server (kakari/web_server.py).
"""

import asyncio
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from urllib.parse import unquote

from flask import Flask
from granian.rsgi import HTTPProtocol, ProtocolClosed, ProtocolError, Scope

from bot.app import BELIEVED, BODY_CAP, HEALTH
from bot.keys import KeysUnavailable
from bot.refusals import REFUSED, UNAVAILABLE
from bot.signature import Signature, SignatureRefused

THREADS: Final = 4
"""Few threads beat many here (docs/benchmarks.md); more than one, so that a request that waits for
the ledger or for Redis does not hold up the others."""

JSON: Final = ("Content-Type", "application/json")


@dataclass(frozen=True)
class Limits:
    """What one process holds and waits for at most, whoever sends it."""

    body_seconds: float = 5.0
    """How long a whole body may take."""
    large: int = 65_536
    """Bytes from which a body is refused while all those held are at ``held``."""
    held: int = 64 * BODY_CAP
    waiting: int = 100
    """Requests that wait for a thread or have one; Chat delivers any others once more."""
    answer_seconds: float = 25.0
    """How long an answer may take: Chat gives up after 30."""


class Refused(Exception):
    """A request that the app does not get to see."""

    def __init__(self, status: int, reason: str | None = None) -> None:
        self.status = status
        self.reason = reason
        """For the log; None where nobody would want to know."""
        super().__init__()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Admission:
    """The app as an RSGI server calls it. One event loop, the only user of what is counted."""

    def __init__(
        self,
        app: Flask,
        signature: Signature,
        path: str,
        threads: int = THREADS,
        limits: Limits | None = None,
    ) -> None:
        self._app = app
        self._signature = signature
        self._route = path
        self._path = unquote(path)
        self._limits = limits or Limits()
        self._threads = ThreadPoolExecutor(threads, "desk")
        self._held = 0
        self._waiting = 0
        self._health: asyncio.Future[Answer] | None = None

    async def __call__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        try:
            answer = await self._answer(scope, protocol)
        except Refused as refused:
            if refused.reason:
                REFUSED.note(refused.reason)
            # Whatever else comes on this connection is not worth a look.
            answer = Answer(refused.status, [JSON, ("Connection", "close")], b"{}")
        protocol.response_bytes(answer.status, answer.headers, answer.body)

    async def _answer(self, scope: Scope, protocol: HTTPProtocol) -> Answer:
        if scope.path == HEALTH and scope.method in {"GET", "HEAD"}:
            return await self._healthy()
        if scope.path != self._path:
            raise Refused(404)
        if scope.method != "POST":
            raise Refused(405)
        length = scope.headers.get("content-length")
        if length is not None and int(length) >= BODY_CAP:
            raise Refused(413, "too_large")
        await self._believe(scope.headers.get("authorization"))
        body = bytearray()
        try:
            await self._read(protocol, body, None if length is None else int(length))
            if self._waiting >= self._limits.waiting:
                raise Refused(503, "busy")
            self._waiting += 1
            try:
                return await self._ask(_environ("POST", self._route, body))
            finally:
                self._waiting -= 1
        finally:
            self._held -= len(body)

    async def _believe(self, authorization: str | None) -> None:
        try:
            await self._signature.check_soon(authorization)
        except SignatureRefused as error:
            raise Refused(401, error.reason) from None
        except KeysUnavailable:
            UNAVAILABLE.note("keys")
            raise Refused(503) from None

    async def _read(self, protocol: HTTPProtocol, body: bytearray, length: int | None) -> None:
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                async for part in protocol:
                    body += part
                    self._held += len(part)
                    if len(body) >= BODY_CAP:
                        raise Refused(413, "too_large")
                    if len(body) > self._limits.large and self._held > self._limits.held:
                        raise Refused(503, "busy")
                    if len(body) == length:
                        break  # the end needs not be waited for
        except TimeoutError:
            raise Refused(408, "too_slow") from None
        except (ProtocolClosed, ProtocolError):
            raise Refused(400, "cut_short") from None
        if length is not None and len(body) < length:  # the sender has gone
            raise Refused(400, "cut_short")

    async def _healthy(self) -> Answer:
        """Answer whoever asks meanwhile by one look, so that nobody can take all threads."""
        if self._health is None or self._health.done():
            self._health = asyncio.ensure_future(self._ask(_environ("GET", HEALTH)))
        answer = await asyncio.shield(self._health)
        return Answer(answer.status, [*answer.headers, ("Connection", "close")], answer.body)

    async def _ask(self, environ: dict[str, Any]) -> Answer:
        loop = asyncio.get_running_loop()
        call = copy_context().run
        try:
            async with asyncio.timeout(self._limits.answer_seconds):
                return await loop.run_in_executor(self._threads, call, self._call, environ)
        except TimeoutError:
            raise Refused(504, "unanswered") from None

    def _call(self, environ: dict[str, Any]) -> Answer:
        head: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
            head[:] = int(status[:3]), headers

        parts: Iterable[bytes] = self._app.wsgi_app(environ, start_response)
        try:
            return Answer(head[0], head[1], b"".join(parts))
        finally:
            if close := getattr(parts, "close", None):
                close()


def _environ(method: str, route: str, body: bytes | bytearray = b"") -> dict[str, Any]:
    """Return what the app needs to know: the rest of the head has served its purpose."""
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": route,
        "QUERY_STRING": "",
        "SERVER_NAME": "kakari",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        BELIEVED: True,
    }
