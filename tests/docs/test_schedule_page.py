"""The schedule's page says what is so: its file can be read, its headers are the known ones."""

import re
from pathlib import Path

from bot.queries import QUERIES
from tasks import schedule_file
from tasks.registry import all_tasks

PAGE = (Path(__file__).parents[2] / "docs" / "schedule.md").read_text(encoding="utf-8")


def test_the_file_on_the_page_can_be_read_and_names_every_setting(tmp_path: Path) -> None:
    text = PAGE.partition("```toml\n")[2].partition("```")[0].replace("AbC…", "AbCdefghij")
    file = tmp_path / "schedule.toml"
    file.write_text(text.replace("AAQA…", "AAQA"), encoding="utf-8")
    read = schedule_file.read(file)
    assert read.spreadsheet == "1AbCdefghij"
    assert read.names["due"] == ("出荷日",)
    assert read.model_fields_set == set(schedule_file.ScheduleFile.model_fields)


def test_the_headers_on_the_page_are_those_that_are_known() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE))
    assert {name: tuple(said.split(", ")) for name, said in rows.items()} == schedule_file.HEADERS


def test_the_commands_have_the_numbers_that_the_page_says() -> None:
    assert f"`/sync` ({all_tasks()['sync'].command_id})" in PAGE
    assert f"`/schedule` ({QUERIES['schedule'].command_id})" in PAGE
