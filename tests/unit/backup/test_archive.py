"""A file that is not a whole backup is found out, whatever is wrong with it."""

import io
import random
import zipfile

import pytest

from errors.backup import BackupError, Damaged, NotABackup
from kakari.backup.archive import MANIFEST, Archive
from ledger.database import Ledger
from tests.unit.backup.conftest import saved


def opened(data: bytes) -> dict[str, list[bytes]]:
    """Check an archive and return all that would be restored from it."""
    with Archive(io.BytesIO(data), "backup.zip") as archive:
        return {table.name: list(archive.lines(table)) for table in archive.manifest.tables}


def test_what_is_no_backup_is_refused(busy: Ledger) -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("letter.txt", "Dear Bob")
    for data in (b"", b"not a zip", other.getvalue()):
        with pytest.raises(NotABackup, match=r"backup\.zip is not a backup"):
            opened(data)


def test_a_backup_that_was_cut_short_is_refused_wherever(busy: Ledger) -> None:
    whole = saved(busy).getvalue()
    for end in [*range(0, len(whole), 97), len(whole) - 1]:
        with pytest.raises(NotABackup):
            opened(whole[:end])


def test_a_changed_byte_is_found_or_means_nothing(busy: Ledger) -> None:
    whole = saved(busy).getvalue()
    wanted = opened(whole)
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    refused = 0
    for place in chance.sample(range(len(whole)), 400):
        changed = bytearray(whole)
        changed[place] ^= 1 << chance.randrange(8)
        try:
            found = opened(bytes(changed))
        except BackupError:
            refused += 1
        else:
            assert found == wanted, f"seed {seed}, byte {place}"
    assert refused > 200


@pytest.mark.parametrize(
    ("part", "mend"),
    [
        ("tables/jobs.jsonl", lambda body: body.replace(b"Alice", b"Charlie")),
        ("tables/jobs.jsonl", lambda body: body.splitlines(keepends=True)[0]),
        (MANIFEST, lambda body: body.replace(b'"blobs": 0', b'"blobs": 1')),
    ],
)
def test_a_part_that_was_put_in_anew_is_found(busy: Ledger, part: str, mend) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(saved(busy)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, mend(body) if name == part else body)
    with pytest.raises(Damaged, match=part):
        opened(out.getvalue())
