"""What is typed into Google's configuration and what the code means by it are the same."""

import json
from dataclasses import replace

from click.testing import CliRunner, Result

from bot.queries import QUERIES
from cards.sentences import Sentence
from kakari.chat_config import IDS, LONGEST, Command, all_commands, mistakes
from kakari.cli import main
from tests.unit.kakari.test_settings import GOOD

PROJECT = Command(1, "project", Sentence("Make a project", "案件を作ります"), opens_dialog=True)


def chat_config(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["chat-config", *arguments], env={"LANG": "C", **environment})


def said(*commands: Command) -> list[str]:
    return [mistake["en"] for mistake in mistakes(commands)]


def test_every_command_has_the_id_it_was_given_and_no_other_had_it_before() -> None:
    commands = all_commands()
    assert mistakes(commands) == []
    assert {each.id: each.name for each in commands}.items() <= IDS.items(), (
        "add a new command to kakari.chat_config.IDS; never change a line of it"
    )
    assert len(set(IDS.values())) == len(IDS)


def test_two_commands_of_one_id_and_a_used_id_are_mistakes() -> None:
    other = replace(PROJECT, name="projekt")
    assert said(PROJECT) == []
    assert said(PROJECT, other) == [
        "Id 1 is of several commands (/project, /projekt): give each task a command_id of its own.",
        "Id 1 was “/project” and cannot come to mean “/projekt”: take one that was never used.",
    ]


def test_what_google_would_not_take_is_a_mistake() -> None:
    assert "Google takes 1 to 1000" in said(replace(PROJECT, id=1001))[0]
    long = Sentence("x" * (LONGEST + 1), "短い")
    assert f"more than the {LONGEST} characters" in said(replace(PROJECT, about=long))[0]


def test_the_table_has_the_address_and_every_command() -> None:
    outcome = chat_config(**GOOD)
    assert outcome.exit_code == 0
    assert GOOD["KAKARI_ENDPOINT_URL"] in outcome.output
    for each in all_commands():
        opens = "yes" if each.opens_dialog else "no"
        assert f"| {each.id} | `/{each.name}` | {each.about.en} | {opens} |" in outcome.output


def test_it_is_printed_before_anything_is_set_and_in_japanese() -> None:
    outcome = chat_config(LANG="ja_JP.UTF-8")
    assert outcome.exit_code == 0
    assert "KAKARI_ENDPOINT_URL（一字一句同じもの）" in outcome.output
    assert f"| 101 | `/jobs` | {QUERIES['jobs'].about.ja} | いいえ |" in outcome.output


def test_machines_get_it_in_both_languages() -> None:
    told = json.loads(chat_config("--json", **GOOD).output)
    assert told["fields"]["endpoint_url"]["en"] == GOOD["KAKARI_ENDPOINT_URL"]
    (project,) = [each for each in told["commands"] if each["name"] == "/project"]
    assert project["opens_dialog"] is True
    assert set(project["description"]) == {"en", "ja"}
