"""Chat delivers twice and people tap twice: neither makes two of one, nor one of two."""

from typing import Any

from bot.forms import BEFORE, OPEN_FORM
from cards.job_card import AGAIN, CANCEL, HEADLINES, SHOW_ALL, UNDO
from kakari.demo.person import Json
from tests.scenario.google import Google
from tests.scenario.room import DONE, UNDONE, WAITING, Room, job_of

SHOWN = ("dialog", "closed", "notice", "error")


def said(outcome: Json) -> dict[str, Any]:
    """Return what an answer holds, without what Chat gives each message."""
    messages = [message.get("cardsV2") or message.get("text") for message in outcome["messages"]]
    shown = {key: outcome[key] for key in SHOWN} | {"messages": messages}
    if outcome["dialog"]:  # Chat numbers them
        shown["dialog"] = outcome["dialog"]["card"]
    return shown


def test_a_command_delivered_twice_opens_the_same_form(room: Room) -> None:
    outcome = room.alice.say("/project")
    assert said(room.alice.redeliver(outcome["event"])) == said(outcome)


def test_a_mention_delivered_twice_is_answered_alike(room: Room) -> None:
    outcome = room.alice.say("@Kakari 状態")
    room.memo(room.alice, "Suzuki")  # by now there would be something else to say
    assert said(room.alice.redeliver(outcome["event"])) == said(outcome)


def test_a_forms_last_page_delivered_twice_is_one_request(room: Room) -> None:
    outcome = room.ask(room.alice, {"template": "memo", "name": "Suzuki"})
    assert said(room.alice.redeliver(outcome["event"])) == said(outcome)
    room.card("Suzuki", WAITING)
    assert said(room.alice.redeliver(outcome["event"])) == said(outcome)
    assert len(room.jobs()) == 1


def test_a_tap_on_apply_delivered_twice_applies_once(room: Room) -> None:
    card = room.memo(room.alice, "Suzuki")
    outcome = room.apply(room.alice, card)
    assert outcome["error"] is None
    room.result(card)
    room.card("Suzuki", DONE)
    again = room.alice.redeliver(outcome["event"])
    assert said(again) == said(outcome)
    assert len(room.jobs()) == 1
    assert len(room.messages()) == 2, "one card, one result"


def test_a_doubled_tap_on_the_forms_button_is_one_request(room: Room, google: Google) -> None:
    outcome = room.ask(room.alice, {"template": "memo", "name": "Suzuki"})
    reply = google.once_more(outcome["event"], "2026-11-22T01:02:03.456Z")
    assert reply["action"]["notification"]["text"] == BEFORE.ja
    room.card("Suzuki", WAITING)
    assert len(room.jobs()) == 1


def test_asking_twice_on_purpose_is_two_requests(room: Room) -> None:
    for _ in range(2):
        room.ask(room.alice, {"template": "memo", "name": "Suzuki"})
    assert len(room.jobs()) == 2


def test_the_offered_form_may_be_opened_twice_for_two_requests(room: Room) -> None:
    (offer,) = room.alice.say("@Kakari 案件")["messages"]
    for name in ("Suzuki", "Tanaka"):
        dialog = room.alice.tap(offer, OPEN_FORM.ja)["dialog"]
        room.alice.send(dialog, {"template": "memo", "name": name})
    assert len({job.form for job in room.jobs()}) == 2


def assert_answered_alike(google: Google, outcome: Json) -> None:
    """Deliver the event twice more: what was answered once is answered again, to the byte."""
    first, second = (google.deliver(google.event(outcome["event"])) for _ in range(2))
    assert first.status_code == 200
    assert first.content == second.content


def test_an_undo_is_shown_and_done_once_however_often_its_taps_are_delivered(
    room: Room, google: Google
) -> None:
    card = room.memo(room.alice, "Suzuki")
    applied = room.apply(room.alice, card)
    room.result(card)
    done = room.card("Suzuki", DONE)
    every = room.bob.tap(done, SHOW_ALL.say("ja", n=2))
    opened = room.alice.tap(done, UNDO.ja)
    yes = room.alice.send(opened["dialog"], {})
    listed = room.bob.say("/jobs")
    room.result(card, end=2)
    undone = room.card("Suzuki", UNDONE)
    again = room.alice.tap(undone, AGAIN.ja)
    for outcome in (applied, every, opened, yes, listed, again):
        assert said(room.alice.redeliver(outcome["event"])) == said(outcome)
        assert_answered_alike(google, outcome)
    room.card("Suzuki", WAITING)
    assert [job.state for job in room.jobs() if job.id == job_of(card)] == ["undone"]
    assert len(room.jobs()) == 2, "what was asked for again is one more"
    ends = [m for m in room.messages() if "-result" in m.get("clientAssignedMessageId", "")]
    assert len(ends) == 2


def test_a_stop_delivered_twice_stops_once_and_is_answered_alike(
    room: Room, google: Google
) -> None:
    room.alice.say("/remind 1h お茶")
    card = room.card("お茶", "schedule")
    outcome = room.bob.tap(card, CANCEL.ja)
    again = room.bob.tap(room.card("お茶", HEADLINES["cancelled"].ja), AGAIN.ja)
    for each in (outcome, again):
        assert said(room.bob.redeliver(each["event"])) == said(each)
        assert_answered_alike(google, each)
    assert sorted(job.state for job in room.jobs()) == ["cancelled", "queued"]
