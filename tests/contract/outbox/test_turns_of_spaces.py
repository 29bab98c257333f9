"""No space waits for another's turn, with one postman as with eight.

The quota is the real one, one write a second in a space; what is counted is who was written to
before whom, and not how long it took.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import func, select, update

from errors.google import TryLater
from ledger import jobs, owed
from ledger.database import Ledger, new_id, now
from ledger.models import JobState, OwedMessage
from simulator.chat.state import Space
from simulator.faults import Fault
from simulator.office import ALICE
from simulator.server import SimulatorServer
from simulator.world import World
from tests.unit.ledger.office import ask
from worker.postman import LONGEST_ASKED, Postman
from workspace.caller import Caller
from workspace.chat import Chat, ChatMessage
from workspace.clients import GoogleClients
from workspace.quota import Quota

BUSY, IDLE = "spaces/BUSY", "spaces/IDLE"
PATIENCE = 20.0


class Office:
    """Spaces that are owed messages, and the postmen that deliver them."""

    def __init__(self, ledger: Ledger, world: World, clients: GoogleClients) -> None:
        self.ledger = ledger
        self.world = world
        self.clients = clients
        self.quota = Quota()
        self.stop = threading.Event()
        self.spaces: dict[str, str] = {}

    def owe(self, space: str, number: int = 1) -> list[str]:
        """Owe a space the cards of new jobs, all of them due."""
        asked = [ask(self.ledger, space=space, thread=None) for _ in range(number)]
        self.spaces |= dict.fromkeys(asked, space)
        with self.ledger.write() as tx:
            new = update(OwedMessage).where(OwedMessage.job_id.in_(asked))
            tx.execute(new.values(due_at=now()))
        return asked

    def hire(self, kind: type[Chat] = Chat) -> Postman:
        def chat(caller: Caller) -> Chat:
            return kind(self.clients, self.quota, caller)

        return Postman(
            self.ledger, chat, "http://127.0.0.1:1/chat", new_id(), self.stop, hold_seconds=30.0
        )

    @contextmanager
    def at_work(self, *postmen: Postman) -> Iterator[None]:
        threads = [threading.Thread(target=postman.run) for postman in postmen]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self.stop.set()
            for postman in postmen:
                postman.wake()
            for each in threads:
                each.join()
            self.stop.clear()

    def told(self) -> list[str]:
        """Return the spaces that were written to, in that order."""
        posted = [
            (message["createTime"], space)
            for space in set(self.spaces.values())
            for message in self.world.chat.messages(space)
            if message.get("clientAssignedMessageId", "").removeprefix("client-") in self.spaces
        ]
        return [space for _, space in sorted(posted)]

    def outstanding(self, space: str) -> int:
        late = (OwedMessage.delivered < OwedMessage.wanted, OwedMessage.space == space)
        with self.ledger.read() as tx:
            return tx.scalar(select(func.count()).where(*late)) or 0

    def row(self, job: str) -> OwedMessage:
        with self.ledger.read() as tx:
            return tx.scalars(select(OwedMessage).where(OwedMessage.job_id == job)).one()


def wait_until(what: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


@pytest.fixture
def office(ledger: Ledger, simulator: SimulatorServer, clients: GoogleClients) -> Iterator[Office]:
    world = simulator.world
    world.chat_writes.set(None)  # Kakari itself keeps to the rate
    names = (BUSY, IDLE, *(f"spaces/BUSY{n}" for n in range(12)))
    for name in names:
        world.chat.add_space(Space(name, name, members=[ALICE.name]))
        for message in world.chat.messages(name):
            world.chat.delete(message["name"])
    yield Office(ledger, world, clients)
    world.chat_writes.set(1)


def test_a_postman_waits_for_no_turn_with_a_message_in_hand(office: Office) -> None:
    office.owe(BUSY, 5)
    postman = office.hire()
    assert postman.deliver()
    office.owe(IDLE)
    assert postman.deliver()
    assert office.outstanding(IDLE) == 0
    began = time.monotonic()
    while not postman.deliver():
        assert office.outstanding(BUSY) == 4
        with office.ledger.read() as tx:
            held = select(func.count()).where(OwedMessage.held_until.is_not(None))
            assert tx.scalar(held) == 0, "nothing is in hand meanwhile"
        time.sleep(0.05)
    assert time.monotonic() - began < PATIENCE
    assert office.outstanding(BUSY) == 3


@pytest.mark.parametrize("postmen", [1, 8])
def test_a_message_to_an_idle_space_waits_for_none_that_is_owed_to_a_busy_one(
    office: Office, postmen: int
) -> None:
    office.owe(BUSY, 30)
    with office.at_work(*(office.hire() for _ in range(postmen))):
        wait_until(lambda: office.outstanding(BUSY) <= 28)
        before = len(office.told())
        office.owe(IDLE)
        wait_until(lambda: not office.outstanding(IDLE))
        told = office.told()
    assert Counter(told[before:])[BUSY] <= 2
    assert office.outstanding(BUSY) > 20, "the busy space still has most of its own to come"


def test_many_busy_spaces_get_their_turns_round_and_round(office: Office) -> None:
    """The oldest message of one of them is older than all that the others are owed."""
    spaces = [f"spaces/BUSY{n}" for n in range(12)]
    for space in spaces:
        office.owe(space, 3)
    with office.at_work(office.hire()):
        wait_until(lambda: len(office.told()) >= 12)
        office.owe(IDLE)
        wait_until(lambda: not office.outstanding(IDLE))
        wait_until(lambda: not any(map(office.outstanding, spaces)))
        told = office.told()
    assert max(Counter(told[: told.index(IDLE)]).values()) <= 3
    for space in spaces:
        at = [n for n, each in enumerate(told) if each == space]
        assert max(later - sooner for sooner, later in pairwise(at)) <= 26


def test_a_busy_space_is_told_in_its_own_order(office: Office) -> None:
    cards = office.owe(BUSY, 2)
    (ended,) = office.owe(BUSY)
    with office.ledger.write() as tx:
        job = jobs.find(tx, ended)
        job.state = JobState.DONE
        owed.owe_result(tx, job)
    with office.at_work(office.hire(), office.hire(), office.hire()):
        wait_until(lambda: not office.outstanding(BUSY))
    posted = [m["clientAssignedMessageId"] for m in office.world.chat.messages(BUSY)]
    assert posted == [f"client-{ended}-result", *(f"client-{job}" for job in [*cards, ended])]


def test_a_space_that_chat_asks_to_slow_down_for_is_left_alone_and_no_other(
    office: Office,
) -> None:
    (first,) = office.owe(BUSY)
    postman = office.hire()
    office.world.faults.set([Fault("chat.*", "429", seconds=600)])
    assert postman.deliver()
    office.world.faults.set([])
    office.owe(BUSY, 2)
    office.owe(IDLE)
    assert postman.deliver()
    assert office.told() == [IDLE]
    assert not postman.deliver(), "nor are the space's other messages tried"
    assert office.row(first).due_at.timestamp() > time.time() + 590
    assert postman.chat.turns_in([BUSY])[0] > 590


def test_an_absurd_time_that_chat_asks_for_is_not_waited_for(office: Office) -> None:
    (job,) = office.owe(BUSY)
    postman = office.hire()
    office.world.faults.set([Fault("chat.*", "429", seconds=10**12)])
    assert postman.deliver()
    assert office.row(job).due_at.timestamp() < time.time() + LONGEST_ASKED + 60


class Hangs(Chat):
    """Answers nothing in the busy space until it is let go, as a connection that hangs."""

    inside = 0
    most = 0
    over = threading.Event()

    def create(self, space: str, *args: Any, **options: Any) -> ChatMessage:
        if space != BUSY:
            return super().create(space, *args, **options)
        cls = type(self)
        cls.inside += 1
        cls.most = max(cls.most, cls.inside)
        cls.over.wait(PATIENCE)
        cls.inside -= 1
        raise TryLater(reason="timed out")


def test_a_space_that_hangs_keeps_one_postman_busy_and_not_all(office: Office) -> None:
    Hangs.over.clear()
    office.owe(BUSY, 4)
    with office.at_work(office.hire(Hangs), office.hire(Hangs)):
        wait_until(lambda: Hangs.inside)
        for _ in range(2):
            office.owe(IDLE)
            wait_until(lambda: not office.outstanding(IDLE))
        assert (Hangs.inside, Hangs.most) == (1, 1)
        Hangs.over.set()


def test_a_space_that_hung_is_left_alone_for_as_long_as_it_had_hung(office: Office) -> None:
    class Slow(Chat):
        def create(self, *_args: Any, **_options: Any) -> ChatMessage:
            time.sleep(1.5)
            raise TryLater(reason="timed out")

    office.owe(BUSY, 2)
    postman = office.hire(Slow)
    assert postman.deliver()
    assert postman.chat.turns_in([BUSY])[0] > 1.2
    assert not postman.deliver()


class Killed(Chat):
    """Ends the postman's process after the post, before anything is recorded of it."""

    def create(self, *args: Any, **options: Any) -> ChatMessage:
        super().create(*args, **options)
        raise SystemExit


