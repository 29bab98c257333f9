"""What the pages say is so."""

import re
from pathlib import Path

from click.testing import CliRunner

from kakari.audit_export import HEADER
from kakari.cli import main
from kakari.settings_page import PAGE, page
from ledger.audit import What

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_setting_is_on_the_settings_page_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m kakari.settings_page"


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
    commands = dict(re.findall(r"^  (\w+)  +(.+)$", shown, re.MULTILINE))
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
