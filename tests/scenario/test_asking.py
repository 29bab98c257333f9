"""Other ways to ask: mentions, direct messages, queries, and words nobody knows."""

import re
import secrets

import pytest

from kakari.demo.person import fields_of, text_of
from kakari.demo.stack import Stack
from simulator.office import ALICE
from tests.scenario.room import JAPANESE, WAITING, Room, Visitor


@pytest.fixture
def direct(stack: Stack) -> Visitor:
    """Alice, alone with Kakari."""
    space = f"spaces/DM{secrets.token_hex(4)}"
    body = {"name": space, "display_name": "", "space_type": "DIRECT_MESSAGE"}
    stack.control("spaces", {**body, "members": [ALICE.name]})
    return Visitor(stack.page, ALICE.name, space)


@pytest.mark.parametrize(
    "text",
    [
        "@Kakari 案件 鈴木邸",
        "@Kakari　案件　鈴木邸",
        "@Kakari Ｐｒｏｊｅｃｔ 鈴木邸",
        "@Kakari プロジェクト\n鈴木邸",
    ],
)
def test_a_mention_offers_the_form_with_what_was_said_already_in_it(room: Room, text: str) -> None:
    (offer,) = room.alice.say(text)["messages"]
    assert "案件のフォルダと書類をひな形から作ります" in text_of(offer)
    dialog = room.alice.tap(offer, "フォームを開く")["dialog"]
    assert "鈴木邸" in text_of(dialog)
    assert offer not in room.bob.messages(), "only who asks sees the offer"


def test_what_a_mention_leads_to_stays_in_its_thread(room: Room) -> None:
    offered = room.alice.say("@Kakari 案件")
    (offer,) = offered["messages"]
    dialog = room.alice.tap(offer, "フォームを開く")["dialog"]
    room.alice.send(dialog, {"template": "memo", "name": "鈴木邸"})
    card = room.card("鈴木邸", WAITING)
    assert card["thread"]["name"] == offer["thread"]["name"]


def test_a_direct_message_needs_no_mention(direct: Visitor) -> None:
    (offer,) = direct.say("案件 鈴木邸")["messages"]
    dialog = direct.tap(offer, "フォームを開く")["dialog"]
    assert fields_of(dialog) == ["name", "customer", "template"]
    assert "鈴木邸" in text_of(dialog)


@pytest.mark.parametrize("text", ["@Kakari", "@Kakari help", "@Kakari ヘルプ", "/help"])
def test_a_bare_mention_is_answered_with_what_kakari_can_do(room: Room, text: str) -> None:
    heard = room.heard(room.alice, room.alice.say(text))
    for word in ("できること", "/project", "/jobs", "/status", "/help", "@Kakari 案件"):
        assert word in heard
    assert "分かりません" not in heard


@pytest.mark.parametrize(
    ("text", "meant"),
    [("@Kakari projekt", "project"), ("@Kakari job", "jobs"), ("@Kakari ラーメン", "")],
)
def test_a_word_nobody_knows_gets_what_it_may_have_meant_and_help(
    room: Room, text: str, meant: str
) -> None:
    heard = room.heard(room.alice, room.alice.say(text))
    assert f"「{text.split()[1]}」は分かりません。" in heard
    assert ("のことですか" in heard) == bool(meant)
    assert f"/{meant}" in heard
    assert "できること" in heard


def test_queries_are_answered_to_the_asker_alone_and_in_their_language(
    room: Room, stack: Stack
) -> None:
    name = f"users/{secrets.randbelow(10**20)}"
    email = "dana@fuji-kanagata.example"
    stack.control(
        "people", {"name": name, "display_name": "Dana", "email": email, "locale": "en-GB"}
    )
    members = [room.alice.name, room.bob.name, name]
    stack.control("spaces", {"name": room.space, "display_name": "案件", "members": members})
    dana = Visitor(stack.page, name, room.space)
    assert "Nothing has been asked for yet." in room.heard(dana, dana.say("/jobs"))
    room.memo(room.alice, "Suzuki")
    jobs = room.heard(dana, dana.say("/jobs"))
    assert "Project: Suzuki" in jobs
    assert re.search(r"Shall I go ahead\? · \d seconds? ago", jobs)
    status = room.heard(dana, dana.say("/status"))
    assert "The queue is up." in status
    help_ = room.heard(dana, dana.say("/help"))
    for text in (jobs, status, help_):
        assert not JAPANESE.search(text), text
    assert "受付とキューは動いています。" in room.heard(room.alice, room.alice.say("@Kakari 状態"))
    assert len(room.messages()) == 1, "Bob sees the card, and nothing that others asked for"


def test_jobs_of_another_space_are_not_listed_to_those_who_did_not_ask(
    room: Room, stack: Stack
) -> None:
    room.memo(room.alice, "Suzuki")
    elsewhere = Room(stack, f"{room.space}x")
    members = [elsewhere.alice.name, elsewhere.bob.name]
    stack.control("spaces", {"name": elsewhere.space, "display_name": "他", "members": members})
    assert "Suzuki" not in elsewhere.heard(elsewhere.bob, elsewhere.bob.say("/jobs"))
    assert "Suzuki" in elsewhere.heard(elsewhere.alice, elsewhere.alice.say("/jobs"))


def test_kakari_greets_a_space_it_is_added_to(stack: Stack) -> None:
    space = f"spaces/NEW{secrets.token_hex(4)}"
    body = {"name": space, "display_name": "新", "members": [ALICE.name], "app_is_member": False}
    stack.control("spaces", body)
    alice = Visitor(stack.page, ALICE.name, space)
    heard = Room(stack, space).heard(alice, alice.join())
    assert "はじめまして" in heard
    assert "/project" in heard


def test_a_mention_that_adds_kakari_is_answered_once(stack: Stack) -> None:
    space = f"spaces/NEW{secrets.token_hex(4)}"
    body = {"name": space, "display_name": "新", "members": [ALICE.name], "app_is_member": False}
    stack.control("spaces", body)
    alice = Visitor(stack.page, ALICE.name, space)
    outcome = alice.say("@Kakari 案件")
    assert len(outcome["messages"]) == 1
    assert "フォームを開く" in text_of(outcome["messages"])
