"""Owed messages, delivered into a simulated Chat that misbehaves as Google can.

Time is not waited for: what was put off is made due, and what a dead postman held is let go.
"""

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from cards.job_card import DISCARD, DISCARDED, HEADLINES, MOVED
from cards.job_result import STILL_WAITS
from ledger import approvals, jobs, notices, owed
from ledger.database import Ledger, new_id, now
from ledger.models import Job, JobState, OwedMessage
from simulator.chat.state import Space
from simulator.faults import Fault
from simulator.office import ALICE, ALICE_DIRECT, BOB, PROJECTS_SPACE
from simulator.server import SimulatorServer
from simulator.world import World
from tests.unit.ledger.office import approve, claim, decision, show_plan
from worker.postman import LONGEST_PAUSE, Postman
from workspace.caller import Caller
from workspace.chat import Chat, ChatMessage
from workspace.clients import GoogleClients
from workspace.quota import Bucket, Quota

SHOWS_PLAN = HEADLINES["waiting"].ja
ADMIN_SPACE = Space("spaces/ADMINS", "管理", members=[BOB.name])
URL = "http://127.0.0.1:1/chat"
AWAY = ["429", "500", "503", "drop-before-apply", "apply-then-drop"]


class Unhurried(Quota):
    """No waits for a turn: these tests are about messages, not about how fast they go."""

    def take(self, *_args: Any, **_options: Any) -> float:
        return 0.0

    def due_in(self, buckets: Sequence[Bucket]) -> list[float]:
        return [0.0] * len(buckets)


class Office:
    """A job that waits for approval, whose card is owed to the space."""

    def __init__(self, ledger: Ledger, world: World, asker: str = ALICE.name) -> None:
        self.ledger = ledger
        self.world = world
        self.job, self.plan = show_plan(ledger)
        here = {"space": PROJECTS_SPACE.name, "thread": None}
        with ledger.write() as tx:
            tx.execute(update(Job).where(Job.id == self.job).values(**here, asker=asker))
            tx.execute(update(OwedMessage).where(OwedMessage.job_id == self.job).values(**here))

    def discard(self) -> None:
        with self.ledger.write() as tx:
            approvals.discard(tx, decision(self.job, self.plan))

    def finish(self) -> None:
        approve(self.ledger, self.job, self.plan)
        lease = claim(self.ledger)
        with self.ledger.write() as tx:
            jobs.finish(tx, lease)

    def remind(self) -> None:
        with self.ledger.write() as tx:
            owed.owe_reminder(tx, jobs.find(tx, self.job))

    def make_due(self, **values: Any) -> None:
        """Let the time pass for which messages were put off or held."""
        past = now() - timedelta(seconds=1)
        with self.ledger.write() as tx:
            tx.execute(update(OwedMessage).values(due_at=past, **values))
            held = OwedMessage.held_until.is_not(None)
            tx.execute(update(OwedMessage).where(held).values(held_until=past))

    def settle(self, postman: Postman) -> None:
        """Deliver all that is owed, however often it is put off."""
        for _ in range(20):
            if not self.outstanding():
                return
            self.make_due()
            while postman.deliver():
                pass
        pytest.fail("a message is still owed")

    def outstanding(self) -> int:
        late = OwedMessage.delivered < OwedMessage.wanted
        with self.ledger.read() as tx:
            owing = select(func.count()).where(late, OwedMessage.undeliverable.is_(None))
            return tx.scalar(owing) or 0

    def posted(self, space: Space = PROJECTS_SPACE) -> list[dict[str, Any]]:
        messages = self.world.chat.messages(space.name)
        return [each for each in messages if self.job in each.get("clientAssignedMessageId", "")]

    def told(self, space: Space = PROJECTS_SPACE) -> list[Any]:
        """Return what a reader of the space sees of the job, whatever its id is."""
        threads: dict[str, int] = {}
        return [
            (
                threads.setdefault(message["thread"]["name"], len(threads)),
                message.get("text"),
                str(message["cardsV2"]).replace(self.job, "JOB"),
            )
            for message in self.posted(space)
        ]

    def owed(self) -> OwedMessage:
        with self.ledger.read() as tx:
            return tx.scalars(select(OwedMessage)).one()

    def now(self) -> Job:
        with self.ledger.read() as tx:
            return jobs.find(tx, self.job)

    def given_up(self) -> int:
        with self.ledger.read() as tx:
            return owed.undeliverable(tx)

    def close(self, *spaces: Space) -> None:
        """Take Kakari out of spaces, as people can at any time."""
        for space in spaces:
            self.world.chat.add_space(replace(space, app_is_member=False))

    def faults(self, kind: str | None = None, method: str = "chat.*", seconds: float = 0) -> None:
        self.world.faults.set([Fault(method, kind, seconds=seconds)] if kind else [])


