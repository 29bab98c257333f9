"""Chat delivers one event many times at once: it is done once, and every delivery is told the same."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from cards.job_card import APPLY
from kakari.demo.person import Json
from kakari.demo.stack import HOST, PATH
from ledger.models import Approval, Job, JobState
from simulator.client import addon, classic
from tests.chaos.house import SUBJECT, House
from tests.scenario.google import ADDON, CLASSIC, Google
from tests.scenario.room import Room

DELIVERIES = 8
ON_BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
IN_BOTH_FORMATS = pytest.mark.parametrize("wire", ["addon", "classic"], indirect=True)

pytestmark = [ON_BOTH, IN_BOTH_FORMATS]


class Line:
    """The line from Chat to Kakari: what is said while it is cut can be delivered afterwards."""

    def __init__(self, house: House, wire: str, nobody: str) -> None:
        self.house = house
        self.google = Google(house)
        self.wire = wire
        self.nobody = nobody

    def dead(self, shown: Json) -> Json:
        """Return a message or dialog whose buttons call nobody."""
        changed: Json = json.loads(json.dumps(shown).replace(self.house.endpoint, self.nobody))
        return changed

    def unheard(self, act: Callable[[], Json]) -> Json:
        """Return the event that comes of what is done now, and that Kakari has not heard of."""
        self.house.control("app", {"endpoint_url": self.nobody})
        try:
            event = act()["event"]
        finally:
            self.house.control("app", {"endpoint_url": self.house.endpoint})
        kept = requests.get(f"{self.house.page}/_sim/chat/events/{event}", timeout=10).json()
        body: Json = json.loads(json.dumps(kept["body"]).replace(self.nobody, self.house.endpoint))
        return body

    def deliver(self, body: Json) -> list[Any]:
        """Deliver an event many times at once; return the different replies."""
        of_wire, app = (addon, ADDON) if self.wire == "addon" else (classic, CLASSIC)
        token = self.google.token(app)
        data = json.dumps(of_wire.with_credentials(body, token)).encode()
        together = threading.Barrier(DELIVERIES)

        def once(_number: int) -> Any:
            together.wait()
            answer = self.google.send(data, token)
            answer.raise_for_status()
            return answer.json()

        with ThreadPoolExecutor(DELIVERIES) as pool:
            replies = list(pool.map(once, range(DELIVERIES)))
        return [reply for at, reply in enumerate(replies) if reply not in replies[:at]]


@pytest.fixture
def wire(request: pytest.FixtureRequest, house: House) -> Iterator[Line]:
    """Let Chat speak one of its formats, over a line that can be cut."""
    audience = None if request.param == "addon" else "project-number"
    house.control("app", {"wire": request.param, "audience": audience})
    with closing(socket.socket()) as unheard:  # bound, and nobody listens
        unheard.bind((HOST, 0))
        nobody = f"http://{HOST}:{unheard.getsockname()[1]}{PATH}"
        yield Line(house, request.param, nobody)
    house.control("app", {"wire": "addon", "audience": None})


@pytest.fixture
def room(house: House, wire: Line) -> Room:
    return house.room()


def test_a_command_opens_the_same_dialog(wire: Line, room: Room) -> None:
    (reply,) = wire.deliver(wire.unheard(lambda: room.alice.say("/project")))
    assert reply


def test_a_forms_last_page_is_one_job(house: House, wire: Line, room: Room) -> None:
    dialog = wire.dead(room.alice.say("/project")["dialog"])
    body = wire.unheard(lambda: room.alice.send(dialog, {"name": SUBJECT}))
    assert jobs(house, room) == []
    (reply,) = wire.deliver(body)
    assert reply
    (job,) = jobs(house, room)
    house.await_plan(job)
    assert len(room.messages()) == 1


def test_a_tap_on_apply_is_one_approval(house: House, wire: Line, room: Room) -> None:
    job = house.ask(room)
    house.await_plan(job)
    card = wire.dead(house.card(room, job))
    body = wire.unheard(lambda: room.alice.tap(card, APPLY.ja))
    (reply,) = wire.deliver(body)
    assert reply
    house.await_end(job)
    with house.ledger.read() as tx:
        assert tx.get_one(Job, job).state == JobState.DONE
        of_job = select(func.count()).where(Approval.job_id == job)
        assert tx.scalar(of_job) == 1
    assert len(room.messages()) == 2, "one card, one result"


def test_a_question_is_answered_alike(house: House, wire: Line, room: Room) -> None:
    job = house.ask(room)
    body = wire.unheard(lambda: room.alice.say("/jobs"))
    (reply,) = wire.deliver(body)
    assert SUBJECT in str(reply)
    house.await_plan(job)  # by now there is something else to say
    assert wire.deliver(body) == [reply]


def jobs(house: House, room: Room) -> list[str]:
    with house.ledger.read() as tx:
        return list(tx.scalars(select(Job.id).where(Job.space == room.space)))
