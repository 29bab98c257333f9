import secrets

import pytest

from errors.google import MessageGone, MessageRefused, OutcomeUnknown, SpaceRefused, TooMany
from simulator.chat.state import Space
from simulator.faults import Fault
from simulator.office import ALICE, ALICE_DIRECT, BOB, PROJECTS_SPACE
from workspace.caller import Caller
from workspace.chat import Chat
from workspace.quota import Quota

SPACE = PROJECTS_SPACE.name
CARD = {"cardsV2": [{"cardId": "plan", "card": {"header": {"title": "12 folders"}}}]}


class Unhurried(Quota):
    """No waits: these tests are about messages."""

    def take(self, *args, **kwargs):
        return 0.0


@pytest.fixture
def chat(clients):
    return Chat(clients, Unhurried())


@pytest.fixture
def identity():
    token = secrets.token_hex(8)
    return {"message_id": f"client-{token}", "request_id": token}


def sent(world, name):
    return world.chat.message(name)


def test_a_message_without_a_thread_starts_one(chat, identity):
    message = chat.create(SPACE, {"text": "できました"}, **identity)

    assert message.name.startswith(f"{SPACE}/messages/")
    assert message.thread.startswith(f"{SPACE}/threads/")
    assert not message.adopted


def test_messages_of_one_key_share_a_thread(chat):
    one = chat.create(
        SPACE, {"text": "1"}, message_id="client-k1", request_id="k1", thread_key="job-1"
    )
    two = chat.create(
        SPACE, {"text": "2"}, message_id="client-k2", request_id="k2", thread_key="job-1"
    )

    assert one.thread == two.thread


def test_an_answer_goes_into_the_thread_it_was_asked_in(chat, identity):
    asked = chat.create(SPACE, {"text": "?"}, message_id="client-q1", request_id="q1")

    answer = chat.create(SPACE, CARD, thread_name=asked.thread, **identity)

    assert answer.thread == asked.thread


def test_the_second_send_finds_the_first(chat, identity):
    first = chat.create(SPACE, {"text": "1"}, **identity)

    again = chat.create(SPACE, {"text": "1"}, **(identity | {"request_id": "another"}))

    assert (again.name, again.adopted) == (first.name, True)


@pytest.mark.parametrize("kind", ["apply-then-drop", "drop-before-apply", "503"])
def test_a_lost_answer_does_not_double_the_message(chat, world, identity, kind):
    world.faults.set([Fault("chat.spaces.messages.create", kind, times=1)])

    message = chat.create(SPACE, {"text": "once"}, **identity)

    assert chat.get(f"{SPACE}/messages/{identity['message_id']}").name == message.name


def test_a_message_whose_fate_is_unknown_says_so(chat, world, identity):
    world.faults.set([Fault("chat.spaces.messages.create", "apply-then-drop")])

    with pytest.raises(OutcomeUnknown):
        chat.create(SPACE, {"text": "?"}, **identity)


def test_being_asked_to_slow_down_is_left_to_the_outbox(chat, world, identity):
    world.faults.set([Fault("chat.spaces.messages.create", "429")])
    world.calls.clear()

    with pytest.raises(TooMany):
        chat.create(SPACE, {"text": "?"}, **identity)
    assert len(world.calls.to_json()) == 1


@pytest.mark.parametrize("space", ["spaces/NOWHERE", "spaces/WITHOUT-US"])
def test_a_space_that_will_never_take_it_is_refused_for_good(chat, world, identity, space):
    world.chat.add_space(Space("spaces/WITHOUT-US", "Others", app_is_member=False))
    with pytest.raises(SpaceRefused) as refused:
        chat.create(space, {"text": "?"}, **identity)
    assert refused.value.permanent


def test_a_message_that_was_deleted_is_gone_although_its_id_is_taken(chat, world, identity):
    there = chat.create(SPACE, {"text": "1"}, **identity)
    world.chat.delete(there.name)

    with pytest.raises(MessageGone):
        chat.create(SPACE, {"text": "1"}, **(identity | {"request_id": "another"}))


def test_a_message_that_chat_cannot_take_is_refused_for_good_and_its_space_is_not(chat, identity):
    with pytest.raises(MessageRefused):
        chat.create(SPACE, {"txt": "?"}, **identity)


def test_an_edit_leaves_nothing_of_what_was_there(chat, identity):
    message = chat.create(SPACE, {"text": "運転中", **CARD}, **identity)

    edited = chat.patch(message.name, {"text": "完了"})
    raw = chat._clients.chat_messages.get(name=message.name)
    with chat._clients.transport() as http:
        now = raw.execute(http=http)

    assert edited.name == message.name
    assert now["text"] == "完了"
    assert "cardsV2" not in now


def test_a_deleted_message_cannot_be_edited(chat):
    with pytest.raises(MessageGone):
        chat.patch(f"{SPACE}/messages/gone.gone", CARD)


def test_a_writer_waits_its_turn_in_each_space(clients):
    waits: list[float] = []
    caller = Caller(on_wait=lambda _bucket, seconds: waits.append(seconds))
    chat = Chat(clients, Quota(), caller)
    chat.turn(SPACE)
    chat.turn("spaces/another")
    assert waits == []
    chat.turn(SPACE)
    (wait,) = waits
    assert 0.5 < wait < 1.5


def test_a_person_is_reached_directly_only_where_a_direct_message_exists(chat):
    assert chat.direct_message(ALICE.name) is not None
    assert chat.direct_message(BOB.name) is None


def test_the_spaces_that_the_app_is_in_are_listed_over_all_pages(chat, world):
    for number in range(120):
        world.chat.add_space(Space(f"spaces/MANY{number}", f"案件 {number}", members=[ALICE.name]))
    world.chat.add_space(Space("spaces/NOTIN", "経理", app_is_member=False))

    spaces = {space.name: space.title for space in chat.spaces()}

    assert spaces["spaces/MANY119"] == "案件 119"
    assert spaces[ALICE_DIRECT.name] is None
    assert "spaces/NOTIN" not in spaces


def test_a_space_that_the_app_is_not_in_refuses_to_be_looked_at(chat, world):
    world.chat.add_space(Space("spaces/NOTIN", "経理", app_is_member=False))

    assert chat.space(SPACE).title == "案件"
    for name in ("spaces/NOTIN", "spaces/NOWHERE"):
        with pytest.raises(SpaceRefused):
            chat.space(name)