@pytest.fixture
def world(simulator: SimulatorServer) -> Iterator[World]:
    world = simulator.world
    spaces = (PROJECTS_SPACE, ALICE_DIRECT, ADMIN_SPACE)
    world.chat_writes.set(None)
    for space in spaces:
        world.chat.add_space(space)
    yield world
    for space in spaces:
        world.chat.add_space(replace(space, members=list(space.members)))
    world.chat_writes.set(1)


@pytest.fixture
def office(ledger: Ledger, world: World) -> Office:
    return Office(ledger, world)


Hire = Callable[..., Postman]


@pytest.fixture
def hire(ledger: Ledger, clients: GoogleClients) -> Hire:
    """Return a way to get postmen; ``kind`` is the Chat one of them writes with."""

    def hired(kind: type[Chat] = Chat, ledger: Ledger = ledger, **settings: Any) -> Postman:
        def chat(caller: Caller) -> Chat:
            return kind(clients, Unhurried(), caller)

        return Postman(
            ledger, chat, URL, new_id(), threading.Event(), **({"hold_seconds": 30.0} | settings)
        )

    return hired


@pytest.fixture
def postman(hire: Hire) -> Postman:
    return hire(admin_space=ADMIN_SPACE.name)


@pytest.fixture
def undisturbed(new_ledger: Callable[[str], Ledger], world: World, hire: Hire) -> list[Any]:
    """What the thread of a job looks like that Chat gave no trouble."""
    ledger = new_ledger("undisturbed.db")
    office, postman = Office(ledger, world), hire(ledger=ledger)
    office.settle(postman)
    office.finish()
    office.settle(postman)
    told = office.told()
    assert len(told) == 2, "a card and a result"
    return told


def test_a_card_is_posted_once_and_then_edited_in_place(office: Office, postman: Postman) -> None:
    assert postman.deliver()
    assert not postman.deliver()
    office.discard()
    assert postman.deliver()
    (card,) = office.posted()
    assert DISCARDED.ja in str(card)


def test_a_post_whose_answer_was_lost_shows_what_is_true_when_it_is_tried_again(
    office: Office, postman: Postman
) -> None:
    office.faults("apply-then-drop", "chat.spaces.messages.create")
    postman.deliver()
    office.faults()
    assert SHOWS_PLAN in str(office.posted())
    office.discard()
    office.make_due()
    postman.deliver()
    (card,) = office.posted()
    assert DISCARDED.ja in str(card)
    assert office.owed().delivered == office.owed().wanted


@pytest.mark.parametrize("fault", AWAY)
def test_whatever_ails_chat_the_thread_is_the_same_in_the_end(
    office: Office, postman: Postman, undisturbed: list[Any], fault: str
) -> None:
    for go_on in (lambda: None, office.finish):
        go_on()
        office.faults(fault)
        for _ in range(3):
            office.make_due()
            postman.deliver()
        office.faults()
        office.settle(postman)
    assert office.told() == undisturbed


def test_a_chat_that_is_away_for_an_hour_is_asked_again_every_minute(
    office: Office, postman: Postman
) -> None:
    office.faults("503")
    for tries in (0, 1, 5, 30, 59):
        office.make_due(tries=tries)
        postman.deliver()
        assert office.owed().due_at < now() + timedelta(seconds=LONGEST_PAUSE)
    assert (office.posted(), office.given_up()) == ([], 0)
    office.faults()
    office.settle(postman)
    assert len(office.posted()) == 1


