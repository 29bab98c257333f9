"""/audit in Chat: from the list to every single note, by taps alone."""

import re
import secrets

from cards.audit_card import SHOW, WORDS
from cards.job_card import ASKED_BY
from cards.lists import NEXT
from kakari.demo.person import buttons_of, text_of
from kakari.demo.stack import Stack
from ledger.audit import EffectNote, note_effects
from tasks.project import TASK
from tests.scenario.room import JAPANESE, Room, job_of, opened


def note_files(stack: Stack, job: str, count: int) -> None:
    notes = [EffectNote(f"/{number:03}.txt", "drive.file", "done") for number in range(count)]
    with opened(stack) as ledger, ledger.write() as tx:
        note_effects(tx, job, notes)


def test_the_audit_leads_from_the_list_to_every_note(room: Room, stack: Stack) -> None:
    card = room.memo(room.alice, "Suzuki")
    note_files(stack, job_of(card), 130)
    outcome = room.bob.say("/audit")
    listed = room.heard(room.bob, outcome)
    assert f"{TASK.title.en}: Suzuki" in listed
    assert f"{WORDS['effect.done'].en}: 130" in listed
    (message,) = outcome["messages"]
    assert message not in room.alice.messages(), "only who asks sees it"
    dialog = room.bob.tap(message, SHOW.en)["dialog"]
    pages = [text_of(dialog)]
    while NEXT.en in buttons_of(dialog):
        dialog = room.bob.send(dialog, {}, NEXT.en)["dialog"]
        pages.append(text_of(dialog))
    files = [name for page in pages for name in re.findall(r"/(\d{3})\.txt", page)]
    assert files == [f"{number:03}" for number in range(130)]


def test_the_audit_of_one_request_is_told_at_once_and_goes_on_in_a_dialog(
    room: Room, stack: Stack
) -> None:
    name = f"鈴木邸{secrets.token_hex(3)}"
    note_files(stack, job_of(room.memo(room.alice, name)), 70)
    outcome = room.alice.say(f"@Kakari 監査 {name}")
    assert f"{TASK.title.ja}: {name}" in room.heard(room.alice, outcome)
    (message,) = outcome["messages"]
    dialog = room.alice.tap(message, NEXT.ja)["dialog"]
    assert "/069.txt" in text_of(dialog)


def test_words_that_mean_nothing_here_get_a_sentence_in_the_persons_language(room: Room) -> None:
    room.memo(room.alice, "Suzuki")
    heard = room.heard(room.bob, room.bob.say("/audit P-1999-0001"))
    assert "There is no request here with “P-1999-0001”" in heard
    assert not JAPANESE.search(heard)
    assert ASKED_BY.say("en", who="Alice") not in heard
