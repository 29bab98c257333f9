"""A permissions file that cannot be used: asking goes on for a while, deciding stops, one is told."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.permissions import GRACE, Permissions
from bot.queries import QUERIES
from bot.standing import ABOUT, Standing
from cards.notice import notice_message
from errors.asking import (
    NotAllowed,
    PermissionsLapsed,
    PermissionsUncertain,
    StalePlan,
)
from errors.settings import PermissionsBroken, PermissionsUnread, SettingsError
from ledger import notices, schedule
from ledger.database import Ledger
from ledger.models import JobState, OwedMessage
from ledger.owed import NOTICE
from tasks.registry import all_tasks
from tests.unit.bot.events import ALICE, BOB, CHARLIE, OFFICE
from tests.unit.bot.front import ADMINS, OPEN, SHEET, Front
from tests.unit.ledger.office import ask


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def front(ledger: Ledger, tmp_path: Path, clock: Clock) -> Front:
    return Front(ledger, tmp_path, OPEN, clock)


def remove(file: Path) -> None:
    file.unlink()


def make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def make_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def make_large(file: Path) -> None:
    with file.open("wb") as writer:
        writer.truncate(100_000_000)


def nest(file: Path) -> None:
    groups = "".join(f'g{n} = ["g{n + 1}"]\n' for n in range(2_000))
    file.write_text(f'[groups]\n{groups}g2000 = ["a@x.example"]\n{OPEN}')


BROKEN: dict[str, Callable[[Path], None]] = {
    "a slip": lambda file: void(file.write_text(OPEN + "[tasks")),
    "no such group": lambda file: void(file.write_text('[audit]\nsee = ["nobody"]')),
    "deleted": remove,
    "a folder": make_folder,
    "a pipe": make_pipe,
    "100 MB": make_large,
    "not UTF-8": lambda file: void(file.write_bytes("# 権限".encode("shift_jis"))),
    "UTF-16": lambda file: void(file.write_bytes(OPEN.encode("utf-16"))),
    "nested groups": nest,
    "nested lists": lambda file: void(file.write_text("a = " + "[" * 100_000)),
    "a link to itself": lambda file: (file.unlink(), file.symlink_to(file))[1],
}


def void(_: object) -> None:
    """Forget what a call returned."""


@pytest.mark.parametrize("how", BROKEN)
def test_however_the_file_is_spoilt_deciding_stops_and_asking_goes_on_for_fifteen_minutes(
    front: Front, clock: Clock, how: str
) -> None:
    job, plan = front.waiting()
    BROKEN[how](front.permissions)
    assert PermissionsUncertain().say("ja") in front.tap(BOB, "apply", job, plan=plan.hash)
    for passed, lapsed in ((0.0, False), (GRACE - 1, False), (GRACE, True), (GRACE * 9, True)):
        clock.now = 1_000 + passed
        said = front.tap(ALICE, "ask", task="party")
        assert (PermissionsLapsed().say("ja") in said) == lapsed, passed
        assert ("postal" in said) != lapsed, "the form"
        assert NotAllowed().say("ja") not in said
        assert NotAllowed().say("ja") in front.tap(CHARLIE, "ask", task="party"), "as before"
    assert front.job(job).state == JobState.WAITING


def test_a_good_save_has_everything_work_again_at_once(front: Front, clock: Clock) -> None:
    job, plan = front.waiting()
    for after in (1.0, GRACE * 2):
        front.permissions.write_text("[tasks")
        assert PermissionsUncertain().say("ja") in front.tap(BOB, "apply", job, plan=plan.hash)
        clock.now += after
        front.permissions.write_text(OPEN)
        assert StalePlan().say("ja") in front.tap(BOB, "apply", job, plan="0" * 64)
    front.tap(BOB, "apply", job, plan=plan.hash)
    assert front.job(job).state == JobState.QUEUED


def test_the_fifteen_minutes_begin_with_the_first_bad_reading_and_not_anew_with_each_save(
    front: Front, clock: Clock
) -> None:
    for n in range(4):
        front.permissions.write_text(f"[tasks {n}")
        said = front.tap(ALICE, "ask", task="party")
        assert (PermissionsLapsed().say("ja") in said) == (n == 3)
        clock.now += GRACE / 3


@pytest.mark.parametrize(
    "action", ["apply", "discard", "cancel", "edit", "retry", "undo", "happened", "did_not"]
)
def test_nothing_of_others_is_decided_while_it_is_uncertain_who_may(
    front: Front, action: str
) -> None:
    job, plan = front.waiting()
    front.permissions.write_text("[tasks")
    assert PermissionsUncertain().say("ja") in front.tap(BOB, action, job, plan=plan.hash)
    assert front.job(job).state == JobState.WAITING


def test_no_question_is_answered_while_it_is_uncertain_who_may(front: Front) -> None:
    job = ask(front.ledger, task="sync", request={}, space=OFFICE["name"])
    front.change(job, state=JobState.DONE)
    with front.ledger.write() as tx:
        schedule.of(tx, SHEET)
        schedule.ask(tx, SHEET, [schedule.Asked("q", "deleted", "P-1", {"name": ""})], [], job)
    front.permissions.write_text("[tasks")
    said = front.tap(ALICE, "answer", job, question="q", answer="back")
    assert PermissionsUncertain().say("ja") in said
    with front.ledger.read() as tx:
        assert len(schedule.open_questions(tx)) == 1


def test_ones_own_request_is_discarded_also_then(front: Front) -> None:
    job, plan = front.waiting()
    front.permissions.write_text("[tasks")
    front.tap(ALICE, "discard", job, plan=plan.hash)
    assert front.job(job).state == JobState.CANCELLED


def told(ledger: Ledger) -> list[tuple[str, str]]:
    with ledger.read() as tx:
        rows = tx.scalars(select(OwedMessage).where(OwedMessage.role == NOTICE)).all()
    rows = sorted(rows, key=lambda row: row.message_id)
    return [(row.space, (row.notice or {})["en"]) for row in rows]


def test_the_admin_space_is_told_once_of_each_bad_save_and_once_of_the_good_one(
    front: Front,
) -> None:
    front.tap(ALICE, "ask", task="party")
    assert told(front.ledger) == [], "nothing has happened"
    for text in ("[tasks", "[tasks", "[audit]\nsee = ['nobody']"):
        front.permissions.write_text(text)
        for person in (ALICE, BOB, CHARLIE):
            front.tap(person, "ask", task="party")
    front.permissions.write_text(OPEN)
    front.tap(ALICE, "ask", task="party")
    front.tap(BOB, "ask", task="party")
    spaces, said = zip(*told(front.ledger), strict=True)
    assert set(spaces) == {ADMINS}
    assert ["not TOML" in said[0], "no group nobody" in said[1], "again" in said[2]] == [True] * 3
    assert len(said) == 3
    assert str(front.permissions) in said[0]


def test_several_processes_tell_it_once_and_one_that_comes_later_tells_that_it_is_good(
    ledger: Ledger, tmp_path: Path, clock: Clock
) -> None:
    file = tmp_path / "permissions.toml"
    file.write_text(OPEN)

    def process() -> Standing:
        known = Permissions.load(file, all_tasks(), QUERIES, clock)
        return Standing(ledger, known, ADMINS)

    processes = [process(), process(), process()]
    file.unlink()
    for each in processes:
        each.tell()
    assert len(told(ledger)) == 1
    file.write_text(OPEN)
    process().tell()  # the others were stopped meanwhile
    for each in processes:
        each.tell()
    assert ["again" in said for _, said in told(ledger)] == [False, True]
    file.unlink()
    processes[0].tell()
    assert len(told(ledger)) == 3, "the same flaw once more is another save"


def test_what_was_not_told_since_the_ledger_was_away_is_told_at_the_next_event(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = front.desk.standing
    front.permissions.write_text("[tasks")
    with monkeypatch.context() as away:
        away.setattr(standing, "ledger", None)
        standing.tell()
    assert told(front.ledger) == []
    front.tap(ALICE, "ask", task="party")
    assert len(told(front.ledger)) == 1


def test_without_an_admin_space_only_the_log_says_it(
    ledger: Ledger, tmp_path: Path, clock: Clock
) -> None:
    front = Front(ledger, tmp_path, OPEN, clock)
    front.desk.standing.space = None
    front.permissions.unlink()
    front.tap(ALICE, "ask", task="party")
    assert told(ledger) == []


def test_a_notice_that_was_posted_anew_still_counts(ledger: Ledger) -> None:
    said = {"en": "bad", "ja": "悪"}
    with ledger.write() as tx:
        assert notices.tell(tx, ABOUT, "a", ADMINS, said)
        row = tx.scalars(select(OwedMessage)).one()
        row.message_id += "--2"
    with ledger.write() as tx:
        assert not notices.tell(tx, ABOUT, "a", ADMINS, said)
        assert notices.tell(tx, ABOUT, notices.GOOD, ADMINS, said)
        assert not notices.tell(tx, ABOUT, notices.GOOD, ADMINS, said)
        assert not notices.tell(tx, "other", notices.GOOD, ADMINS, said)


def test_what_a_notice_quotes_out_of_the_file_is_short_and_acts_on_nothing() -> None:
    said = {"en": "<users/all> " * 10_000, "ja": "<a href='https://evil.example'>" * 10_000}
    message = notice_message(said)
    assert len(str(message).encode()) < 30_000
    assert "<users/all>" not in str(message["cardsV2"])
    assert "<a href" not in str(message["cardsV2"])
    assert "text" not in message


def test_a_link_that_is_swapped_is_read_anew(tmp_path: Path, clock: Clock) -> None:
    for name, text in (("one", OPEN), ("two", OPEN.replace("bob@", "eve@"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "permissions.toml").write_text(text)
    data, file = tmp_path / "..data", tmp_path / "permissions.toml"
    data.symlink_to("one")
    file.symlink_to("..data/permissions.toml")
    known = Permissions.load(file, all_tasks(), QUERIES, clock)
    assert known.may_ask("bob@example.com", "project")
    (tmp_path / "new").symlink_to("two")
    (tmp_path / "new").replace(data)
    assert not known.may_ask("bob@example.com", "project")
    data.unlink()
    assert not known.may_ask("bob@example.com", "project")
    assert isinstance((known.flaw or pytest.fail("it is away")).error, PermissionsUnread)


def test_two_saves_of_one_size_in_one_tick_of_the_file_systems_clock_are_two(
    tmp_path: Path, clock: Clock
) -> None:
    file = tmp_path / "permissions.toml"
    file.write_text(OPEN)
    known = Permissions.load(file, all_tasks(), QUERIES, clock)
    stamp = known.reading().stamp
    for _ in range(50):
        file.write_text(OPEN.replace("bob@", "eve@"))
        if (stat := file.stat()) and stat.st_size == stamp[1]:  # type: ignore[index]
            assert not known.may_ask("bob@example.com", "project")
        file.write_text(OPEN)
        assert known.may_ask("bob@example.com", "project")


def test_a_file_that_windows_wrote_is_good(front: Front) -> None:
    job, plan = front.waiting()
    front.permissions.write_bytes(b"\xef\xbb\xbf" + OPEN.replace("\n", "\r\n").encode())
    front.tap(BOB, "apply", job, plan=plan.hash)
    assert front.job(job).state == JobState.QUEUED


@pytest.mark.parametrize("how", BROKEN)
def test_a_bot_does_not_start_with_it_and_says_why_in_both_languages(
    tmp_path: Path, how: str
) -> None:
    file = tmp_path / "permissions.toml"
    file.write_text(OPEN)
    BROKEN[how](file)
    with pytest.raises(SettingsError) as refused:
        Permissions.load(file, all_tasks(), QUERIES)
    assert isinstance(refused.value, PermissionsBroken | PermissionsUnread)
    assert str(file) in refused.value.say("en")
    assert len(refused.value.say("ja")) < 500
