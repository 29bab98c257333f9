"""`kakari explain` says why, and its exit code says whether."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kakari.cli import main

OFFICE = """
[spaces]
allowed = ["spaces/AAQA1"]

[tasks.project]
ask = ["@fuji.example"]
approve = ["bob@fuji.example", "carol@fuji.example"]
own_request = false

[[tasks.project.above]]
amount = 100000
approvals = 2
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "permissions.toml"
    file.write_text(OFFICE)
    return file


def explain(file: Path, *arguments: str, language: str = "C.UTF-8") -> Result:
    environment = {"KAKARI_PERMISSIONS": str(file), "LANG": language}
    return CliRunner().invoke(main, ["explain", *arguments], env=environment)


def test_each_step_is_told_with_its_reason(file: Path) -> None:
    outcome = explain(file, "bob@fuji.example", "/project")
    assert outcome.exit_code == 0
    assert outcome.output.splitlines() == [
        "yes Kakari answers bob@fuji.example (tasks.project.approve → bob@fuji.example).",
        "yes A direct message is answered whatever spaces.allowed says.",
        "yes bob@fuji.example may ask for /project (tasks.project.ask → @fuji.example).",
        "yes bob@fuji.example may approve it (tasks.project.approve → bob@fuji.example).",
        "no  bob@fuji.example may not approve a request of their own (own_request = false).",
        "    One person has to approve it.",
    ]


def test_who_may_ask_need_not_be_one_who_approves(file: Path) -> None:
    outcome = explain(file, "alice@fuji.example", "project", "--amount", "100000")
    assert outcome.exit_code == 0
    assert "no  alice@fuji.example may not approve it: tasks.project.approve" in outcome.output
    assert "their own" not in outcome.output
    assert "2 different people have to approve it." in outcome.output


def test_who_may_not_ask_is_told_every_reason_and_the_exit_code_says_so(file: Path) -> None:
    outcome = explain(file, "charlie@outsider.example", "/project", "--space", "spaces/AAQA2")
    assert outcome.exit_code == 1
    assert [line[:3] for line in outcome.output.splitlines()[:4]] == ["no "] * 4
    assert "spaces/AAQA2: spaces.allowed does not name it" in outcome.output


def test_a_space_that_is_not_named_keeps_even_those_who_may_ask_from_it(file: Path) -> None:
    for space, code in (("spaces/AAQA1", 0), ("spaces/AAQA2", 1)):
        assert explain(file, "alice@fuji.example", "/project", "--space", space).exit_code == code


def test_a_query_is_explained_without_approvals(file: Path) -> None:
    outcome = explain(file, "alice@fuji.example", "/jobs")
    assert outcome.exit_code == 0
    assert "approve it" not in outcome.output


def test_a_japanese_terminal_is_answered_in_japanese(file: Path) -> None:
    told = explain(file, "bob@fuji.example", "/project", language="ja_JP.UTF-8").output
    assert "可　 bob@fuji.example さんは /project を依頼できます（tasks.project.ask" in told
    assert not re.search(r"\b(may|yes|Kakari answers)\b", told)


def test_a_command_that_does_not_exist_is_told_with_those_that_do(file: Path) -> None:
    outcome = explain(file, "alice@fuji.example", "/projekt")
    assert outcome.exit_code == 2
    assert outcome.output.startswith("kakari: There is no /projekt, only /project, ")


def test_a_file_with_a_mistake_explains_nothing(file: Path) -> None:
    file.write_text(OFFICE + "[groups]\na = ['a']\n")
    outcome = explain(file, "alice@fuji.example", "/project")
    assert outcome.exit_code == 2
    assert f"{file}, groups.a[0]: the groups go round in a circle: a → a." in outcome.output


def test_a_file_that_is_not_in_use_yet_can_be_asked_about(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "new.toml"
    other.write_text("")
    arguments = ["alice@fuji.example", "/project", "--file", str(other)]
    outcome = explain(file, *arguments)
    assert outcome.exit_code == 1
    assert "new.toml names neither the address nor its domain" in outcome.output
