"""A row that is not as Kakari writes it is a sentence with its table and number."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable

import pytest
from sqlalchemy import inspect

from errors import KakariError
from errors.backup import NotRestored, RowForeign
from kakari.backup import restoring
from kakari.backup.archive import MANIFEST, Archive
from ledger.database import Ledger, now
from tests.unit.backup.conftest import saved
from tests.unit.ledger.office import TOKYO

LAST = {("project", now().astimezone(TOKYO).year): 1}
Change = Callable[[list[bytes]], list[bytes]]


def rewritten(data: bytes, table: str, change: Change) -> bytes:
    """Return a backup in which a table's lines are others, with sums that fit."""
    part = f"tables/{table}.jsonl"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        body = b"".join(change(old.read(part).splitlines(keepends=True)))
        manifest = json.loads(old.read(MANIFEST))
        for entry in manifest["tables"]:
            if entry["name"] == table:
                entry |= {"rows": body.count(b"\n"), "sha256": hashlib.sha256(body).hexdigest()}
        for name in old.namelist():
            written = {part: body, MANIFEST: json.dumps(manifest).encode()}
            new.writestr(name, written.get(name) or old.read(name))
    return out.getvalue()


def with_(**values: object) -> Change:
    def change(lines: list[bytes]) -> list[bytes]:
        row = json.loads(lines[-1]) | values
        return [*lines[:-1], json.dumps(row).encode() + b"\n"]

    return change


def last(line: bytes) -> Change:
    return lambda lines: [*lines[:-1], line + b"\n"]


FOREIGN: tuple[Change, ...] = (
    with_(asked_at="yesterday"),
    with_(asked_at="2026-11-29T10:00:00"),
    with_(asked_at=5),
    with_(asked_at=None),
    with_(asked_at=["2026-11-29T10:00:00+00:00"]),
    with_(subject=["a"]),
    with_(subject={"a": 1}),
    with_(subject=5),
    with_(subject="a\0b"),
    with_(subject="\ud800"),
    with_(subject=None),
    with_(approvals_needed=10**400),
    with_(approvals_needed=2**63),
    with_(approvals_needed="1"),
    with_(approvals_needed=1.5),
    with_(approvals_needed=True),
    with_(colour="red"),
    with_(request={"a": "\ud800"}),
    last(b"[]"),
    last(b"null"),
    last(b"5"),
    last(b"{"),
    last(b""),
    last(b"\xff"),
    last(b"[" * 100_000),
    last(b'{"id": NaN}'),
    last(b'{"id": ' + b"1" * 5000 + b"}"),
    last(b'{"id": "a", "id": "b"}'),
    last(b"{}"),
    lambda lines: [lines[0], lines[0]],
)


def test_a_foreign_row_is_a_sentence_and_the_database_is_as_it_was(
    busy: Ledger, empty: Ledger
) -> None:
    whole = saved(busy).getvalue()
    for number, change in enumerate(FOREIGN):
        data = rewritten(whole, "jobs", change)
        with Archive(io.BytesIO(data), "backup.zip") as archive, pytest.raises(RowForeign) as told:
            restoring.restore(empty, archive, LAST, TOKYO)
        assert (told.value.values["table"], told.value.values["row"]) == ("jobs", 2), number
        assert len(told.value.say("ja")) < 500
        assert inspect(empty.engine).get_table_names() == []
    with Archive(io.BytesIO(whole), "backup.zip") as archive:
        restoring.restore(empty, archive, LAST, TOKYO)


def test_bytes_that_are_not_in_the_backup_are_told_with_their_row(
    busy: Ledger, empty: Ledger
) -> None:
    row = {"sha256": "0" * 64, "body": "1" * 64, "size": 1}
    data = rewritten(saved(busy).getvalue(), "blobs", lambda _: [json.dumps(row).encode() + b"\n"])
    with Archive(io.BytesIO(data), "backup.zip") as archive, pytest.raises(KakariError):
        restoring.restore(empty, archive, LAST, TOKYO)


def test_a_backup_that_leaves_a_table_out_is_refused(busy: Ledger, empty: Ledger) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(saved(busy)) as old, zipfile.ZipFile(out, "w", 8) as new:
        manifest = json.loads(old.read(MANIFEST))
        manifest["tables"] = [t for t in manifest["tables"] if t["name"] != "audit"]
        for name in old.namelist():
            if name != "tables/audit.jsonl":
                body = json.dumps(manifest).encode() if name == MANIFEST else old.read(name)
                new.writestr(name, body)
    with Archive(out, "backup.zip") as archive, pytest.raises(NotRestored, match="audit"):
        restoring.restore(empty, archive, LAST, TOKYO)
