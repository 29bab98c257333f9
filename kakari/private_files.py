"""Files that hold what people asked for: their owner's alone, whatever the umask is."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from errors.settings import FileNotWritten

FILE = 0o600
FOLDER = 0o700
STDOUT = Path("-")


def opener(file: str, flags: int) -> int:
    """Open a file that, if it is made by this, nobody else can read: ``open(…, opener=opener)``."""
    return os.open(file, flags, FILE)


def make_folder(folder: Path) -> None:
    """Make a folder, and those it lies in, that nobody else can enter; what is there stays so."""
    for each in (*reversed(folder.parents), folder):
        each.mkdir(FOLDER, exist_ok=True)


@contextmanager
def written(file: Path) -> Iterator[BinaryIO]:
    """Open a file, or the standard output with ``-``, to be written anew.

    A file is there only once it is complete, in the place of one that others could read. Raises
    FileNotWritten.
    """
    try:
        if file == STDOUT:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        elif file.exists() and not file.is_file():  # a pipe, say
            with file.open("wb") as out:
                yield out
        else:
            with _replaced(file.resolve()) as out:
                yield out
    except OSError as error:
        raise FileNotWritten(file=file, reason=error.strerror) from error


@contextmanager
def _replaced(file: Path) -> Iterator[BinaryIO]:
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        with open(part, "xb", opener=opener) as out:
            yield out
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