def test_a_chat_that_is_away_for_weeks_loses_nothing(office: Office, postman: Postman) -> None:
    office.faults("503")
    office.make_due(tries=50_000)
    postman.deliver()
    assert office.owed().tries == 50_001
    office.faults()
    office.settle(postman)
    assert len(office.posted()) == 1


def test_chat_is_left_alone_for_as_long_as_it_asks(office: Office, postman: Postman) -> None:
    office.faults("429", seconds=600)
    postman.deliver()
    assert office.owed().due_at > now() + timedelta(seconds=590)
    assert office.posted() == []


def test_a_key_that_google_refuses_is_mended_and_nothing_is_given_up(
    office: Office, postman: Postman
) -> None:
    office.faults("expired-token")
    postman.deliver()
    assert office.given_up() == 0
    assert office.now().moved is None
    office.faults()
    office.settle(postman)
    assert len(office.posted()) == 1


def test_a_card_that_was_deleted_is_posted_anew(office: Office, postman: Postman) -> None:
    postman.deliver()
    (card,) = office.posted()
    office.world.chat.delete(card["name"])
    office.discard()
    office.settle(postman)
    (again,) = office.posted()
    assert DISCARDED.ja in str(again)


def test_a_card_that_was_deleted_before_we_knew_it_was_there_is_posted_anew(
    office: Office, postman: Postman
) -> None:
    office.faults("apply-then-drop", "chat.spaces.messages.create")
    postman.deliver()
    office.faults()
    (card,) = office.posted()
    office.world.chat.delete(card["name"])
    office.settle(postman)
    assert len(office.posted()) == 1
    assert office.now().moved is None


# Postmen that die, sleep and compete


class Killed(Chat):
    """Ends the postman's process after the post, before anything is recorded of it."""

    def create(self, *args: Any, **options: Any) -> ChatMessage:
        super().create(*args, **options)
        raise SystemExit


class Sleeps(Chat):
    """Is stopped while it waits for its turn, and woken when ``meanwhile`` is over."""

    meanwhile: Callable[[], None]

    def turn(self, space: str) -> None:
        super().turn(space)
        self.meanwhile()


def test_what_a_postman_posted_that_was_killed_is_adopted_by_another(
    office: Office, postman: Postman, hire: Hire, undisturbed: list[Any]
) -> None:
    for go_on in (lambda: None, office.finish):
        go_on()
        with pytest.raises(SystemExit):
            hire(Killed).deliver()
        office.settle(postman)
    assert office.told() == undisturbed


def test_a_postman_that_slept_past_its_hold_sends_nothing(
    office: Office, postman: Postman, hire: Hire
) -> None:
    sleeper = hire(Sleeps, hold_seconds=5)

    def meanwhile() -> None:
        office.settle(postman)
        office.discard()

    sleeper.chat.meanwhile = meanwhile
    office.world.calls.clear()
    assert sleeper.deliver()
    (create,) = [each for each in office.world.calls.to_json() if "messages" in each["method"]]
    assert create["method"] == "chat.spaces.messages.create"
    assert SHOWS_PLAN in str(office.posted())
    assert office.owed().delivered < office.owed().wanted, "the sleeper recorded nothing"


def test_a_short_hold_is_lengthened_for_a_call(office: Office, hire: Hire) -> None:
    postman = hire(hold_seconds=5)
    assert postman.deliver()
    assert len(office.posted()) == 1
    assert office.owed().delivered == office.owed().wanted


def test_of_two_postmen_at_once_each_message_is_one_ones(
    ledger: Ledger, world: World, hire: Hire, undisturbed: list[Any]
) -> None:
    offices = [Office(ledger, world) for _ in range(6)]
    for office in offices:
        office.finish()
    other_connection = Ledger(ledger.url.render_as_string(hide_password=False))
    together = threading.Barrier(2)
    offices[0].make_due()

    def deliver(postman: Postman) -> None:
        together.wait()
        while offices[0].outstanding():
            postman.deliver()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(deliver, [hire(), hire(ledger=other_connection)]))
    other_connection.close()
    for office in offices:
        texts = [(thread, text) for thread, text, _ in office.told()]
        assert sorted(texts, key=str) == sorted(
            ((thread, text) for thread, text, _ in undisturbed), key=str
        )


