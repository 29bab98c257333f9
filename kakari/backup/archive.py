"""The file that a backup is: a zip with a manifest, a JSON-lines file per table, and the blobs.

``manifest.json`` says what must be there, so a file that is cut short or changed is found out
before anything of it is used. Tables are ``tables/<name>.jsonl``, in an order in which each row's
references come before it; a blob is ``blobs/<its sha256>``.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from typing import BinaryIO, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from errors.backup import Damaged, NotABackup, NotRead

MANIFEST = "manifest.json"
CHUNK = 1 << 20
"""Bytes that are held at a time."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OverflowError)
"""What the zip module raises of bytes that are not as they were written."""


class TableEntry(BaseModel):
    """What must be in one table's file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        return f"tables/{self.name}.jsonl"


class Manifest(BaseModel):
    """What a backup holds, and of which moment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    kakari: str
    revision: str
    """Of the schema, as Alembic counts."""
    moment: AwareDatetime
    """Everything that was committed before it is in the backup."""
    tables: tuple[TableEntry, ...]
    """In the order in which they are to be loaded."""
    blobs: int

    @property
    def rows(self) -> dict[str, int]:
        return {table.name: table.rows for table in self.tables}


class NewArchive:
    """Writes an archive, front to back, so that a pipe will do."""

    def __init__(self, out: BinaryIO, revision: str, moment: datetime) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self._revision = revision
        self._moment = moment
        self._tables: list[TableEntry] = []
        self._blobs: set[str] = set()

    def add_table(self, name: str, lines: Iterable[bytes]) -> None:
        digest, rows = hashlib.sha256(), 0
        entry = TableEntry(name=name, rows=0, sha256="")
        with self._zip.open(entry.member, "w", force_zip64=True) as member:
            for line in lines:
                member.write(line)
                digest.update(line)
                rows += 1
        self._tables.append(TableEntry(name=name, rows=rows, sha256=digest.hexdigest()))

    def add_blob(self, body: bytes) -> None:
        """Add bytes by what they are; the same ones only once."""
        sha256 = hashlib.sha256(body).hexdigest()
        if sha256 not in self._blobs:
            self._blobs.add(sha256)
            self._zip.writestr(_blob(sha256), body)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        with suppress(OSError):  # the zip ends itself, also where nothing can be written any more
            self._zip.close()

    def finish(self) -> Manifest:
        """Write the manifest, last of all: without it nothing is a backup."""
        manifest = Manifest(
            kakari=version("kakari"),
            revision=self._revision,
            moment=self._moment,
            tables=tuple(self._tables),
            blobs=len(self._blobs),
        )
        self._zip.writestr(MANIFEST, manifest.model_dump_json(indent=1))
        self._zip.close()
        return manifest


class Archive:
    """An archive that was checked as a whole."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Open and check it; ``name`` is what people call it.

        Raises NotABackup, Damaged, and NotRead if the disk fails.
        """
        self._name = name
        part = MANIFEST
        try:
            self._zip = zipfile.ZipFile(file)
            self.manifest = Manifest.model_validate_json(self._zip.read(MANIFEST))
        except (*BROKEN, KeyError) as error:
            raise NotABackup(file=name) from error
        except OSError as error:
            raise NotRead(file=name, reason=error.strerror) from error
        try:
            for part in self._parts():
                self._check(part)
        except BROKEN as error:
            raise Damaged(file=name, part=part) from error
        except OSError as error:
            raise NotRead(file=name, reason=error.strerror) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._zip.close()

    def lines(self, table: TableEntry) -> Iterator[bytes]:
        with self._zip.open(table.member) as member:
            yield from member

    def blob(self, sha256: str) -> bytes:
        return self._zip.read(_blob(sha256))

    def _parts(self) -> list[str]:
        """Return the names of all members. Raises Damaged unless they are the manifest's."""
        names = self._zip.namelist()
        blobs = [name for name in names if name.startswith(_blob(""))]
        wanted = [MANIFEST, *blobs, *(table.member for table in self.manifest.tables)]
        if sorted(names) != sorted(wanted) or len(set(blobs)) != self.manifest.blobs:
            raise Damaged(file=self._name, part=MANIFEST)
        return names

    def _check(self, part: str) -> None:
        """Read one member to its end, which also compares its CRC-32."""
        if self._zip.getinfo(part).compress_type != zipfile.ZIP_DEFLATED:
            raise Damaged(file=self._name, part=part)
        digest, rows = hashlib.sha256(), 0
        with self._zip.open(part) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
                rows += chunk.count(b"\n")
        found = (rows, digest.hexdigest())
        tables = {table.member: (table.rows, table.sha256) for table in self.manifest.tables}
        if part.startswith(_blob("")):
            wanted = (rows, part.removeprefix(_blob("")))
        else:
            wanted = tables.get(part, found)
        if found != wanted:
            raise Damaged(file=self._name, part=part)


def _blob(sha256: str) -> str:
    return f"blobs/{sha256}"
