"""What one may do is what the permissions file says at that moment, on every way there is."""

from collections.abc import Callable

from bot.forms import OPEN_FORM
from cards.job_card import APPLY
from errors.asking import NotAllowed, PermissionsUncertain
from kakari.demo.person import Json, text_of
from kakari.demo.stack import Stack
from ledger.models import JobState
from simulator.office import ALICE, BOB, CHARLIE
from tests.scenario.room import Room, Visitor

Write = Callable[..., None]
REFUSED = {person.name: NotAllowed().say(person.locale) for person in (ALICE, BOB, CHARLIE)}


def refused(room: Room, person: Visitor, outcome: Json) -> bool:
    return room.heard(person, outcome).endswith(REFUSED[person.name])


def test_a_change_of_the_file_holds_from_the_next_tap_on(room: Room, write: Write) -> None:
    assert refused(room, room.charlie, room.charlie.say("/project"))
    write(ask=[CHARLIE.email], approve=[])
    card = room.memo(room.charlie, "Suzuki")
    assert "Charlie" in text_of(card)
    assert refused(room, room.alice, room.alice.say("/project"))


def test_while_the_file_has_a_mistake_in_it_people_still_ask_and_nobody_approves(
    room: Room, stack: Stack, write: Write
) -> None:
    waiting = room.memo(room.alice, "Suzuki")
    write(ask=["no such group"], approve=[])
    room.memo(room.alice, "Tanaka")
    heard = room.heard(room.bob, room.bob.tap(waiting, APPLY.ja))
    assert PermissionsUncertain().say("en") in heard
    assert {job.state for job in room.jobs()} == {JobState.WAITING}
    assert refused(room, room.charlie, room.charlie.say("/project"))
    log = (stack.folder / "logs" / "bot.log").read_text()
    assert "there is no group no such group" in log


def test_who_may_approve_but_not_ask_is_refused_on_every_way_to_ask(
    room: Room, write: Write
) -> None:
    card = room.memo(room.alice, "Suzuki")
    (offer,) = room.bob.say("@Kakari project")["messages"]
    dialog = room.bob.say("/project")["dialog"]
    write(ask=[ALICE.email], approve=[BOB.email])
    for outcome in (
        room.bob.send(dialog, {"template": "memo", "name": "Tanaka"}),
        room.bob.say("/project"),
        room.bob.say("@Kakari 案件"),
        room.bob.tap(offer, OPEN_FORM.en),
        room.bob.tap(card, "修正する"),
    ):
        assert refused(room, room.bob, outcome), outcome
    assert [(job.subject, job.state) for job in room.jobs()] == [("Suzuki", JobState.WAITING)]
    room.apply(room.bob, card)
    room.result(card)


def test_help_and_its_guesses_show_what_one_may_ask_for(room: Room, write: Write) -> None:
    more = f'[queries.status]\nask = ["{ALICE.email}"]\n'
    write(ask=[ALICE.email], approve=[BOB.email], more=more)
    alices = room.heard(room.alice, room.alice.say("/help"))
    bobs = room.heard(room.bob, room.bob.say("@Kakari projekt"))
    offered = {word: (word in alices, word in bobs) for word in ("/project", "/status", "/jobs")}
    assert offered == {"/project": (True, False), "/status": (True, False), "/jobs": (True, True)}
    assert refused(room, room.bob, room.bob.say("/status"))


def test_a_list_shows_ones_own_requests_and_those_of_tasks_one_has_to_do_with(
    room: Room, write: Write
) -> None:
    room.memo(room.alice, "Suzuki")
    room.memo(room.bob, "Tanaka")
    more = f"[queries.jobs]\nask = {[ALICE.email, BOB.email]}\n"
    write(ask=[], approve=[ALICE.email], more=more)
    lists = [room.heard(each, each.say("/jobs")) for each in (room.alice, room.bob)]
    shown = [{name for name in ("Suzuki", "Tanaka") if name in text} for text in lists]
    assert shown == [{"Suzuki", "Tanaka"}, {"Tanaka"}]
