"""The seal at the end of a backup: what all bytes before it come to.

Without a key it tells damage, and proves nothing of where the file comes from: whoever can change
the bytes can reckon it anew. With the office's key it is an HMAC-SHA256 (RFC 2104), which only who
has the key can make. It is the zip's own comment, so that any program opens the file. Backups of
earlier versions bear none.
"""

import hashlib
import hmac
from pathlib import Path
from typing import BinaryIO

from errors.backup import Damaged, KeyTooShort, NotABackup, NotRead, SealForeign, SealMissing
from errors.settings import SecretUnreadable
from files import plain

CHUNK = 1 << 20
SHORTEST_KEY = 32
"""Bytes; of a key that people cannot guess, such as “openssl rand -base64 48” makes."""
MOST_KEY = 4096

_PLAIN, _KEYED = b"kakari sha256      ", b"kakari hmac-sha256 "
_DIGITS = 2 * hashlib.sha256().digest_size
LENGTH = len(_PLAIN) + _DIGITS
BLANK = bytes(LENGTH)
"""What the zip is given in place of the seal: what the seal is of must be known first."""
_END = b"PK\x05\x06"
_END_LENGTH = 22
"""Of a zip that ends without a comment, and so without a seal."""


def key_of(file: Path) -> bytes:
    """Return the office's key. Raises SecretUnreadable, KeyTooShort, FileRefused and NotRead."""
    try:
        key = plain.read_named(file, MOST_KEY).strip()
    except PermissionError as error:
        raise SecretUnreadable.of(file) from error
    except OSError as error:
        raise NotRead(file=file, reason=error.strerror) from error
    if len(key) < SHORTEST_KEY:
        raise KeyTooShort(file=file, least=SHORTEST_KEY)
    return key


class Sealing:
    """A file that a zip is written to, front to back: it holds the end back until the seal."""

    def __init__(self, out: BinaryIO, key: bytes | None) -> None:
        self._out, self._key = out, key
        self._digest = _digest(key)
        self._held = b""

    def write(self, data: bytes) -> int:
        held = self._held + bytes(data)
        self._held = held[-LENGTH:]
        self._pass_on(held[:-LENGTH])
        return len(data)

    def flush(self) -> None:
        self._out.flush()

    def seal(self) -> None:
        """Write the seal in place of the blank that the zip ended with."""
        assert self._held == BLANK
        self._out.write(_written(self._digest, self._key))
        self._out.flush()

    def _pass_on(self, data: bytes) -> None:
        if data:
            self._digest.update(data)
            self._out.write(data)


def demand(file: BinaryIO, name: str, key: bytes | None, *, unsealed: bool = False) -> bool:
    """Return whether the seal shows that this office made the backup, before any of it is read.

    Raises NotABackup, Damaged, NotRead; with a key SealForeign, and SealMissing unless ``unsealed``.
    """
    try:
        size = file.seek(0, 2)
        file.seek(max(0, size - LENGTH))
        end = file.read()
        method = end[: len(_PLAIN)] if len(end) == LENGTH else b""
        if method not in (_PLAIN, _KEYED):
            if end[-_END_LENGTH:][:4] != _END or end[-2:] != b"\0\0":
                raise NotABackup(file=name)
            method = b""
        if key is not None and method != _KEYED and not unsealed:
            raise SealMissing(file=name)
        if not method or (method == _KEYED and key is None):
            return False
        used = key if method == _KEYED else None
        digest = _digest(used)
        file.seek(0)
        left = size - LENGTH
        while left and (chunk := file.read(min(CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
        file.seek(0)
    except OSError as error:
        raise NotRead(file=name, reason=error.strerror) from error
    if not hmac.compare_digest(_written(digest, used), end):
        raise SealForeign(file=name) if used else Damaged(file=name, part="its seal")
    return used is not None


def _digest(key: bytes | None) -> "hmac.HMAC | hashlib._Hash":
    return hmac.new(key, digestmod="sha256") if key else hashlib.sha256()


def _written(digest: "hmac.HMAC | hashlib._Hash", key: bytes | None) -> bytes:
    return (_KEYED if key else _PLAIN) + digest.hexdigest().encode()
