"""One installation for all conversations, and a space of its own for each."""

import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kakari.demo.stack import Stack
from ledger.database import Ledger
from simulator.office import ALICE, BOB, CHARLIE
from tests.scenario.front_desk import Desk, open_desk
from tests.scenario.google import Google
from tests.scenario.room import Room

STRICT = "_envops: {undefined: jinja2.StrictUndefined}\n"
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
CREDENTIALS = ("simulated-user-", "BEGIN PRIVATE KEY", "Bearer ")


@pytest.fixture(scope="session", autouse=True)
def memo(templates: Path) -> None:
    """Add the smallest template there can be: a folder with one file, and no question."""
    write_template(templates, "memo", {"メモ.md.jinja": "# {{ project_name }}\n"})


@pytest.fixture
def room(stack: Stack, templates: Path) -> Iterator[Room]:
    """A fresh space; afterwards nothing that was said in it is found in the logs."""
    space = f"spaces/ROOM{secrets.token_hex(4)}"
    members = [ALICE.name, BOB.name, CHARLIE.name]
    stack.control("spaces", {"name": space, "display_name": "案件", "members": members})
    room = Room(stack, space)
    yield room
    logs = "".join(log.read_text() for log in (stack.folder / "logs").iterdir())
    logs = TIMESTAMP.sub("", logs)  # on that day, a day that was typed is in each of them
    chosen = {template.name for template in (templates / "projects").iterdir()}
    said = {text for text in room.typed if 5 <= len(text) < 100 and text[0] not in "/@"} - chosen
    assert [text for text in (*CREDENTIALS, *said) if text in logs] == []


@pytest.fixture(scope="session")
def google(stack: Stack) -> Google:
    return Google(stack)


@pytest.fixture
def desk(stack: Stack, google: Google, ledger: Ledger, tmp_path: Path) -> Desk:
    """A front desk of its own, once over each of the databases."""
    return open_desk(stack, google, ledger, tmp_path)


@pytest.fixture
def write(stack: Stack) -> Iterator[Callable[..., None]]:
    """Write the running bot another permissions file, for the length of one test."""
    was = stack.permissions.read_text()

    def write(ask: list[str], approve: list[str], more: str = "", **rules: bool | int) -> None:
        lists = f'[tasks."*"]\nask = {ask}\napprove = {approve}\n'
        lists += "".join(f"{key} = {str(value).lower()}\n" for key, value in rules.items())
        stack.permissions.write_text(lists + more)

    yield write
    stack.permissions.write_text(was)


@pytest.fixture
def passing_template(templates: Path) -> Iterator[Callable[..., str]]:
    """Add a template for the length of one test; returns its name."""
    added: list[Path] = []

    def add(files: dict[str, str], questions: str = "") -> str:
        name = f"passing-{secrets.token_hex(4)}"
        added.append(write_template(templates, name, files, questions))
        return name

    yield add
    for folder in added:
        shutil.rmtree(folder)


def write_template(templates: Path, name: str, files: dict[str, str], questions: str = "") -> Path:
    folder = templates / "projects" / name
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / "copier.yml").write_text(STRICT + questions)
    return folder
