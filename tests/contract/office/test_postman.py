"""Owed messages, delivered into a simulated Chat that misbehaves as Google can."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from cards.job_card import HEADLINES
from ledger import approvals, owed
from ledger.database import Ledger, now
from ledger.models import Job, OwedMessage
from simulator.faults import Fault
from simulator.office import ALICE, PROJECTS_SPACE
from simulator.server import SimulatorServer
from tests.unit.ledger.office import decision, show_plan
from worker.postman import Postman
from workspace.caller import Caller
from workspace.chat import Chat
from workspace.clients import GoogleClients
from workspace.quota import Quota

SHOWS_PLAN = HEADLINES["waiting"].ja
DISCARDED = HEADLINES["cancelled"].ja


class Office:
    """A job that waits for approval, whose card is owed to the space."""

    def __init__(self, ledger: Ledger, simulator: SimulatorServer) -> None:
        self.ledger = ledger
        self.chat = simulator.world.chat
        self.before = {message["name"] for message in self.chat.messages(PROJECTS_SPACE.name)}
        self.job, self.plan = show_plan(ledger)
        with ledger.write() as tx:
            tx.execute(update(Job).values(space=PROJECTS_SPACE.name, thread=None, asker=ALICE.name))
            tx.execute(update(OwedMessage).values(space=PROJECTS_SPACE.name, thread=None))

    def discard(self) -> None:
        with self.ledger.write() as tx:
            approvals.discard(tx, decision(self.job, self.plan))

    def make_due(self) -> None:
        with self.ledger.write() as tx:
            tx.execute(update(OwedMessage).values(due_at=now() - timedelta(seconds=1)))

    def posted(self) -> list[dict[str, Any]]:
        messages = self.chat.messages(PROJECTS_SPACE.name)
        return [message for message in messages if message["name"] not in self.before]

    def owed(self) -> OwedMessage:
        with self.ledger.read() as tx:
            return tx.scalars(select(OwedMessage)).one()


@pytest.fixture
def office(ledger: Ledger, simulator: SimulatorServer) -> Iterator[Office]:
    simulator.world.chat_writes.set(None)
    yield Office(ledger, simulator)
    simulator.world.chat_writes.set(1)


@pytest.fixture
def postman(ledger: Ledger, clients: GoogleClients) -> Postman:
    def chat(caller: Caller) -> Chat:
        return Chat(clients, Quota(), caller)

    return Postman(ledger, chat, "http://127.0.0.1:1/chat", "postman", threading.Event())


def test_a_card_is_posted_once_and_then_edited_in_place(office: Office, postman: Postman) -> None:
    assert postman.deliver()
    assert not postman.deliver()
    office.discard()
    assert postman.deliver()
    (card,) = office.posted()
    assert DISCARDED in str(card)


def test_a_post_whose_answer_was_lost_shows_what_is_true_when_it_is_tried_again(
    office: Office, postman: Postman, simulator: SimulatorServer
) -> None:
    lost = Fault(method="chat.spaces.messages.create", kind="apply-then-drop")
    simulator.world.faults.set([lost])
    postman.deliver()
    simulator.world.faults.set([])
    assert SHOWS_PLAN in str(office.posted())
    office.discard()
    office.make_due()
    postman.deliver()
    (card,) = office.posted()
    assert DISCARDED in str(card)
    assert office.owed().delivered == office.owed().wanted


@pytest.mark.parametrize("fault", ["429", "500", "503", "drop-before-apply"])
def test_a_chat_that_is_away_delays_and_neither_loses_nor_doubles(
    office: Office, postman: Postman, simulator: SimulatorServer, fault: str
) -> None:
    simulator.world.faults.set([Fault(method="chat.*", kind=fault)])
    postman.deliver()
    postman.deliver()
    assert office.posted() == []
    simulator.world.faults.set([])
    office.make_due()
    postman.deliver()
    assert len(office.posted()) == 1


def test_a_card_that_was_deleted_is_posted_anew(office: Office, postman: Postman) -> None:
    postman.deliver()
    (card,) = office.posted()
    office.chat.delete(card["name"])
    office.discard()
    while postman.deliver():
        pass
    (again,) = office.posted()
    assert DISCARDED in str(again)


def test_a_space_that_refuses_for_good_is_kept_for_the_operator_to_see(
    office: Office, postman: Postman
) -> None:
    with office.ledger.write() as tx:
        tx.execute(update(OwedMessage).values(space="spaces/nobody-asked-us-in"))
    postman.deliver()
    assert office.owed().undeliverable
    with office.ledger.read() as tx:
        assert owed.undeliverable(tx) == 1


def test_a_postman_that_slept_past_its_hold_sends_nothing(
    office: Office, postman: Postman, simulator: SimulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owed, "HOLD", timedelta(seconds=1))
    postman.deliver()
    assert office.posted() == []
    assert "chat.spaces.messages.create" not in str(simulator.world.calls.to_json())
