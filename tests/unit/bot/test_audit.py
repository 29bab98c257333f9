"""/audit tells the asker alone, and nothing that this place may not know."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import redis

from bot.audit import audit, turn
from bot.event import Event
from bot.permissions import Permissions
from bot.query import AtHand
from bot.reply import OpenDialog, Post, Reply, UpdateDialog
from bot.rules import ApprovalRule, People, Rules
from bot.wire import parse
from cards.audit_card import LATEST, NONE, SHOW, WORDS
from cards.lists import NEXT
from errors.asking import JobUnknown, NothingFound
from kakari.demo.person import buttons_of, text_of
from ledger import history
from ledger.audit import EffectNote, What, Who, note, note_effects
from ledger.bell import Bell
from ledger.database import Ledger
from ledger.models import AuditRow
from tasks.registry import all_tasks
from tests.unit.bot import events
from tests.unit.bot.events import ALICE, ALICES_DM, BOB, OFFICE, Body
from tests.unit.ledger.office import approve, ask, show_plan

URL = "https://kakari.example.com/chat"
AUDITOR = "bob@example.com"
BOTH = People("ask", {"alice@example.com": "ask", AUDITOR: "ask"})
RULES = Rules(
    everybody=BOTH,
    spaces=frozenset(),
    askers={"audit": BOTH, **dict.fromkeys(all_tasks(), BOTH)},
    approvals={task: (ApprovalRule(0, BOTH, True, 1),) for task in all_tasks()},
    auditors=People("audit", {AUDITOR: "audit"}),
)
AT_HAND = AtHand(
    Bell(redis.Redis()),
    URL,
    ZoneInfo("Asia/Tokyo"),
    Permissions(Path("nowhere"), all_tasks(), ["audit"], (None, RULES)),
)
HERE = {"space": OFFICE["name"], "asker": ALICE["name"]}


def said(text: str = "", by: Body = ALICE, where: Body = OFFICE) -> Event:
    """What the desk hands on of a command: the words behind it."""
    event = parse(events.mention(text or None, sender=by, space=where)[1] | {"user": by})
    assert event is not None
    return event


def tapped(job: str, page: str = "0", user: Body = ALICE, **flags: object) -> Event:
    pressed = {"action": "audit", "job": job, "page": page}
    event = parse(events.click(pressed, user=user, **flags)[0])
    assert event is not None
    return event


def answered(ledger: Ledger, event: Event) -> Reply:
    with ledger.read() as tx:
        return audit(event, AT_HAND)(tx).reply


def told(ledger: Ledger, event: Event) -> str:
    reply = answered(ledger, event)
    assert isinstance(reply, Post)
    assert reply.private_to == event.user.name
    return text_of(reply.message)


def noted(ledger: Ledger, job: str) -> list[AuditRow]:
    with ledger.read() as tx:
        return history.notes(tx, job)


def shown(ledger: Ledger, event: Event) -> Reply:
    with ledger.read() as tx:
        return turn(event, AT_HAND)(tx).reply


def test_without_words_the_latest_jobs_are_listed(ledger: Ledger) -> None:
    assert NONE.ja in told(ledger, said())
    for number in range(11):
        ask(ledger, **HERE, subject=f"案件{number}")
    listed = told(ledger, said())
    assert re.findall(r": 案件(\d+)", listed) == [str(number) for number in range(10, 0, -1)]
    assert LATEST.say("ja", n=10) in listed


def test_one_job_is_told_whole_in_the_askers_language_and_the_offices_time(
    ledger: Ledger,
) -> None:
    job, plan = show_plan(ledger)
    approve(ledger, job, plan)
    with ledger.write() as tx:
        note(tx, job, What.APPROVED, Who("users/2", "Bob"), plan=plan.hash)
        link = "https://drive.example.com/r"
        why = {"en": "It has no room.", "ja": "空きがありません。"}
        notes = [
            EffectNote("/", "drive.folder", "done", link),
            EffectNote("/図面", "drive.folder", "failed", why=why),
        ]
        note_effects(tx, job, notes)
    alice = {**ALICE, "name": "users/1"}
    (row, *_) = noted(ledger, job)
    tokyo = row.at.astimezone(AT_HAND.zone)
    in_japanese = told(ledger, said(f"P-{tokyo.year}-0001", alice, ALICES_DM))
    moment = f"{tokyo:%Y-%m-%d %H}:[0-9]{{2}}"
    assert re.search(rf"{moment} 承認 · Bobさん · 内容 {plan.hash[:8]}", in_japanese)
    assert re.search(
        rf"{moment} 実行済み · 📁 P-\d{{4}}-0001 鈴木邸 · <a href=\"{link}\"", in_japanese
    )
    assert re.search(rf"{moment} 実行できず · 📁 図面 · 空きがありません。", in_japanese)


def test_several_jobs_that_are_meant_are_listed_to_choose_from(ledger: Ledger) -> None:
    for subject in ("鈴木邸", "鈴木ビル", "田中邸"):
        ask(ledger, **HERE, subject=subject)
    reply = answered(ledger, said("鈴木"))
    assert isinstance(reply, Post)
    assert buttons_of(dict(reply.message)) == [SHOW.ja] * 2
    assert "田中" not in text_of(dict(reply.message))


def test_words_that_mean_no_job_here_get_a_sentence(ledger: Ledger) -> None:
    ask(ledger, space="spaces/elsewhere", asker=ALICE["name"], subject="鈴木邸")
    with pytest.raises(NothingFound, match="鈴木"):
        answered(ledger, said("鈴木"))


def test_a_space_tells_its_own_jobs_even_to_an_auditor(ledger: Ledger) -> None:
    ask(ledger, **HERE, subject="ここ")
    ask(ledger, space="spaces/elsewhere", asker=BOB["name"], subject="よそ")
    for person in (ALICE, BOB):
        listed = told(ledger, said(by=person))
        assert "ここ" in listed
        assert "よそ" not in listed


def test_a_direct_message_tells_the_askers_own_jobs_and_an_auditor_all(ledger: Ledger) -> None:
    ask(ledger, space="spaces/one", asker=ALICE["name"], subject="Aliceの件")
    ask(ledger, space="spaces/two", asker=BOB["name"], subject="Bobの件")
    to_alice = told(ledger, said(where=ALICES_DM))
    assert "Aliceの件" in to_alice
    assert "Bobの件" not in to_alice
    to_auditor = told(ledger, said(by=BOB, where=ALICES_DM))
    assert "Aliceの件" in to_auditor
    assert "Bobの件" in to_auditor


def test_a_long_record_pages_on_in_a_dialog(ledger: Ledger) -> None:
    job = ask(ledger, **HERE, subject="鈴木邸")
    with ledger.write() as tx:
        note_effects(tx, job, [EffectNote(f"/{n:03}", "drive.file", "done") for n in range(130)])
    first = answered(ledger, said("鈴木邸"))
    assert isinstance(first, Post)
    assert "'interaction': 'OPEN_DIALOG'" in str(first.message)
    assert buttons_of(dict(first.message)) == [NEXT.ja]
    second = shown(ledger, tapped(job, "1", isDialogEvent=True, dialogEventType="REQUEST_DIALOG"))
    third = shown(ledger, tapped(job, "2", isDialogEvent=True, dialogEventType="SUBMIT_DIALOG"))
    assert isinstance(second, OpenDialog)
    assert isinstance(third, UpdateDialog)
    pages = [text_of(dict(card)) for card in (first.message, second.card, third.card)]
    effects = [key for page in pages for key in re.findall(r"/(\d{3})\b", page)]
    assert effects == [f"{n:03}" for n in range(130)]
    assert all(
        page.count(WORDS["effect.done"].ja) == n
        for page, n in zip(pages, (59, 60, 11), strict=True)
    )


def test_a_tap_reaches_no_job_that_this_place_may_not_know(ledger: Ledger) -> None:
    elsewhere = ask(ledger, space="spaces/elsewhere", asker=ALICE["name"])
    for job in (elsewhere, "no-such-job", ""):
        with pytest.raises(JobUnknown):
            shown(ledger, tapped(job))
