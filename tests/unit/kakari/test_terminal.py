"""Texts that others wrote do nothing to a terminal, whichever command shows them."""

import ast
import csv
import io
import json
import os
import pty
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from errors.backup import NotRead
from kakari.cli import main
from kakari.csv_table import CsvTable
from kakari.doctor.check import Check, Finding, Outcome
from kakari.doctor.report import Report
from kakari.refusal import give_up
from kakari.terminal import say, say_json, shown
from ledger import owed
from ledger.database import Ledger
from tests.unit.kakari.test_undelivered import kakari
from tests.unit.ledger.office import show_plan

EVIL = "a\x1b[2K\rgood\nkey ✔ fine\x9b31m\x07\x7f\u202eb\u2066c\u2028d\u0085"
ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@given(st.text())
def test_a_line_stays_one_line_and_acts_on_nothing(text: str) -> None:
    line = shown(text)
    assert len(line) == len(text), "each sign has its place"
    assert not ACTING.search(line)
    line.encode()


def test_what_is_only_unusual_is_shown_as_it_is() -> None:
    usual = "株式会社髙島屋 é 葛\U000e0100城 👨\u200d👩 ＝"
    assert shown(usual) == usual


def test_doctor_shows_no_line_that_a_space_is_named_after(
    capsys: pytest.CaptureFixture[str],
) -> None:
    finding = Finding(Outcome.WRONG, {"en": EVIL, "ja": EVIL})
    report = Report([(Check("chat", lambda _: iter(())), [finding])])
    for sign, colour, line in report.lines("en"):
        say(line, sign=sign, colour=colour)
    told = capsys.readouterr().out
    assert "key ✔" in told.splitlines()[0], "within the line of its own check"
    assert len(told.splitlines()) == 3


def test_json_loses_nothing_and_acts_on_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    say_json(json.dumps({"says": EVIL + "髙"}, ensure_ascii=False, indent=2))
    told = capsys.readouterr().out
    assert json.loads(told) == {"says": EVIL + "髙"}
    assert not ACTING.search(told.replace("\n", ""))
    assert "髙" in told


def test_a_refusal_shows_a_file_s_name_without_what_acts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        give_up(NotRead(file=EVIL, reason="\x1b[31mno"), 1)
    assert not ACTING.search(capsys.readouterr().err.rstrip("\n"))


def test_an_undelivered_message_s_space_acts_on_nothing(ledger: Ledger) -> None:
    show_plan(ledger)
    with ledger.write() as tx:
        card = owed.take_due(tx, "worker", 30)
        assert card is not None
        owed.give_up(tx, card, {"en": "no\x1b[2Jway", "ja": "不可"})
    assert "no�[2Jway" in kakari(ledger, "undelivered")


def test_a_template_s_file_acts_on_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "projects" / "x"
    folder.mkdir(parents=True)
    (folder / "copier.yml").write_text("_envops: {undefined: jinja2.StrictUndefined}\n")
    (folder / "a\x1b[2J\nb").symlink_to("nowhere")
    told = CliRunner().invoke(main, ["templates", "check", str(tmp_path)])
    assert told.exit_code == 1
    assert "a�[2J�b:1: this is a symbolic link" in told.output


def test_a_table_is_true_in_a_file_and_shown_on_a_terminal() -> None:
    written = io.BytesIO()
    with CsvTable(written, ["name"]) as table:
        table.add([EVIL, 5])
    rows = list(csv.reader(io.StringIO(written.getvalue().decode("utf-8-sig"), newline="")))
    assert rows[1] == [EVIL, "5"]
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "wb") as terminal:
        with CsvTable(terminal, ["name"]) as table:
            table.add([EVIL])
        terminal.flush()
        told = os.read(ours, 4096).decode("utf-8-sig")
    os.close(ours)
    assert not ACTING.search(told.replace("\r\n", "").replace("\n", "").replace("\r", ""))
    assert len(told.split()) == len(("name", *shown(EVIL).split()))


def test_no_command_prints_by_another_door() -> None:
    """What `make lint` forbids for click.echo holds for print and for sys.stdout, too.

    What an uncaught exception is told by holds nothing that anybody wrote.
    """
    doors = set()
    for file in Path("kakari").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write",
            }:  # fmt: skip
                doors.add(str(file))
    assert doors == {"kakari/terminal.py", "kakari/logs.py"}
