"""Strangers and thieves who send little, slowly or nothing keep nobody else from being answered."""

import asyncio
import contextlib
import json
import resource
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from bot.admission import Limits
from kakari.demo.stack import Stack
from kakari.web_server import CONNECTIONS, HEAD_SECONDS
from tests.event_loop import play
from tests.scenario.google import Google
from tests.unit.bot import events

BODY = Limits().body_seconds
LATE = 4.0
"""Seconds within which a busy machine notices what is overdue."""
SOON = 4.5
"""Seconds: less than a body may take, so that nobody waits for a stranger's."""
IDLE = 1100
"""Connections: more than the usual limit of open files."""


@dataclass
class End:
    """How a connection ended."""

    seconds: float
    received: bytes

    @property
    def status(self) -> int | None:
        return int(self.received.split()[1]) if self.received else None


class Door:
    """The running bot's address, for clients that speak as they like."""

    def __init__(self, stack: Stack, google: Google) -> None:
        where = urlsplit(stack.endpoint)
        self.host, self.port, self.path = where.hostname or "", where.port or 0, where.path
        self.token = google.token()

    def head(self, *lines: str, signed: bool = False, verb: str = "POST", path: str = "") -> bytes:
        said = [f"{verb} {path or self.path} HTTP/1.1", "Host: kakari", *lines]
        said += [f"Authorization: Bearer {self.token}"] * signed
        return "\r\n".join([*said, "", ""]).encode()

    async def send(
        self,
        first: bytes,
        trickle: bytes = b"",
        every: float = 5.0,
        patience: float = 25.0,
        *,
        half_closed: bool = False,
    ) -> End:
        """Send the first bytes, then those of the trickle again and again, until cut off."""
        began = time.monotonic()
        async with self.open() as (reader, writer):
            writer.write(first)
            if half_closed:
                writer.write_eof()

            async def go_on() -> None:
                while trickle:
                    await asyncio.sleep(every)
                    writer.write(trickle)
                    await writer.drain()

            going = asyncio.create_task(go_on())
            received = bytearray()
            try:
                async with asyncio.timeout(patience):
                    while part := await reader.read(65_536):
                        received += part
            except ConnectionError:
                pass
            going.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await going
        return End(time.monotonic() - began, bytes(received))

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def sent(self, first: bytes, *, half_closed: bool = False) -> End:
        return play(self.send(first, half_closed=half_closed))


@pytest.fixture(scope="module")
def door(stack: Stack, google: Google) -> Door:
    return Door(stack, google)


