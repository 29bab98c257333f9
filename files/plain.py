"""Reading what the office wrote: plain files only, whole, and never more than a cap.

A setting names a folder or a file, which may be links themselves: so mounts are made. Below such
a folder no step follows a link. Nothing but a plain file is opened for its bytes, so that a pipe
cannot hang whoever reads it, and a device cannot fill the memory. A hard link cannot be told from
the file that it is.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePath

from cards.sentences import Sentence
from errors.settings import FileRefused

MOST_BYTES = 10 * 1024 * 1024
"""Of a file of the office's, unless its reader allows fewer."""

LINK = Sentence("this is a symbolic link", "シンボリックリンクは使えません")
NOT_PLAIN = Sentence("this is not a plain file", "通常のファイルではありません")
TOO_LARGE = Sentence("the file is larger than {most}", "{most} を超えています")
LEADS_OUT = Sentence("the path leads out of its folder", "フォルダの外を指しています")

# Not blocking: else the open of a pipe waits for somebody who writes to it.
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY
_FOLDER = os.O_RDONLY | os.O_DIRECTORY


def read(root: Path, below: str | PurePath, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file below a folder of the office's.

    Raises FileRefused, and OSError where there is none or it may not be read.
    """
    path = PurePath(below)
    if path.is_absolute() or ".." in path.parts or "\0" in str(path):
        raise refusal(root / path, LEADS_OUT)
    with _folder_of(root, path) as at:
        return _bytes(open_plain(path.name, at, root / path), root / path, most)


def names(root: Path, below: str | PurePath) -> list[str]:
    """Return what lies in a folder below one of the office's. Raises FileRefused and OSError."""
    with _folder_of(root, PurePath(below) / "…") as at:
        return sorted(os.listdir(at))  # noqa: PTH208 - of an open folder


def read_named(file: Path, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file that a setting names; it may be a link, as Kubernetes mounts one.

    Raises FileRefused, and OSError where there is none or it may not be read.
    """
    with _refused(file):
        opened = os.open(file, _FILE)
    return _bytes(_plain(opened, file), file, most)


def open_plain(name: str, at: int, file: Path) -> int:
    """Open the plain file that has this name in an open folder; ``file`` is what people call it.

    Raises FileRefused, and OSError where there is none or it may not be read.
    """
    with _refused(file):
        opened = os.open(name, _FILE | os.O_NOFOLLOW, dir_fd=at)
    return _plain(opened, file)


def refusal(file: Path, why: Sentence, **values: object) -> FileRefused:
    """Return the sentence that says why a file is not read."""
    return FileRefused(file=file, reason=why.say("en", **values), reason_ja=why.say("ja", **values))


def in_words(most: int) -> str:
    """Return a cap as people write it: 10 MB, 64 kB."""
    return f"{most >> 20} MB" if most >= 1 << 20 else f"{most >> 10} kB"


@contextlib.contextmanager
def _folder_of(root: Path, path: PurePath) -> Iterator[int]:
    """Open the folder that a file lies in, step by step."""
    with contextlib.ExitStack() as opened:
        at = os.open(root, _FOLDER)
        opened.callback(os.close, at)
        way = root
        for step in path.parts[:-1]:
            way /= step
            with _refused(way):
                at = os.open(step, _FOLDER | os.O_NOFOLLOW, dir_fd=at)
            opened.callback(os.close, at)
        yield at


@contextlib.contextmanager
def _refused(file: Path) -> Iterator[None]:
    """Raise FileRefused for what the system says of a link, and of a socket or a dead pipe."""
    try:
        yield
    except OSError as error:
        # Of a link, Linux says ELOOP of a file and ENOTDIR of a folder.
        if error.errno in (errno.ELOOP, errno.ENOTDIR) and file.is_symlink():
            raise refusal(file, LINK) from error
        if error.errno in (errno.ENXIO, errno.ENODEV, errno.ELOOP):
            raise refusal(file, NOT_PLAIN) from error
        raise


def _plain(opened: int, file: Path) -> int:
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise refusal(file, NOT_PLAIN)
    return opened


def _bytes(opened: int, file: Path, most: int) -> bytes:
    with os.fdopen(opened, "rb") as stream:
        # The size first: a sparse file says that it is large before a byte of it is read.
        if os.fstat(opened).st_size > most or len(data := stream.read(most + 1)) > most:
            raise refusal(file, TOO_LARGE, most=in_words(most))
    return data
