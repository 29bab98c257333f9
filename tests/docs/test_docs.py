"""What the pages say is so."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from effects.registry import longest_call
from kakari import chat_config, settings
from kakari.audit_export import HEADER
from kakari.cli import main
from kakari.doctor import settings as settings_checks
from kakari.doctor.checks import all_checks
from kakari.doctor.report import SIGNS
from kakari.settings_page import PAGE, page
from ledger.audit import What
from ledger.models import JobState

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_setting_is_on_the_settings_page_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m kakari.settings_page"


def test_the_page_about_google_has_what_has_to_be_typed_in() -> None:
    page = (ROOT / "docs" / "setup-google.md").read_text(encoding="utf-8")
    assert chat_config.table("en", chat_config.NO_URL) in page, "run: kakari chat-config"


def test_the_readme_shows_what_doctor_looks_at_and_what_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("SCHEDULE", "DOCUMENT_SHEETS"):
        monkeypatch.setenv(settings.PREFIX + name, "its.toml")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^([✔!✘·]) ([a-z-]+)  +(.+)$", readme, re.MULTILINE)
    known = {check.name for check in all_checks(settings.read())}
    assert {name for sign, name, _ in shown if sign == "✔"} == known
    assert {sign for sign, _, _ in shown} == set(SIGNS.values())
    # What grows with the code, on the good installation.
    assert settings_checks.COMMANDS_FIT.say("en", n=len(chat_config.all_commands())) in readme
    assert settings_checks.READ.say("en", n=len(settings.Settings.model_fields)) in readme
    grace = settings_checks.GRACE_LONG_ENOUGH.say("en", grace=180, longest=longest_call())
    assert grace in readme


def test_every_link_between_the_pages_leads_somewhere() -> None:
    broken = [
        f"{file.relative_to(ROOT)}: {target}"
        for file in PAGES
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", file.read_text(encoding="utf-8"))
        if "://" not in target and not (file.parent / target).exists()
    ]
    assert broken == []


def test_every_make_target_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"make ([a-z][a-z-]+)", (ROOT / "README.md").read_text()))
    assert named
    assert named <= targets


def test_every_command_has_help_that_fits_on_its_line() -> None:
    shown = CliRunner().invoke(main, ["--help"], terminal_width=100).output
    commands = dict(re.findall(r"^  ([\w-]+)  +(.+)$", shown, re.MULTILINE))
    assert set(main.commands) <= set(commands)
    assert not [line for line in commands.values() if line.endswith("...")]


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}" in readme for name in main.commands)


def test_the_audits_page_says_what_is_noted_and_exported() -> None:
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    words, columns = (
        [
            name
            for cell in re.findall(r"^\| (`.+?`) \|", part, re.MULTILINE)
            for name in re.findall(r"`(.+?)`", cell)
        ]
        for part in page.partition("## Exporting it")[::2]
    )
    said_in_chat = {word for word in words if not word.startswith("/")}
    assert said_in_chat == {what.value for what in What}
    assert columns == list(HEADER)


@pytest.mark.parametrize("name", ["when-things-die.md", "security.md"])
def test_every_promise_names_tests_that_there_are(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    files = list((ROOT / "tests").rglob("test_*.py"))
    code = "\n".join(file.read_text() for file in files)
    assert len(named) > 10
    assert sorted(test for test in named if f"def {test}(" not in code) == []
    assert set(re.findall(r"`(test_\w+\.py)`", page)) <= {file.name for file in files}


def test_each_attack_of_the_review_has_a_test() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|.*\|(.+)\|$", page, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 25))
    assert all("`test_" in tests for _, tests in rows)


def test_the_state_diagram_shows_every_state_of_a_job_and_no_other() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    diagram = page.partition("```mermaid")[2].partition("```")[0]
    shown = set(re.findall(r"^ +(\w+) -->|--> (\w+)", diagram, re.MULTILINE))
    assert {name for pair in shown for name in pair if name} == set(JobState)