def test_what_is_found_there_already_is_edited_in_the_spaces_next_turn(office: Office) -> None:
    (job,) = office.owe(BUSY)
    with pytest.raises(SystemExit):
        office.hire(Killed).deliver()
    with office.ledger.write() as tx:
        tx.execute(update(OwedMessage).values(held_until=None))
    office.owe(IDLE)
    postman = office.hire()
    wait_until(lambda: postman.chat.turns_in([BUSY])[0] < 0)
    while office.row(job).name is None:
        postman.deliver()
    assert office.outstanding(BUSY) == 1, "it may be an older card"
    assert office.row(job).held_until is None
    postman.deliver()
    assert office.outstanding(IDLE) == 0
    with office.at_work(postman):
        wait_until(lambda: not office.outstanding(BUSY))
    assert office.told().count(BUSY) == 1


def test_a_postman_that_can_do_nothing_yet_looks_no_more_often_than_an_idle_one(
    office: Office,
) -> None:
    looks = []

    class Watched(Postman):
        def _whose_turn(self) -> Any:
            looks.append(time.monotonic())
            return super()._whose_turn()

    office.owe(BUSY, 5)
    postman = office.hire()
    postman.__class__ = Watched
    postman.chat.put_off(BUSY, 600)
    with office.at_work(postman):
        wait_until(lambda: len(looks) >= 3)
    apart = [later - sooner for sooner, later in pairwise(looks)]
    assert min(apart[:2]) > 0.9