# Spaces that refuse for good


def test_a_job_whose_space_refuses_goes_on_in_the_askers_direct_message(
    office: Office, postman: Postman
) -> None:
    office.settle(postman)
    before = office.told()
    office.close(PROJECTS_SPACE)
    office.remind()
    office.settle(postman)
    assert (office.now().space, office.now().moved) == (ALICE_DIRECT.name, "direct")
    reminder, card = office.told(ALICE_DIRECT)
    assert STILL_WAITS.ja.format(subject="鈴木邸") in str(reminder)
    assert DISCARD.ja in str(card), "its buttons are good where the job is"
    assert all(MOVED.ja in str(message) for message in (reminder, card))
    office.finish()
    office.settle(postman)
    assert [thread for thread, _, _ in office.told(ALICE_DIRECT)] == [0, 0, 0]
    assert MOVED.ja in str(office.told(ALICE_DIRECT)[2])
    assert office.told() == before


def test_a_result_that_was_told_is_not_told_again_elsewhere(
    office: Office, postman: Postman
) -> None:
    office.finish()
    office.settle(postman)
    office.close(PROJECTS_SPACE)
    with office.ledger.write() as tx:
        owed.owe_edit(tx, office.job)
    office.settle(postman)
    (moved,) = office.posted(ALICE_DIRECT)
    assert moved["clientAssignedMessageId"] == f"client-{office.job}", "the card alone"


def test_a_job_of_somebody_without_a_direct_message_goes_to_the_admin_space(
    ledger: Ledger, world: World, postman: Postman
) -> None:
    office = Office(ledger, world, asker=BOB.name)
    office.close(PROJECTS_SPACE)
    office.settle(postman)
    assert (office.now().space, office.now().moved) == (ADMIN_SPACE.name, "admin")
    assert len(office.posted(ADMIN_SPACE)) == 1


def test_a_direct_message_that_refuses_too_sends_the_job_to_the_admin_space(
    office: Office, postman: Postman
) -> None:
    office.close(PROJECTS_SPACE)
    office.settle(postman)
    office.close(ALICE_DIRECT)
    office.finish()
    office.settle(postman)
    assert office.now().moved == "admin"
    assert (len(office.posted(ALICE_DIRECT)), len(office.posted(ADMIN_SPACE))) == (1, 2)


def test_what_nobody_takes_is_kept_for_the_operator_and_can_be_owed_anew(
    office: Office, postman: Postman
) -> None:
    office.close(PROJECTS_SPACE, ALICE_DIRECT, ADMIN_SPACE)
    office.finish()
    office.settle(postman)
    assert office.given_up() == 2
    with office.ledger.read() as tx:
        assert all(lost.undeliverable for lost in owed.undelivered(tx))
    office.world.chat.add_space(ADMIN_SPACE)
    with office.ledger.write() as tx:
        owed.owe_again(tx)
    office.settle(postman)
    assert len(office.posted(ADMIN_SPACE)) == 2
    assert office.given_up() == 0


@pytest.mark.parametrize("fault", [None, *AWAY])
def test_a_notice_of_no_job_comes_to_the_admin_space_once_whatever_chat_does(
    office: Office, postman: Postman, fault: str | None
) -> None:
    said = {"en": "It <users/all> is broken.", "ja": "誤りがあります。"}
    about = f"permissions-{secrets.token_hex(4)}"
    with office.ledger.write() as tx:
        assert notices.tell(tx, about, "a", ADMIN_SPACE.name, said)
    office.faults(fault, "chat.spaces.messages.create")
    office.make_due()
    while postman.deliver():
        pass
    office.faults()
    office.settle(postman)
    messages = office.world.chat.messages(ADMIN_SPACE.name)
    (told,) = [m for m in messages if m["clientAssignedMessageId"].startswith(f"client-{about}-")]
    assert "誤りがあります。" in str(told["cardsV2"])
    assert "&lt;users/all&gt;" in str(told["cardsV2"])


