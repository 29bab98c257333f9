"""`kakari backup` and `kakari restore`, as the one who deploys Kakari uses them."""

import json
import os
import re
import resource
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from kakari.backup import saving
from kakari.cli import main
from ledger import approvals, blobs, documents, jobs, numbers, schema
from ledger.audit import What
from ledger.database import Ledger, today
from ledger.models import AuditRow
from tests.unit.kakari.test_settings import GOOD
from tests.unit.ledger.office import NUMBER, TOKYO, ask, decision, show_plan


@pytest.fixture
def year() -> int:
    """The year as the test begins: the suite may run across its end."""
    return today(TOKYO).year


@pytest.fixture
def one(year: int) -> tuple[str, str]:
    return ("--number", f"project/{year}=1")


def env(ledger: Ledger) -> dict[str, str]:
    return GOOD | {"KAKARI_DATABASE_URL": ledger.url.render_as_string(hide_password=False)}


def kakari(ledger: Ledger, *command: object, stdin: bytes = b"", code: int = 0) -> str:
    ran = CliRunner().invoke(main, [*map(str, command)], env=env(ledger), input=stdin)
    assert ran.exit_code == code, ran.output
    assert "Traceback" not in ran.output
    return ran.output


@pytest.fixture
def backup(busy: Ledger, tmp_path: Path) -> Path:
    file = tmp_path / "kakari.zip"
    kakari(busy, "backup", file)
    return file


def test_a_backup_is_one_file_that_only_its_owner_reads(busy: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    assert "2 requests and 0 blobs" in kakari(busy, "backup", folder / "kakari.zip")
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    manifest = json.loads(zipfile.ZipFile(file).read("manifest.json"))
    assert manifest["revision"] == schema.revisions()[-1]


def test_a_restored_ledger_is_used_like_any_other(
    busy: Ledger, empty: Ledger, tmp_path: Path, one: tuple[str, str], year: int
) -> None:
    body = b"rendered"
    job, plan = show_plan(busy, rendered={"0" * 64: body})
    kakari(busy, "backup", tmp_path / "kakari.zip")
    told = kakari(empty, "restore", tmp_path / "kakari.zip", *one)
    assert f"project/{year}=1" in told
    assert "3 requests" in told
    schema.demand_current(empty)
    with empty.write() as tx:
        assert approvals.approve(tx, decision(job, plan), TOKYO)
        assert jobs.find(tx, job).bindings == {"number": f"P-{year}-0002"}
        assert blobs.read(tx, "0" * 64) == body
        last, noted = tx.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(2))
    assert (last.what, last.id) == (What.APPROVED, noted.id + 1)
    with pytest.raises(DBAPIError, match="the audit is append-only"), empty.write() as tx:
        tx.execute(text("UPDATE audit SET who_name = 'Charlie'"))


def test_the_audit_says_of_which_backup_the_ledger_is(
    backup: Path, empty: Ledger, year: int
) -> None:
    kakari(empty, "restore", backup, "--number", f"project/{year}=7")
    assert f"（Kakari 0.1.0）。番号は project/{year}=7 の次から続きます" in kakari(empty, "audit")
    job = ask(empty)
    with empty.write() as tx:
        assert numbers.draw(tx, NUMBER, job, year) == f"P-{year}-0008"


def test_a_backup_goes_through_pipes(busy: Ledger, new, monkeypatch, one: tuple[str, str]) -> None:
    read, write = os.pipe()
    with os.fdopen(read, "rb") as there, os.fdopen(write, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        saving.save_to_stdout(busy)
        monkeypatch.undo()
        stdout.close()
        assert "2 requests" in kakari(new("sqlite"), "restore", "-", *one, stdin=there.read())


def test_the_last_numbers_have_to_be_said_and_are_proposed(
    backup: Path, empty: Ledger, one: tuple[str, str]
) -> None:
    said = kakari(empty, "restore", backup, code=1)
    assert inspect(empty.engine).get_table_names() == []
    proposed = re.findall(r"--number \S+=\d+", said)
    assert proposed == [" ".join(one)]
    kakari(empty, "restore", backup, *proposed[0].split())


def test_a_year_that_began_since_is_asked_for_too(
    busy: Ledger, new, tmp_path: Path, year: int
) -> None:
    job = ask(busy)
    with busy.write() as tx:
        numbers.draw(tx, NUMBER, job, year - 1)
        tx.execute(text(f"DELETE FROM number_series WHERE year = {year}"))
    kakari(busy, "backup", tmp_path / "kakari.zip")
    said = kakari(new("sqlite"), "restore", tmp_path / "kakari.zip", code=1)
    assert f"--number project/{year - 1}=1 --number project/{year}=0" in said


def test_the_count_of_the_chain_goes_on_without_being_asked_for(
    busy: Ledger, new, tmp_path: Path, one: tuple[str, str]
) -> None:
    with busy.write() as tx:
        numbers.count(tx, documents.CHAIN, numbers.NO_YEAR)
    kakari(busy, "backup", tmp_path / "kakari.zip")
    restored = new("sqlite")
    kakari(restored, "restore", tmp_path / "kakari.zip", *one)
    with restored.write() as tx:
        assert numbers.count(tx, documents.CHAIN, numbers.NO_YEAR) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("project/{year}=0", "the backup itself knows project/{year}=1"),
        ("project=57", "“project=57” does not say"),
        ("project/{year}=-1", "does not say the last number"),
    ],
)
def test_a_number_that_cannot_be_is_refused(
    backup: Path, new, given: str, said: str, year: int
) -> None:
    refused = kakari(new("sqlite"), "restore", backup, "--number", given.format(year=year), code=1)
    assert said.format(year=year).casefold() in refused.casefold()


