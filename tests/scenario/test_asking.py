"""Other ways to ask: mentions, direct messages, queries, and words nobody knows."""

import re
import secrets

import pytest

from bot.desk import MEANT, UNKNOWN, WELCOME
from bot.forms import OPEN_FORM
from bot.queries import HELP, NO_JOBS, WORKING
from cards.job_card import HEADLINES
from kakari.demo.person import fields_of, text_of
from kakari.demo.stack import Stack
from simulator.office import ALICE
from tasks.project import TASK
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
    assert TASK.about.ja in text_of(offer)
    dialog = room.alice.tap(offer, OPEN_FORM.ja)["dialog"]
    assert "鈴木邸" in text_of(dialog)
    assert offer not in room.bob.messages(), "only who asks sees the offer"


def test_what_a_mention_leads_to_stays_in_its_thread(room: Room) -> None:
    offered = room.alice.say("@Kakari 案件")
    (offer,) = offered["messages"]
    dialog = room.alice.tap(offer, OPEN_FORM.ja)["dialog"]
    room.alice.send(dialog, {"template": "memo", "name": "鈴木邸"})
    card = room.card("鈴木邸", WAITING)
    assert card["thread"]["name"] == offer["thread"]["name"]


def test_a_direct_message_needs_no_mention(direct: Visitor) -> None:
    (offer,) = direct.say("案件 鈴木邸")["messages"]
    dialog = direct.tap(offer, OPEN_FORM.ja)["dialog"]
    assert fields_of(dialog) == ["name", "customer", "template"]
    assert "鈴木邸" in text_of(dialog)


@pytest.mark.parametrize("text", ["@Kakari", "@Kakari help", "@Kakari ヘルプ", "/help"])
def test_a_bare_mention_is_answered_with_what_kakari_can_do(room: Room, text: str) -> None:
    heard = room.heard(room.alice, room.alice.say(text))
    for word in (HELP.ja, "/project", "/jobs", "/status", "/help", "@Kakari 案件"):
        assert word in heard
    assert not re.search(UNKNOWN.say("ja", word=".*"), heard)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("@Kakari projekt", "project"), ("@Kakari job", "jobs"), ("@Kakari ラーメン", "")],
)
def test_a_word_nobody_knows_gets_what_it_may_have_meant_and_help(
    room: Room, text: str, meant: str
) -> None:
    heard = room.heard(room.alice, room.alice.say(text))
    assert UNKNOWN.say("ja", word=text.split()[1]) in heard
    assert (MEANT.say("ja", word=meant) in heard) == bool(meant)
    assert HELP.ja in heard


def test_queries_are_answered_to_the_asker_alone_and_in_their_language(room: Room) -> None:
    assert NO_JOBS.ja in room.heard(room.alice, room.alice.say("/jobs"))
    room.memo(room.alice, "Suzuki")
    jobs = room.heard(room.bob, room.bob.say("/jobs"))
    assert "Project: Suzuki" in jobs
    assert HEADLINES["waiting"].en in jobs
    assert re.search(r"\d seconds? ago", jobs)
    status = room.heard(room.bob, room.bob.say("/status"))
    assert re.search(WORKING.say("en", n=r"\d+"), status)
    help_ = room.heard(room.bob, room.bob.say("/help"))
    for text in (jobs, status, help_):
        assert not JAPANESE.search(text), text
    status = room.heard(room.alice, room.alice.say("@Kakari 状態"))
    assert re.search(WORKING.say("ja", n=r"\d+"), status)
    assert len(room.messages()) == 1 + 3, "Bob sees the card, and what he himself asked for"


def test_a_space_lists_its_own_jobs_and_a_direct_message_the_askers(
    room: Room, stack: Stack, direct: Visitor
) -> None:
    room.memo(room.alice, "Suzuki")
    elsewhere = Room(stack, f"{room.space}x")
    members = [elsewhere.alice.name, elsewhere.bob.name]
    stack.control("spaces", {"name": elsewhere.space, "display_name": "他", "members": members})
    assert NO_JOBS.en in elsewhere.heard(elsewhere.bob, elsewhere.bob.say("/jobs"))
    assert NO_JOBS.ja in elsewhere.heard(elsewhere.alice, elsewhere.alice.say("/jobs"))
    assert "Suzuki" in room.heard(direct, direct.say("/jobs"))


def test_kakari_greets_a_space_it_is_added_to(stack: Stack) -> None:
    space = f"spaces/NEW{secrets.token_hex(4)}"
    body = {"name": space, "display_name": "新", "members": [ALICE.name], "app_is_member": False}
    stack.control("spaces", body)
    alice = Visitor(stack.page, ALICE.name, space)
    heard = Room(stack, space).heard(alice, alice.join())
    assert WELCOME.ja in heard
    assert "/project" in heard


def test_a_mention_that_adds_kakari_is_answered_once(stack: Stack) -> None:
    space = f"spaces/NEW{secrets.token_hex(4)}"
    body = {"name": space, "display_name": "新", "members": [ALICE.name], "app_is_member": False}
    stack.control("spaces", body)
    alice = Visitor(stack.page, ALICE.name, space)
    outcome = alice.say("@Kakari 案件")
    assert len(outcome["messages"]) == 1
    assert OPEN_FORM.ja in text_of(outcome["messages"])
