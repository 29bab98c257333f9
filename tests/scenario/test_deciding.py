"""What people decide on a card: apply, edit, discard, look at everything."""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from cards.job_card import APPLIED_BY, DISCARD, DISCARDED_BY, EDIT, SHOW_ALL
from cards.lists import BACK, NEXT, PAGE
from errors.asking import AlreadyDecided, StalePlan
from kakari.demo.person import buttons_of, text_of
from kakari.demo.proof import prove
from ledger.models import JobState, Number
from tests.scenario.room import CANCELLED, DONE, WAITING, Room, job_of, opened


def test_an_edit_asks_again_with_what_was_said_and_shows_a_new_plan_on_the_same_card(
    room: Room,
) -> None:
    outcome = room.ask(
        room.alice,
        {"template": "web-agency", "name": "Suzuki", "customer": "鈴木製作所"},
        {"pages": "42", "maintenance": ""},
    )
    assert outcome["closed"], outcome
    first = room.card("Suzuki", WAITING)

    dialog = room.alice.tap(first, EDIT.ja)["dialog"]
    assert "Suzuki" in text_of(dialog)
    assert "鈴木製作所" in text_of(dialog)
    page = room.alice.send(dialog, {"name": "Tanaka"})["dialog"]
    assert "42" in text_of(page)
    assert room.alice.send(page, {})["closed"]

    second = room.card("Tanaka", WAITING)
    assert second["name"] == first["name"]
    stale = room.apply(room.alice, first)
    assert StalePlan().say("ja") in room.heard(room.alice, stale)
    assert [job.state for job in room.jobs()] == [JobState.WAITING]

    room.apply(room.alice, second)
    assert "Tanaka" in text_of(room.result(second))
    assert "Suzuki" not in text_of(room.card("Tanaka", DONE))


def test_an_edit_keeps_a_switch_that_was_turned_off_and_a_field_that_was_emptied(
    room: Room,
) -> None:
    room.ask(
        room.bob,
        {"template": "web-agency", "name": "Suzuki", "customer": "Suzuki Ltd"},
        {"analytics": "", "maintenance": "", "domain": "suzuki.example"},
    )
    dialog = room.bob.tap(room.card("Suzuki", WAITING), EDIT.en)["dialog"]
    page = room.bob.send(dialog, {"name": "Tanaka", "customer": ""})["dialog"]
    room.bob.send(page, {"domain": ""})
    room.card("Tanaka", WAITING)
    (job,) = room.jobs()
    assert job.request["customer"] == ""
    (answers,) = job.request["answers"]
    assert (answers["analytics"], answers["maintenance"], answers["domain"]) == (False, False, "")


def test_a_discarded_plan_makes_nothing_and_cannot_be_applied_any_more(room: Room) -> None:
    card = room.memo(room.alice, "Suzuki")
    room.bob.tap(card, DISCARD.ja)
    discarded = room.card("Suzuki", CANCELLED)
    assert DISCARDED_BY.say("ja", who="Bob Yamada") in text_of(discarded)
    late = room.heard(room.alice, room.apply(room.alice, card))
    decided = AlreadyDecided(who="Bob Yamada").say("ja")
    assert decided in late
    edit = room.heard(room.alice, room.alice.tap(card, EDIT.ja))
    assert decided in edit
    (job,) = room.jobs()
    assert (job.state, job.bindings) == (JobState.CANCELLED, {})


def test_show_all_pages_through_every_single_line(
    room: Room, passing_template: Callable[..., str]
) -> None:
    long = "あ" * 60
    files = {f"{folder:02} {long}/{file:02}.txt": "x" for folder in range(14) for file in range(9)}
    template = passing_template(files)
    room.ask(room.alice, {"template": template, "name": "Suzuki"})
    card = room.card("Suzuki", WAITING)
    dialog = room.alice.tap(card, SHOW_ALL.say("ja", n=141))["dialog"]
    pages = [text_of(dialog)]
    while NEXT.ja in buttons_of(dialog):
        dialog = room.alice.send(dialog, {}, NEXT.ja)["dialog"]
        pages.append(text_of(dialog))
    lines = [line for page in pages for line in page.splitlines() if re.search("[📁📄]", line)]
    assert len(lines) == 141
    for folder in range(14):
        assert sum(f"{folder:02} {long}" in line for line in lines) == 1
    assert not [line for line in lines if line.rstrip().endswith(("…", "..."))]
    assert PAGE.say("ja", first=121, last=141, total=141) in pages[-1]
    back = room.alice.send(dialog, {}, BACK.ja)["dialog"]
    assert text_of(back) == pages[-2]


def test_of_two_who_tap_apply_at_once_one_wins_and_the_other_hears_who(room: Room) -> None:
    card = room.memo(room.bob, "Suzuki")
    with ThreadPoolExecutor(2) as both:
        taps = [both.submit(room.apply, person, card) for person in (room.alice, room.bob)]
    by_alice, by_bob = (tap.result() for tap in taps)
    told = text_of(by_alice["messages"]) + text_of(by_bob["messages"])
    told += "".join(m.get("text", "") for o in (by_alice, by_bob) for m in o["messages"])
    lost_by_alice = AlreadyDecided(who="Bob Yamada").say("ja") in told
    lost_by_bob = AlreadyDecided(who="Alice 佐藤").say("en") in told
    assert lost_by_alice != lost_by_bob, told
    winner = "Bob Yamada" if lost_by_alice else "Alice 佐藤"
    assert APPLIED_BY.say("en", who=winner) in text_of(room.card("Suzuki", DONE))
    assert [m for m in room.messages() if str(m.get("clientAssignedMessageId")).endswith("result")]
    assert [f.text for f in prove(room.stack.settings, job_of(card)) if not f.true] == []


def test_two_projects_approved_at_once_get_consecutive_numbers(room: Room) -> None:
    cards = [room.memo(room.alice, name) for name in ("Suzuki", "Tanaka")]
    with ThreadPoolExecutor(2) as both:
        list(both.map(room.apply, (room.alice, room.bob), cards))
    with opened(room.stack) as ledger, ledger.read() as tx:
        register = sorted(
            (each.year, each.number) for each in tx.query(Number).filter_by(series="project")
        )
        own = sorted(
            (number.year, number.number)
            for card in cards
            for number in tx.query(Number).filter_by(job_id=job_of(card))
        )
    years = Counter(year for year, _ in register)
    whole = [(year, number) for year in sorted(years) for number in range(1, years[year] + 1)]
    assert register == whole, "the register has no gap, and begins anew with the year"
    assert register.index(own[1]) == register.index(own[0]) + 1
    for card in cards:
        room.result(card)