def test_a_file_is_replaced_only_by_force(busy: Ledger, backup: Path) -> None:
    before = backup.read_bytes()
    assert "exists already" in kakari(busy, "backup", backup, code=1)
    assert backup.read_bytes() == before
    ask(busy)
    assert "3 requests" in kakari(busy, "backup", backup, "--force")


def test_a_full_disk_leaves_nothing_behind(busy: Ledger, tmp_path: Path) -> None:
    show_plan(busy, rendered={"0" * 64: os.urandom(2_000_000)})
    folder = tmp_path / "backups"
    folder.mkdir()
    with full_after(1_000_000):
        said = kakari(busy, "backup", folder / "kakari.zip", code=1)
    assert "cannot be written" in said
    assert list(folder.iterdir()) == []


def test_a_pipe_that_takes_nothing_is_a_sentence(busy: Ledger) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "kakari", "backup", "-"],
            env=os.environ | env(busy),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ran.returncode == 1
    (sentence,) = ran.stderr.splitlines()
    assert "cannot be written to the standard output (No space left on device)" in sentence


def test_a_ledger_that_has_jobs_is_not_restored_into(
    busy: Ledger, backup: Path, one: tuple[str, str]
) -> None:
    assert "is not empty (it has " in kakari(busy, "restore", backup, *one, code=1)


def test_a_ledger_into_which_only_clock_and_bot_have_written_is_empty(
    backup: Path, empty: Ledger, one: tuple[str, str]
) -> None:
    schema.upgrade(empty)
    with empty.write() as tx:
        tx.execute(text("INSERT INTO leases (post, until) VALUES ('clock', '2026-11-22 00:00')"))
    kakari(empty, "restore", backup, *one)


def test_a_backup_of_an_older_schema_is_loaded_into_that_and_brought_up(
    new, tmp_path: Path
) -> None:
    old, target, migrated = new("sqlite"), new("postgresql"), new("sqlite")
    schema.make_place(old)
    with old.engine.begin() as connection:
        schema.bring(connection, "0001")
        connection.execute(
            text(
                "INSERT INTO jobs (id, task, request, subject, asker, asker_name, locale, space,"
                " asked_at, state, since, bindings, planned_again, attempt, fruitless) VALUES"
                " ('j1', 'project', '{}', '鈴木邸', 'users/1', 'Alice', 'ja', 'spaces/A',"
                " '2026-11-22 00:30:00', 'done', '2026-11-22 00:30:00', '{}', 0, 1, 0)"
            )
        )
    saving.save_to_file(old, tmp_path / "old.zip", replace=False)
    kakari(target, "restore", tmp_path / "old.zip")
    with target.read() as tx:
        assert jobs.find(tx, "j1").approvals_needed == 1
    schema.upgrade(migrated)
    said = kakari(migrated, "restore", tmp_path / "old.zip", code=1)
    assert "this backup begins at 0001" in said


def test_a_backup_of_a_newer_kakari_is_refused(
    backup: Path, new, tmp_path: Path, one: tuple[str, str]
) -> None:
    newer = tmp_path / "newer.zip"
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(newer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in old.namelist():
            body = old.read(name)
            if name == "manifest.json":
                body = json.dumps(json.loads(body) | {"revision": "9999"}).encode()
            made.writestr(name, body)
    said = kakari(new("sqlite"), "restore", newer, *one, code=1)
    assert "made by a newer Kakari (0.1.0, schema 9999)" in said


def test_what_the_database_refuses_leaves_it_as_it_was(
    busy: Ledger, new, tmp_path: Path, one: tuple[str, str]
) -> None:
    with busy.write() as tx:
        long = {"long": "長" * 300}  # SQLite takes any length from whoever goes past the models
        tx.execute(text("UPDATE jobs SET subject = :long"), long)
    kakari(busy, "backup", tmp_path / "kakari.zip")
    target = new("postgresql")
    assert "did not take" in kakari(target, "restore", tmp_path / "kakari.zip", *one, code=1)
    assert inspect(target.engine).get_table_names() == []


@pytest.mark.parametrize("name", ["missing.zip", "."])
def test_a_file_that_cannot_be_read_is_a_sentence(new, tmp_path: Path, name: str) -> None:
    assert "cannot be read" in kakari(new("sqlite"), "restore", tmp_path / name, code=1)


@contextmanager
def full_after(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as if the disk were full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_key_seals_a_backup_and_nothing_else_is_restored(
    busy: Ledger,
    new: Callable[[str], Ledger],
    backup: Path,
    tmp_path: Path,
    monkeypatch,
    one: tuple[str, str],
) -> None:
    key = tmp_path / "backup.key"
    key.write_text("k" * 64 + "\n")
    monkeypatch.setitem(GOOD, "KAKARI_BACKUP_KEY_FILE", str(key))
    kakari(busy, "backup", tmp_path / "sealed.zip")
    told = kakari(new("sqlite"), "restore", tmp_path / "sealed.zip", *one)
    assert "Nothing proves" not in told
    empty = new("sqlite")
    assert "--without-seal" in kakari(empty, "restore", backup, *one, code=1)
    assert inspect(empty.engine).get_table_names() == []
    assert "Nothing proves" in kakari(empty, "restore", backup, "--without-seal", *one)
    key.write_text("o" * 64)
    assert "another key" in kakari(new("sqlite"), "restore", tmp_path / "sealed.zip", *one, code=1)