def test_a_notice_that_no_space_takes_is_kept_for_the_operator(
    ledger: Ledger, office: Office, postman: Postman
) -> None:
    with ledger.write() as tx:
        assert notices.tell(tx, "permissions", "a", "spaces/GONE", {"en": "bad", "ja": "悪"})
    office.settle(postman)
    with ledger.read() as tx:
        (lost,) = owed.undelivered(tx)
    assert (lost.role, lost.job_id) == (owed.NOTICE, None)


def test_without_an_admin_space_it_is_undeliverable_where_it_was_asked(
    ledger: Ledger, world: World, hire: Hire
) -> None:
    office = Office(ledger, world, asker=BOB.name)
    office.close(PROJECTS_SPACE)
    office.settle(hire())
    assert office.given_up() == 1
    assert (office.now().space, office.now().moved) == (PROJECTS_SPACE.name, None)


def test_a_look_for_the_direct_message_that_fails_is_made_again(
    office: Office, postman: Postman
) -> None:
    office.close(PROJECTS_SPACE)
    office.faults("503", "chat.spaces.findDirectMessage")
    postman.deliver()
    assert (office.now().moved, office.given_up()) == (None, 0)
    office.faults()
    office.settle(postman)
    assert len(office.posted(ALICE_DIRECT)) == 1


def test_of_two_postmen_whom_a_space_refuses_one_moves_the_job(
    office: Office, postman: Postman, hire: Hire
) -> None:
    # It wakes within its hold, after another has moved the job.
    sleeper = hire(Sleeps, admin_space=ADMIN_SPACE.name)
    sleeper.chat.meanwhile = lambda: office.settle(postman)
    office.finish()
    office.close(PROJECTS_SPACE)
    assert sleeper.deliver()
    office.settle(postman)
    assert office.now().moved == "direct"
    assert (len(office.posted(ALICE_DIRECT)), office.given_up()) == (2, 0)


def test_a_message_that_is_our_own_mistake_moves_nothing(office: Office, postman: Postman) -> None:
    with office.ledger.write() as tx:
        tx.execute(update(OwedMessage).values(thread="spaces/another/threads/T"))
    postman.deliver()
    assert office.given_up() == 1
    assert office.now().moved is None


# Reminders


def test_a_reminder_says_who_asked_and_until_when_and_mentions_them(
    office: Office, hire: Hire
) -> None:
    office.remind()
    office.settle(hire(expires=timedelta(days=7), zone=UTC))
    (reminder,) = [each for each in office.posted() if ALICE.name in each.get("text", "")]
    until = office.now().since + timedelta(days=7)
    assert f"{until.month}月{until.day}日(" in str(reminder)
    assert f"{until:%H:%M}" in str(reminder)
    assert "Alice" in str(reminder["cardsV2"])


def test_a_reminder_of_what_was_decided_meanwhile_is_not_sent(
    office: Office, postman: Postman
) -> None:
    office.settle(postman)
    office.remind()
    office.discard()
    office.settle(postman)
    (card,) = office.posted()
    assert DISCARDED.ja in str(card)
    with office.ledger.read() as tx:
        assert all(each.delivered == each.wanted for each in tx.scalars(select(OwedMessage)))


def test_an_end_from_which_somebody_has_gone_on_is_not_told_and_the_next_one_is(
    office: Office, postman: Postman
) -> None:
    office.finish()
    with office.ledger.write() as tx:
        jobs.enter(tx, office.job, JobState.UNDOING)
    office.settle(postman)
    assert len(office.posted()) == 1, "the card"
    lease = claim(office.ledger)
    with office.ledger.write() as tx:
        jobs.undone(tx, lease)
    office.settle(postman)
    (told,) = [each for each in office.posted() if "-result" in each["clientAssignedMessageId"]]
    assert "元に戻しました" in str(told)
