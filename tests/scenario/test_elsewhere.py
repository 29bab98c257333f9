"""Projects go where the deployer says, and a place that does not work is told in one sentence."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cards.job_card import PARTLY_UNDONE, UNDO
from errors.work import ChangedSince
from kakari.demo.conversation import PAGES
from kakari.demo.person import Json, text_of
from kakari.demo.stack import Stack
from tests.scenario.room import DONE, FAILED, UNDONE, WAITING, Room, lines_of

NAME = PAGES[0]["name"]


@pytest.fixture(scope="module")
def closed_office(stack: Stack) -> Iterator[Stack]:
    """The installation without its workers."""
    stack.processes.stop("worker-1", "worker-2")
    yield stack
    for number in (1, 2):
        stack.start_worker(number)
    stack.await_workers(2)


@pytest.fixture
def work_at(closed_office: Stack) -> Iterator[Callable[[str], None]]:
    """Start the only worker, with another place for projects."""

    def work_at(place: str) -> None:
        closed_office.start_worker(3, project_place=place)
        closed_office.await_workers(1)

    yield work_at
    closed_office.processes.stop("worker-3")


def test_a_project_is_made_on_a_disk(
    room: Room, work_at: Callable[[str], None], tmp_path: Path
) -> None:
    work_at(f"disk:{tmp_path}")
    room.ask(room.alice, *PAGES)
    card = room.card(NAME, WAITING)
    room.apply(room.alice, card)
    result = room.result(card)
    (project,) = tmp_path.glob("P-*")
    assert re.fullmatch(r"P-\d{4}-\d{4} フロントグリル金型", project.name)
    assert str(project) in text_of(result)
    assert sum(path.is_dir() for path in project.rglob("*")) == 13
    assert sum(path.is_file() for path in project.rglob("*")) == 16
    (written,) = project.glob("02*/*仕様書.md")
    assert NAME in written.read_text()


def test_a_project_on_a_disk_is_taken_back_but_for_what_people_have_made_of_it(
    room: Room, work_at: Callable[[str], None], tmp_path: Path
) -> None:
    work_at(f"disk:{tmp_path}")
    room.ask(room.alice, *PAGES)
    card = room.card(NAME, WAITING)
    room.apply(room.alice, card)
    room.result(card)
    (project,) = tmp_path.glob("P-*")
    (written,) = project.glob("02*/*仕様書.md")
    written.write_text("寸法変更あり")
    everything = {path.name for path in (project, *project.rglob("*"))}

    dialog, _ = room.confirm(room.bob, room.card(NAME, DONE), UNDO.ja)
    assert {Path(line).name for line in lines_of(dialog)} == everything
    undone = room.card(NAME, UNDONE)
    assert list(project.rglob("*")) == [written.parent, written]
    assert PARTLY_UNDONE.ja in text_of(undone)
    assert ChangedSince(name=str(written)).say("ja") in text_of(undone)
    assert str(project) in text_of(room.result(card, end=2)), "people find what is left"


def test_a_my_drive_is_refused_with_the_setting_that_must_change(
    room: Room, work_at: Callable[[str], None]
) -> None:
    work_at("drive:root")
    room.ask(room.bob, {"template": "memo", "name": "Grille"})
    room.apply(room.bob, room.card("Grille", WAITING))
    assert_told(
        room,
        "Kakari’s service account has no storage of its own: set KAKARI_PROJECT_PLACE to a folder "
        "in a shared drive of which it is a member.",
    )


def test_a_folder_that_cannot_be_seen_is_named_with_the_setting_to_check(
    room: Room, work_at: Callable[[str], None]
) -> None:
    work_at("drive:no-such-folder")
    room.ask(room.bob, {"template": "memo", "name": "Grille"})
    assert_told(
        room,
        "Kakari cannot see the Drive folder no-such-folder: check KAKARI_PROJECT_PLACE and share "
        "the folder with the service account.",
    )


def assert_told(room: Room, sentence: str) -> Json:
    """Find the sentence on the card and in the message that tells of the end."""
    card = room.card("Grille", FAILED)
    assert sentence in text_of(card)
    assert sentence in text_of(room.result(card))
    return card
