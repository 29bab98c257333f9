"""docs/adding-a-task.md: what it shows is there, and a reader who types it in can use it."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.forms import OPEN_FORM
from bot.queries import QUERIES
from cards.job_card import APPLY, ICONS
from kakari.demo.person import Json, Person, text_of
from kakari.demo.stack import Stack
from simulator.office import BOB, PROJECTS_SPACE
from tasks.registry import all_tasks

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding-a-task.md").read_text(encoding="utf-8")
FILES = dict(
    re.findall(r"^`(tasks/[^`]+)`:\n\n```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
)


@pytest.fixture(scope="module")
def bob(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Bob, where Kakari has the page's tasks in place of its own ``remind``."""
    folder = tmp_path_factory.mktemp("typed-in")
    shutil.copytree(ROOT / "tasks", folder / "tasks", ignore=shutil.ignore_patterns("remind"))
    for path, text in FILES.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    stack = Stack(tmp_path_factory.mktemp("stack"), workers=1)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", f"{folder}{os.pathsep}{ROOT}")
        environment.setenv("PYTHONSAFEPATH", "1")  # not the folder the tests run in
        try:
            stack.start()
            yield Person(stack.page, BOB.name, PROJECTS_SPACE.name)
        finally:
            stack.stop()


def posted(person: Person, *words: str) -> Json:
    return person.await_message(lambda message: all(word in str(message) for word in words))


def test_a_task_is_shown_in_under_60_lines_and_is_the_one_that_is_used() -> None:
    assert len(FILES["tasks/remind/task.py"].splitlines()) < 60
    for path in ("tasks/remind/__init__.py", "tasks/remind/task.py"):
        assert FILES[path] == (ROOT / path).read_text(encoding="utf-8")


def test_the_error_is_shown_as_it_is() -> None:
    (shown,) = re.findall(r"```python\n(class .*?)```", PAGE, re.DOTALL)
    assert shown in (ROOT / "errors" / "asking.py").read_text(encoding="utf-8")


def test_the_reminder_of_the_page_comes(bob: Person) -> None:
    bob.say("/remind 1 tea")
    assert "tea" in text_of(posted(bob, "-result", "tea"))


def test_the_meeting_of_the_page_is_asked_for_looked_at_and_made(bob: Person) -> None:
    assert "/meeting" in text_of(bob.say("/help")["messages"])
    (offer,) = bob.say("@Kakari meeting")["messages"]
    form = bob.tap(offer, OPEN_FORM.en)["dialog"]
    wrong = bob.send(form, {"topic": "a/b", "people": "1"})["dialog"]
    assert "it holds “/”" in text_of(wrong)
    bob.send(wrong, {"topic": "Grille", "people": "3"})
    plan = posted(bob, "Meeting: Grille", ICONS["waiting"])
    assert "1 folder, 1 file" in text_of(plan)
    bob.tap(plan, APPLY.en)
    assert "Grille: done (1 folder, 1 file)" in text_of(posted(bob, "-result", "Grille"))


def test_every_command_has_a_number_of_its_own_and_a_line_that_google_takes() -> None:
    commands = [*all_tasks().values(), *QUERIES.values()]
    assert len({command.command_id for command in commands}) == len(commands)
    assert [c.name for c in commands if max(len(c.about.en), len(c.about.ja)) > 50] == []
