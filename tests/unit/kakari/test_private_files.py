"""What holds the office's data is its owner's alone, whatever the umask is and was there before."""

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from errors.settings import FileNotWritten
from kakari import private_files
from kakari.cli import main
from kakari.demo.processes import Processes
from kakari.demo.stack import TEMPLATES
from ledger import schema
from ledger.database import Ledger
from tests.unit.kakari.test_settings import GOOD
from tests.unit.ledger.test_documents import draft, issued, party


@pytest.fixture(autouse=True, params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Any umask: one that opens everything, the usual one, and a careful one."""
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that anybody may enter."""
    tmp_path.chmod(0o755)
    return tmp_path


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def kakari(ledger: Ledger, *command: str) -> Result:
    told = CliRunner().invoke(main, command, env=GOOD | {"KAKARI_DATABASE_URL": str(ledger.url)})
    assert told.exit_code == 0, told.output
    return told


def test_what_is_exported_is_its_owners_alone(sqlite_ledger: Ledger, folder: Path) -> None:
    issued(sqlite_ledger, draft(party(sqlite_ledger)))
    kakari(sqlite_ledger, "audit", "--out", str(folder / "audit.csv"))
    out, files = folder / "documents.csv", folder / "new" / "files"
    kakari(sqlite_ledger, "documents", "--out", str(out), "--files", str(files))
    kakari(sqlite_ledger, "backup", str(folder / "backup.zip"))
    kakari(sqlite_ledger, "templates", "draw", str(folder / "pages"), str(TEMPLATES))
    (pdf,) = files.iterdir()
    exported = [folder / "audit.csv", out, pdf, folder / "backup.zip", folder / "pages/quote.png"]
    assert [mode(file) for file in exported] == [0o600] * len(exported)
    assert {mode(each) for each in (files, files.parent, folder / "pages")} == {0o700}


def test_a_file_that_others_could_read_is_replaced_by_one_that_they_cannot(
    sqlite_ledger: Ledger, folder: Path
) -> None:
    there, before = folder / "audit.csv", "what was there"
    there.write_text(before)
    there.chmod(0o666)
    with there.open() as reader:  # somebody who has opened it before gets nothing of the new one
        kakari(sqlite_ledger, "audit", "--out", str(there))
        assert reader.read() == before
    assert mode(there) == 0o600
    assert there.read_bytes() != before.encode()


def test_a_link_is_followed_and_what_it_names_is_narrowed(folder: Path) -> None:
    there, link = folder / "there.csv", folder / "link.csv"
    there.write_text("")
    there.chmod(0o644)
    link.symlink_to(there)
    with private_files.written(link) as out:
        out.write(b"new")
    assert link.is_symlink()
    assert (there.read_bytes(), mode(there)) == (b"new", 0o600)


def test_what_is_no_file_keeps_its_mode(folder: Path) -> None:
    before = mode(Path("/dev/null"))
    with private_files.written(Path("/dev/null")) as out:
        out.write(b"new")
    assert mode(Path("/dev/null")) == before


def test_a_file_that_could_not_be_written_to_its_end_leaves_nothing(folder: Path) -> None:
    with (
        pytest.raises(FileNotWritten, match="No space left"),
        private_files.written(folder / "a") as out,
    ):
        out.write(b"half")
        raise OSError(28, "No space left on device")
    assert list(folder.iterdir()) == []


def test_the_ledgers_file_and_all_beside_it_are_their_owners_alone(folder: Path) -> None:
    file = folder / "var" / "kakari" / "ledger.db"
    with closing(Ledger(f"sqlite:///{file}")) as ledger:
        schema.upgrade(ledger)
        beside = sorted(each.name for each in file.parent.iterdir())
        assert beside == ["ledger.db", "ledger.db-shm", "ledger.db-wal"]
        assert {mode(each) for each in file.parent.iterdir()} == {0o600}
    assert mode(file.parent) == mode(folder / "var") == 0o700


def test_a_ledger_of_an_earlier_release_is_narrowed_by_migrate(folder: Path) -> None:
    file = folder / "ledger.db"
    with closing(Ledger(f"sqlite:///{file}")) as ledger:
        schema.upgrade(ledger)
        for each in folder.iterdir():
            each.chmod(0o644)
        kakari(ledger, "migrate")
        assert {mode(each) for each in folder.iterdir()} == {0o600}


def test_logs_of_processes_are_their_owners_alone(folder: Path) -> None:
    processes = Processes(folder / "logs")
    processes.start("one", ["true"], os.environ)
    processes.stop_all()
    assert mode(folder / "logs") == 0o700
    assert mode(folder / "logs" / "one.log") == 0o600
