"""The bounds of what the front desk holds and waits for, tried without a server."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from flask import Flask, Response, jsonify, request

from bot.admission import Admission, Limits
from bot.app import BODY_CAP
from bot.keys import Fetch
from bot.refusals import Refusals
from bot.signature import Policy, Signature
from tests.event_loop import play
from tests.unit.bot.test_signature import OLD, PROJECT, URL


class Gates:
    """A Flask app whose answers wait until the test lets them go."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.seen: list[bytes] = []
        self.looks = 0
        self.app = Flask("gates")

        @self.app.post("/chat")
        def chat() -> Response:
            self.seen.append(request.get_data())
            assert self.open.wait(10)
            return jsonify({})

        @self.app.get("/healthz")
        def healthz() -> Response:
            self.looks += 1
            assert self.open.wait(10)
            return jsonify({"ok": True})


@pytest.fixture
def gates() -> Iterator[Gates]:
    gates = Gates()
    yield gates
    gates.open.set()


class Sending:
    """A request as the server hands it over, and the answer that it is given."""

    def __init__(self, *parts: bytes, length: int | None = None, pause: float = 0.0) -> None:
        self.parts, self.length, self.pause = parts, length, pause
        self.status = 0
        self.headers: dict[str, str] = {}
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            await asyncio.sleep(self.pause)
            self.read += len(part)
            yield part

    def response_bytes(self, status: int, headers: Sequence[tuple[str, str]], _body: bytes) -> None:
        self.status, self.headers = status, dict(headers)

    def scope(self, method: str, path: str) -> Any:
        headers = {"authorization": OLD.token()}
        headers |= {} if self.length is None else {"content-length": str(self.length)}
        return SimpleNamespace(method=method, path=path, headers=headers)


def keys(_url: str) -> Any:
    return {"old": OLD.certificate}, 3600.0


class Front:
    def __init__(self, app: Flask, limits: Limits, threads: int = 4, fetch: Fetch = keys) -> None:
        policy = Policy.addon([URL], PROJECT, "https://certs.example")
        self.admission = Admission(app, Signature([policy], fetch=fetch), "/chat", threads, limits)

    async def take(self, sending: Sending, method: str = "POST", path: str = "/chat") -> int:
        scope: Any = sending.scope(method, path)
        await self.admission(scope, sending)  # type: ignore[arg-type]
        return sending.status


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - other threads make it true
            await asyncio.sleep(0.005)


def test_a_body_gets_one_time_limit_for_all_of_it(gates: Gates) -> None:
    gates.open.set()
    front = Front(gates.app, Limits(body_seconds=0.2))
    steady = Sending(*[b"x"] * 100, pause=0.05)
    assert play(front.take(steady)) == 408
    assert steady.headers["Connection"] == "close"
    assert gates.seen == []


def test_an_event_that_is_cut_short_is_not_taken_though_it_could_be_read(gates: Gates) -> None:
    gates.open.set()
    front = Front(gates.app, Limits())
    assert play(front.take(Sending(b"{}", length=3))) == 400
    assert gates.seen == []


@pytest.mark.parametrize("length", [None, BODY_CAP - 1])
def test_a_body_is_read_up_to_the_cap_and_no_further(gates: Gates, length: int | None) -> None:
    """Also where it is longer than was said, which no server should let happen."""
    gates.open.set()
    front = Front(gates.app, Limits())
    endless = Sending(*[b"x" * 65_536] * 1000, length=length)
    assert play(front.take(endless)) == 413
    assert endless.read <= BODY_CAP + 65_536


def test_large_bodies_wait_nowhere_once_many_are_held_and_small_ones_are_taken(
    gates: Gates,
) -> None:
    async def story() -> None:
        front = Front(gates.app, Limits(large=1000, held=5000))
        held = [Sending(b"x" * 4000) for _ in range(2)]
        waiting = [asyncio.create_task(front.take(each)) for each in held[:1]]
        await until(lambda: len(gates.seen) == 1)
        assert await front.take(held[1]) == 503
        small = asyncio.create_task(front.take(Sending(b"x" * 999)))
        await until(lambda: len(gates.seen) == 2)
        gates.open.set()
        assert await asyncio.gather(*waiting, small) == [200, 200]
        assert await front.take(Sending(b"x" * 4000)) == 200, "what was held is let go"

    play(story())