@pytest.fixture(scope="module")
def files() -> Iterator[None]:
    """Allow this process as many connections as it needs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this system allows a process {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@dataclass
class Siege:
    """What came of all the attacks at once, and of a good client and a health check meanwhile."""

    ends: dict[str, list[End]]
    answers: list[tuple[int, float]]
    health: list[tuple[int, float]]


@pytest.fixture(scope="module")
def siege(stack: Stack, google: Google, door: Door, files: None) -> Siege:
    return play(besiege(stack, google, door))


async def besiege(stack: Stack, google: Google, door: Door) -> Siege:
    declared = "Content-Length: 1000"
    unsigned = door.head(declared) + b"{"
    endless = door.head("Transfer-Encoding: chunked", signed=True)
    half = b"POST /chat HTTP/1.1\r\nX-Slow: "
    attacks: dict[str, tuple[int, Callable[[], object]]] = {
        "unsigned": (200, lambda: door.send(unsigned, b" ")),
        "signed, a byte each 5 s": (
            50,
            lambda: door.send(door.head(declared, signed=True) + b"{", b" "),
        ),
        "signed, a byte each 0.1 s": (
            10,
            lambda: door.send(door.head(declared, signed=True), b" ", every=0.1),
        ),
        "signed, chunks without end": (10, lambda: door.send(endless, b"1\r\n \r\n", every=0.1)),
        "signed, silent after the head": (10, lambda: door.send(door.head(declared, signed=True))),
        "half a head": (50, lambda: door.send(half, b"x", every=0.5)),
        "silent": (IDLE - 100, lambda: door.send(b"")),
        "the start of HTTP/2": (20, lambda: door.send(b"PRI * HTTP/2.0\r\n")),
        "kept alive": (80, lambda: door.send(door.head("Content-Length: 2", signed=True) + b"{}")),
    }
    names = [name for name, (count, _) in attacks.items() for _ in range(count)]
    ends: dict[str, list[End]] = {name: [] for name in attacks}
    attacking = asyncio.gather(*(attacks[name][1]() for name in names))  # type: ignore[call-overload]
    answers: list[tuple[int, float]] = []
    health: list[tuple[int, float]] = []
    body = json.dumps(events.mention("hello")[0]).encode()
    good = door.head(f"Content-Length: {len(body)}", "Connection: close", signed=True) + body
    look = door.head("Connection: close", verb="GET", path="/healthz")
    while not attacking.done():
        for request, kept in ((good, answers), (look, health)):
            end = await door.send(request)
            kept.append((end.status or 0, end.seconds))
        await asyncio.sleep(0.2)
    for name, end in zip(names, await attacking, strict=True):
        ends[name].append(end)
    return Siege(ends, answers, health)


class TestMeanwhile:
    def test_everybody_else_is_answered(self, siege: Siege) -> None:
        assert len(siege.answers) > 10
        assert {status for status, _ in siege.answers} == {200}
        assert max(seconds for _, seconds in siege.answers) < SOON

    def test_the_health_check_is_answered(self, siege: Siege) -> None:
        assert {status for status, _ in siege.health} == {200}
        assert max(seconds for _, seconds in siege.health) < SOON

    def test_who_has_no_signature_is_refused_before_the_body(self, siege: Siege) -> None:
        assert {end.status for end in siege.ends["unsigned"]} == {401}
        assert max(end.seconds for end in siege.ends["unsigned"]) < LATE

    @pytest.mark.parametrize(
        "name",
        [
            "signed, a byte each 5 s",
            "signed, a byte each 0.1 s",
            "signed, chunks without end",
            "signed, silent after the head",
        ],
    )
    def test_a_body_that_does_not_come_is_not_waited_for(self, siege: Siege, name: str) -> None:
        assert {end.status for end in siege.ends[name]} == {408}
        seconds = [end.seconds for end in siege.ends[name]]
        assert min(seconds) > BODY - 1
        assert max(seconds) < BODY + LATE

    @pytest.mark.parametrize("name", ["half a head", "silent", "the start of HTTP/2", "kept alive"])
    def test_a_connection_without_a_whole_head_is_closed(self, siege: Siege, name: str) -> None:
        assert max(end.seconds for end in siege.ends[name]) < HEAD_SECONDS + LATE


class TestCheapestFirst:
    def test_a_body_that_is_said_to_be_too_large_is_refused_unread(self, door: Door) -> None:
        for signed in (False, True):
            end = door.sent(door.head("Content-Length: 1048576", signed=signed))
            assert (end.status, end.seconds < SOON) == (413, True)

    def test_nobody_unknown_is_asked_to_send_a_body(self, door: Door) -> None:
        end = door.sent(door.head("Content-Length: 9", "Expect: 100-continue"))
        assert end.status == 401
        assert b"100 Continue" not in end.received

    def test_google_is_asked_to_send_a_body(self, door: Door) -> None:
        lines = ("Content-Length: 2", "Expect: 100-continue", "Connection: close")
        end = door.sent(door.head(*lines, signed=True) + b"{}")
        assert end.received.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")

    @pytest.mark.parametrize("count", [2, 500])
    def test_a_refusal_ends_the_connection_and_what_else_was_sent_on_it(
        self, door: Door, count: int
    ) -> None:
        end = door.sent(door.head("Content-Length: 0") * count)
        assert end.received.count(b"HTTP/1.1 401") == 1
        assert end.seconds < SOON

    def test_signed_requests_sent_all_at_once_are_all_answered(self, door: Door) -> None:
        one = door.head("Content-Length: 2", signed=True) + b"{}"
        last = door.head("Content-Length: 2", "Connection: close", signed=True) + b"{}"
        assert door.sent(one * 9 + last).received.count(b"HTTP/1.1 200") == 10

    @pytest.mark.parametrize("size", [60_000, 3_000_000])
    def test_a_large_head_is_refused(self, door: Door, size: int) -> None:
        end = door.sent(door.head(f"X-Large: {'x' * size}", "Content-Length: 2") + b"{}")
        assert end.status in {431, None}  # None where it was still sending
        assert end.seconds < SOON

    def test_many_headers_are_refused(self, door: Door) -> None:
        assert door.sent(door.head(*(f"X-{n}: x" for n in range(1000)))).status == 431

    def test_an_event_that_is_cut_short_is_not_waited_for(self, door: Door) -> None:
        body = json.dumps(events.mention("memo")[0]).encode()
        for length in (len(body) + 1, len(body) * 2):
            head = door.head(f"Content-Length: {length}", signed=True)
            end = door.sent(head + body, half_closed=True)
            assert end.status in {400, None}
            assert end.seconds < SOON


def test_refusals_are_counted_in_a_line_now_and_then_and_nothing_a_sender_wrote_is_in_it(
    stack: Stack, door: Door
) -> None:
    log = stack.folder / "logs" / "bot.log"
    before = len(log.read_text())
    secret = "c2VjcmV0LXRva2Vu"
    tokens = (f"Bearer {secret}.{secret}.x", f"Bearer {secret}", f"Basic {secret}", secret)
    for number in range(200):
        line = f"Authorization: {tokens[number % len(tokens)]}"
        assert door.sent(door.head(line, "Content-Length: 0")).status == 401
    said = log.read_text()[before:]
    assert secret not in said
    assert said.count("chat.refused") <= 3
    assert "<Reason" not in said
    assert len(said) < 2000
