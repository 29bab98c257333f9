"""A backup bears a seal: damage is always found, and with a key so is another's hand."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from errors.backup import (
    BackupError,
    Damaged,
    KeyTooShort,
    NotABackup,
    SealForeign,
    SealMissing,
)
from errors.settings import FileRefused
from kakari.backup import saving, seal
from kakari.backup.archive import MANIFEST, Archive
from ledger.database import Ledger

KEY, OTHER = b"k" * 32, b"o" * 32


def sealed(ledger: Ledger, key: bytes | None) -> bytes:
    out = io.BytesIO()
    saving.save(ledger, out, key)
    return out.getvalue()


def opened(data: bytes, key: bytes | None, *, unsealed: bool = False) -> Archive:
    return Archive(io.BytesIO(data), "backup.zip", key, unsealed=unsealed)


def made_anew(data: bytes, mend: Callable[[str, bytes], bytes] = lambda _, body: body) -> bytes:
    """Return the zip as somebody else writes it, with all that it holds."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, mend(name, old.read(name)))
    return out.getvalue()


def test_what_the_key_has_sealed_is_proven(busy: Ledger) -> None:
    data = sealed(busy, KEY)
    assert opened(data, KEY).proven
    assert not opened(data, None).proven, "without the key it proves nothing, and can be loaded"
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None, "any program opens it"


def test_another_key_or_another_hand_is_refused_before_the_zip_is_read(busy: Ledger) -> None:
    data = sealed(busy, KEY)
    with pytest.raises(SealForeign):
        opened(data, OTHER)
    with pytest.raises(SealForeign):
        opened(data, OTHER, unsealed=True)
    broken = b"x" * (len(data) - seal.LENGTH) + data[-seal.LENGTH :]
    with pytest.raises(SealForeign):
        opened(broken, KEY)


def test_a_backup_without_a_seal_of_the_key_is_taken_only_where_that_is_said(busy: Ledger) -> None:
    of_today_s_main = made_anew(sealed(busy, None))
    for data in (sealed(busy, None), of_today_s_main, made_anew(sealed(busy, KEY))):
        with pytest.raises(SealMissing, match="--without-seal"):
            opened(data, KEY)
        assert not opened(data, KEY, unsealed=True).proven
        assert opened(data, None).manifest.rows["jobs"] == 2


def test_lines_and_checksums_that_were_both_rewritten_are_found_by_the_key(busy: Ledger) -> None:
    import hashlib

    def mend(name: str, body: bytes) -> bytes:
        return body.replace(b"Alice", b"Eve12") if name.startswith("tables/") else body

    evil = made_anew(sealed(busy, KEY), mend)
    with zipfile.ZipFile(io.BytesIO(evil)) as made:
        sums = {n: hashlib.sha256(made.read(n)).hexdigest() for n in made.namelist()}
        was = zipfile.ZipFile(io.BytesIO(sealed(busy, KEY)))
        before = {n: hashlib.sha256(was.read(n)).hexdigest() for n in was.namelist()}

    def reckon(name: str, body: bytes) -> bytes:
        if name == MANIFEST:
            for part, old in before.items():
                body = body.replace(old.encode(), sums[part].encode())
        return body

    evil = made_anew(evil, reckon)
    assert opened(evil, None), "checksums prove no origin"
    with pytest.raises(SealMissing):
        opened(evil, KEY)
    stolen = evil[:-2] + seal.LENGTH.to_bytes(2, "little") + sealed(busy, KEY)[-seal.LENGTH :]
    with pytest.raises(SealForeign):
        opened(stolen, KEY)


@pytest.mark.parametrize("key", [None, KEY])
def test_every_changed_byte_is_found(busy: Ledger, key: bytes | None) -> None:
    whole = sealed(busy, key)
    places = {*range(0, len(whole), 41), *range(len(whole) - seal.LENGTH - 30, len(whole))}
    for place in places:
        for bit in (1, 0x80):
            changed = bytearray(whole)
            changed[place] ^= bit
            with pytest.raises(BackupError):
                opened(bytes(changed), key)


def test_an_older_backup_whose_byte_changed_is_found_or_means_the_same(busy: Ledger) -> None:
    whole = made_anew(sealed(busy, None))

    def content(data: bytes) -> object:
        with opened(data, None) as archive:
            tables = {t.name: list(archive.lines(t)) for t in archive.manifest.tables}
            return archive.manifest, tables

    wanted = content(whole)
    for place in range(0, len(whole), 13):
        changed = bytearray(whole)
        changed[place] ^= 0x20
        try:
            found = content(bytes(changed))
        except BackupError:
            continue
        assert found == wanted, place


def test_what_is_loaded_is_what_was_checked(busy: Ledger) -> None:
    """Somebody may write into the file between the check and the loading."""
    file = io.BytesIO(sealed(busy, KEY))
    archive = Archive(file, "backup.zip", KEY)
    (jobs,) = [table for table in archive.manifest.tables if table.name == "jobs"]
    other = io.BytesIO()
    saving.save(busy, other, KEY)
    archive._zip = zipfile.ZipFile(
        io.BytesIO(made_anew(file.getvalue(), lambda _, body: body.replace(b"Alice", b"Eve12")))
    )
    with pytest.raises(Damaged, match="jobs"):
        list(archive.lines(jobs))


def test_a_table_named_twice_and_a_manifest_without_end_are_refused(busy: Ledger) -> None:
    def large(name: str, body: bytes) -> bytes:
        return body + b" " * (2 << 20) if name == MANIFEST else body

    with pytest.raises(BackupError):
        opened(made_anew(sealed(busy, None), large), None)
    with pytest.warns(UserWarning, match="Duplicate"):  # noqa: PT031
        out = io.BytesIO(made_anew(sealed(busy, None)))
        with zipfile.ZipFile(out, "a", 8) as added:
            added.writestr("tables/jobs.jsonl", b"")
    with pytest.raises(Damaged):
        opened(out.getvalue(), None)


def test_a_key_is_a_plain_file_and_long_enough(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(KEY + b"\n")
    assert seal.key_of(file) == KEY
    linked = tmp_path / "linked"
    linked.symlink_to(file)
    assert seal.key_of(linked) == KEY, "as Kubernetes mounts it"
    file.write_bytes(b"secret\n")
    with pytest.raises(KeyTooShort):
        seal.key_of(file)
    with pytest.raises(FileRefused):
        seal.key_of(tmp_path)
    with pytest.raises(BackupError, match="nowhere"):
        seal.key_of(tmp_path / "nowhere")


def test_what_ends_like_nothing_of_ours_is_no_backup(busy: Ledger) -> None:
    for end in (b"x", b"\0", b"PK\x05\x06" + b"\0" * 17):
        with pytest.raises(NotABackup):
            opened(sealed(busy, None) + end, None)
