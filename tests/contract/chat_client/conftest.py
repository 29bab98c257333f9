"""A tiny Chat app over real HTTP, and three people who talk to it through the simulator."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import google.auth.transport.requests
import pytest
import requests
from flask import Flask, Response, jsonify, request
from google.oauth2 import id_token
from werkzeug.serving import make_server

from simulator.app_config import AppCommand, AppConfig
from simulator.chat.people import Person, Space
from simulator.server import SimulatorServer

ALICE, BOB, CHARLIE = (f"users/{number}" for number in (11, 12, 13))
ROOM, DIRECT, QUIET_ROOM = "spaces/ROOM", "spaces/DIRECT", "spaces/QUIET"
PROJECT_NUMBER = "123456789012"
CHAT = "chat@system.gserviceaccount.com"


class App:
    """Verifies what Chat sends as a real app would, remembers it, and answers as the test says."""

    def __init__(self, google_origin: str) -> None:
        self._google = google_origin
        self._transport = google.auth.transport.requests.Request()
        self.project_number_audience = False
        self.events: list[dict[str, Any]] = []
        self.raw: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Callable[[dict[str, Any]], Any] = lambda event: {}
        web = Flask("app")
        web.add_url_rule("/<path:path>", view_func=self.hear, methods=["POST"])
        self._server = make_server("127.0.0.1", 0, web, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.port}/chat"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def hear(self, path: str) -> Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.claims = self.verified(token)
        self.raw.append(request.get_data(as_text=True))
        self.events.append(request.get_json())
        self.headers.append(dict(request.headers))
        answer = self.answer(self.events[-1])
        return answer if isinstance(answer, Response) else jsonify(answer)

    def verified(self, token: str) -> dict[str, Any]:
        if self.project_number_audience:
            certificates = f"{self._google}/service_accounts/v1/metadata/x509/{CHAT}"
            audience = PROJECT_NUMBER
        else:
            certificates, audience = f"{self._google}/oauth2/v1/certs", request.base_url
        return id_token.verify_token(token, self._transport, audience, certs_url=certificates)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Chat:
    """What people do, and what they see."""

    alice, bob, charlie = ALICE, BOB, CHARLIE
    room, direct, quiet_room = ROOM, DIRECT, QUIET_ROOM

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        return requests.post(f"{self.origin}/_sim/chat/{path}", json=body, timeout=40).json()

    def say(self, text: str, person: str = ALICE, space: str = ROOM, **more: Any) -> dict[str, Any]:
        return self._post("say", person=person, space=space, text=text, **more)

    def click(self, message: dict[str, Any], action: dict[str, Any], **more: Any) -> dict[str, Any]:
        return self._post(
            "click", **{"person": ALICE, "message": message["name"], "action": action} | more
        )

    def submit(self, dialog: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
        return self._post("dialog", **{"person": ALICE, "dialog": dialog, "action": action} | more)

    def close(self, dialog: str, **more: Any) -> dict[str, Any]:
        return self._post("dialog/close", person=ALICE, dialog=dialog, **more)

    def redeliver(self, event: str) -> dict[str, Any]:
        return self._post("redeliver", event=event)

    def messages(self, person: str = ALICE, space: str = ROOM) -> list[dict[str, Any]]:
        query = {"person": person, "space": space}
        answer = requests.get(f"{self.origin}/_sim/chat/messages", query, timeout=5)
        return answer.json()["messages"]


@pytest.fixture(scope="session")
def server() -> Iterator[SimulatorServer]:
    server = SimulatorServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def simulator(server: SimulatorServer) -> SimulatorServer:
    world = server.world
    world.reset()
    for name, user, locale in (
        ("Alice", ALICE, "en"),
        ("Bob", BOB, "ja"),
        ("Charlie", CHARLIE, "en"),
    ):
        world.chat.add_person(Person(user, name, f"{name.lower()}@fuji.example", locale))
    world.chat.add_space(Space(ROOM, "Projects", members=[ALICE, BOB]))
    world.chat.add_space(Space(QUIET_ROOM, "Quiet", members=[ALICE], app_is_member=False))
    world.chat.add_space(Space(DIRECT, "", "DIRECT_MESSAGE", members=[ALICE]))
    commands = [
        AppCommand(1, "/jobs", "What is going on"),
        AppCommand(2, "/project", "Make a project", opens_dialog=True),
    ]
    world.app = AppConfig(project_number=PROJECT_NUMBER, commands=commands)
    return server


@pytest.fixture
def app(simulator: SimulatorServer) -> Iterator[App]:
    app = App(simulator.origin)
    simulator.world.app.endpoint_url = app.url
    yield app
    app.stop()


@pytest.fixture
def chat(simulator: SimulatorServer) -> Chat:
    return Chat(simulator.origin)
