"""The file that a backup is: a zip with a manifest, a JSON-lines file per table, and the blobs.

``manifest.json`` says what must be there, so a file that is cut short or changed is found out
before anything of it is used. Tables are ``tables/<name>.jsonl``, in an order in which each row's
references come before it; a blob is ``blobs/<its sha256>``.
"""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Annotated, BinaryIO, Literal, Self, cast

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from errors.backup import Damaged, NotABackup, NotRead
from kakari.backup import seal

MANIFEST = "manifest.json"
CHUNK = 1 << 20
"""Bytes that are held at a time."""
MOST_MANIFEST = 1 << 20
MOST_LINE = 64 << 20
MOST_BLOB = 256 << 20
"""Bytes of what has to be held whole."""
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
    OverflowError,
    LookupError,
)
"""What the zip module raises of bytes that are not as they were written."""


class TableEntry(BaseModel):
    """What must be in one table's file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z_]{1,60}$")]
    rows: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$|^$")]

    @property
    def member(self) -> str:
        return f"tables/{self.name}.jsonl"


class Manifest(BaseModel):
    """What a backup holds, and of which moment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    kakari: Annotated[str, Field(pattern=r"^[!-~]{1,60}$")]
    revision: Annotated[str, Field(pattern=r"^[!-~]{1,60}$")]
    """Of the schema, as Alembic counts."""
    moment: Annotated[
        AwareDatetime,
        Field(ge=datetime(2020, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC)),
    ]
    """Everything that was committed before it is in the backup."""
    tables: tuple[TableEntry, ...]
    """In the order in which they are to be loaded."""
    blobs: Annotated[int, Field(ge=0)]

    @property
    def rows(self) -> dict[str, int]:
        return {table.name: table.rows for table in self.tables}


class NewArchive:
    """Writes an archive, front to back, so that a pipe will do."""

    def __init__(
        self, out: BinaryIO, revision: str, moment: datetime, key: bytes | None = None
    ) -> None:
        """Begin one; ``key`` is what it will be sealed with."""
        self._out = seal.Sealing(out, key)
        self._zip = zipfile.ZipFile(cast("BinaryIO", self._out), "w", zipfile.ZIP_DEFLATED)
        self._zip.comment = seal.BLANK
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
        self._out.seal()
        return manifest


class Archive:
    """An archive that was checked as a whole."""

    def __init__(
        self, file: BinaryIO, name: str, key: bytes | None = None, *, unsealed: bool = False
    ) -> None:
        """Open and check it; ``name`` is what people call it, ``key`` what it is sealed with.

        ``unsealed`` accepts one without a seal of the key. Raises NotABackup, Damaged, SealMissing,
        SealForeign, and NotRead if the disk fails.
        """
        self._name = name
        self.proven = seal.demand(file, name, key, unsealed=unsealed)
        part = MANIFEST
        try:
            self._zip = zipfile.ZipFile(file)
            self.manifest = Manifest.model_validate_json(self._whole(MANIFEST, MOST_MANIFEST))
        except BROKEN as error:
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
        """Yield a table's rows. Raises Damaged at the end unless they are those that were checked.

        The file may have been written to since; what is loaded is what the manifest says.
        """
        digest = hashlib.sha256()
        try:
            with self._zip.open(table.member) as member:
                while line := member.readline(MOST_LINE):
                    digest.update(line)
                    yield line
        except BROKEN as error:
            raise Damaged(file=self._name, part=table.member) from error
        if digest.hexdigest() != table.sha256:
            raise Damaged(file=self._name, part=table.member)

    def blob(self, sha256: str) -> bytes:
        """Return bytes by what they are. Raises LookupError, and Damaged if they are others."""
        body = self._whole(_blob(sha256), MOST_BLOB)
        if hashlib.sha256(body).hexdigest() != sha256:
            raise Damaged(file=self._name, part=_blob(sha256))
        return body

    def _whole(self, part: str, most: int) -> bytes:
        with self._zip.open(part) as member:
            body = member.read(most + 1)
        if len(body) > most:
            raise Damaged(file=self._name, part=part)
        return body

    def _parts(self) -> list[str]:
        """Return the names of all members. Raises Damaged unless they are the manifest's."""
        names = self._zip.namelist()
        blobs = [name for name in names if name.startswith(_blob(""))]
        wanted = [MANIFEST, *blobs, *(table.member for table in self.manifest.tables)]
        if sorted(names) != sorted(set(wanted)) or len(blobs) != self.manifest.blobs:
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