def test_of_many_requests_some_wait_for_a_thread_and_the_rest_are_to_be_delivered_again(
    gates: Gates,
) -> None:
    async def story() -> None:
        front = Front(gates.app, Limits(waiting=3), threads=1)
        waiting = [asyncio.create_task(front.take(Sending(b"{}"))) for _ in range(3)]
        await until(lambda: front.admission._waiting == 3)
        assert await front.take(Sending(b"{}")) == 503
        gates.open.set()
        assert await asyncio.gather(*waiting) == [200] * 3
        assert await front.take(Sending(b"{}")) == 200

    play(story())


def test_who_has_waited_as_long_as_chat_does_is_sent_away(gates: Gates) -> None:
    async def story() -> None:
        front = Front(gates.app, Limits(answer_seconds=0.1), threads=1)
        assert await asyncio.gather(*(front.take(Sending(b"{}")) for _ in range(3))) == [504] * 3
        gates.open.set()
        assert await front.take(Sending(b"last")) == 200
        assert gates.seen == [b"{}", b"last"], "what was given up is not begun any more"

    play(story())


def test_health_checks_share_one_look_at_the_ledger(gates: Gates) -> None:
    async def story() -> None:
        front = Front(gates.app, Limits(), threads=2)
        asking = [asyncio.create_task(front.take(Sending(), "GET", "/healthz")) for _ in range(50)]
        await until(lambda: gates.looks == 1)
        event = asyncio.create_task(front.take(Sending(b"{}")))
        await until(lambda: len(gates.seen) == 1)
        gates.open.set()
        assert await asyncio.gather(*asking, event) == [200] * 51
        assert gates.looks == 1

    play(story())


def test_everything_else_is_refused_without_a_thread(gates: Gates) -> None:
    async def story() -> None:
        front = Front(gates.app, Limits())
        ways = {
            ("GET", "/chat"): 405,
            ("PUT", "/chat"): 405,
            ("POST", "/healthz"): 404,
            ("POST", "/chat/"): 404,
            ("POST", "//chat"): 404,
            ("GET", "/"): 404,
        }
        found = {way: await front.take(Sending(b"{}"), *way) for way in ways}
        assert found == ways

    play(story())


def test_keys_that_cannot_be_had_ask_for_another_delivery(gates: Gates) -> None:
    def away(_url: str) -> Any:
        raise ConnectionError

    async def story() -> None:
        front = Front(gates.app, Limits(), fetch=away)
        assert await front.take(Sending(b"{}")) == 503

    play(story())


class TestRefusals:
    @pytest.fixture
    def lines(self) -> Iterator[list[Any]]:
        with structlog.testing.capture_logs() as lines:
            yield lines

    def test_the_first_is_told_at_once_and_the_rest_together(self, lines: list[Any]) -> None:
        refusals = Refusals(logging.WARNING, "chat.refused", seconds=0.1)
        refusals.note("no_token")
        assert [line["reasons"] for line in lines] == [{"no_token": 1}]
        for _ in range(1000):
            refusals.note("no_token")
        refusals.note("audience")
        assert len(lines) == 1
        play(until(lambda: len(lines) == 2))
        assert lines[1]["reasons"] == {"no_token": 1000, "audience": 1}

    def test_none_is_lost_however_many_threads_refuse(self, lines: list[Any]) -> None:
        refusals = Refusals(logging.WARNING, "chat.refused", seconds=0.05)

        def refuse() -> None:
            for _ in range(500):
                refusals.note("no_token")

        threads = [threading.Thread(target=refuse) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        play(until(lambda: sum(line["reasons"]["no_token"] for line in lines) == 2000))
