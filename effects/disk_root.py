"""Writing below one folder of the disk, and never anywhere else.

A path is data. Every step of it is opened relative to the folder before, and no step follows a
link, so that neither ``..`` nor a link that someone put there leads out. Nothing is overwritten: a
file appears under its name whole or not at all, and only if the name is free.
"""

import contextlib
import ctypes
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Self

from errors.work import DiskAway, DiskRefused, DiskTaken

DRAFT = ".kakari-"
"""How the name of a half-written file begins."""
CLAIMS = ".kakari"
"""A folder directly below the root that says which folders were made for which job."""

NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}
"""What os.link says on a file system without hard links (exFAT, many SMB shares)."""
RENAME_NOREPLACE = 1
AT_ONCE_DURABLE = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
"""What fsync of a folder says where there is nothing to wait for (SMB)."""

PASSING = frozenset(
    {errno.ESTALE, errno.EIO, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENOSPC}
)
"""What passes, or is mended, without anybody asking again: a NAS that restarts, a full disk."""
REASONS = {
    errno.ENOENT: ("no such folder", "フォルダがありません"),
    errno.ENOTDIR: (
        "a file or a link stands where a folder should be",
        "フォルダの位置にファイルかリンクがあります",
    ),
    errno.ELOOP: ("a link stands where a folder should be", "フォルダの位置にリンクがあります"),
    errno.EACCES: ("no permission", "権限がありません"),
    errno.EPERM: ("no permission", "権限がありません"),
    errno.EROFS: ("it can only be read", "読み取り専用です"),
    errno.ENOSPC: ("the disk is full", "ディスクに空きがありません"),
    errno.EDQUOT: ("the quota is used up", "割り当て容量に達しました"),
    errno.ENAMETOOLONG: ("the name is too long", "名前が長すぎます"),
    errno.EINVAL: (
        "the file system does not accept the name",
        "ファイルシステムが名前を受け付けません",
    ),
    errno.EIO: ("the disk has a fault", "ディスクに障害があります"),
    errno.ESTALE: ("the network drive was lost", "ネットワークドライブとの接続が切れました"),
}


class DiskRoot:
    """One folder, open for a batch of effects; ``with`` closes it.

    Its methods raise DiskTaken where something else has the name, and DiskRefused.
    """

    def __init__(self, root: str) -> None:
        self._root = Path(root)
        self._open = contextlib.ExitStack()
        self._folders: dict[PurePosixPath, int] = {}
        self._changed: set[PurePosixPath] = set()

    def __enter__(self) -> Self:
        with self._in_words(self._root):
            self._keep(PurePosixPath(), os.open(self._root, os.O_RDONLY | os.O_DIRECTORY))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        self._folders.clear()

    def full(self, path: str) -> str:
        """Return the path as people look for it."""
        return str(self._root / path)

    def make_folder(self, path: str, *, job: str | None = None) -> None:
        """Make the folder if it is not there.

        With ``job`` it must be new: what is there already is taken, unless made for that job.
        """
        parent, name = self._split(path)
        with self._in_words(path):
            at = self._folder(parent)
            if job is not None:
                if not _exists(at, name):
                    self._claim(path, job)
                elif not self._claimed(path, job):
                    raise DiskTaken(path=self.full(path))
            try:
                os.mkdir(name, dir_fd=at)
            except FileExistsError:
                # A folder, or a way into one: opening it tells.
                self._folder(parent / name)
            self._changed.add(parent)

    def has_folder(self, path: str, *, job: str | None = None) -> bool:
        """Tell whether the folder is there, made for ``job`` where that is given."""
        parent, name = self._split(path)
        with self._in_words(path):
            try:
                self._folder(parent / name)
            except FileNotFoundError:
                return False
            return job is None or self._claimed(path, job)

    def write(self, path: str, content: bytes) -> None:
        """Write the file, unless it is there with the same content."""
        parent, name = self._split(path)
        with self._in_words(path):
            at = self._folder(parent)
            draft = f"{_draft_of(name)}{secrets.token_hex(4)}"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            try:
                with os.fdopen(os.open(draft, flags, 0o666, dir_fd=at), "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                _publish(draft, name, at)
            except FileExistsError:
                if not _holds(name, content, at):
                    raise DiskTaken(path=self.full(path)) from None
            finally:
                # One that stays is litter, which the next probe clears; the file is there or not.
                with contextlib.suppress(OSError):
                    os.unlink(draft, dir_fd=at)
            self._changed.add(parent)

    def has_file(self, path: str, content: bytes) -> bool:
        """Tell whether the file is there with this content.

        What an attempt that was killed left half-written beside it is cleared away.
        """
        parent, name = self._split(path)
        with self._in_words(path):
            try:
                at = self._folder(parent)
            except FileNotFoundError:
                return False
            with os.scandir(at) as entries:
                drafts = [e.name for e in entries if e.name.startswith(_draft_of(name))]
            for draft in drafts:
                os.unlink(draft, dir_fd=at)
            if not _exists(at, name):
                return False
            if not _holds(name, content, at):
                raise DiskTaken(path=self.full(path))
            return True

    def settle(self) -> None:
        """Return when the names made so far will survive a power cut."""
        for folder in self._changed:
            with self._in_words(folder):
                _fsync_folder(self._folder(folder))
        self._changed.clear()

    def _folder(self, path: PurePosixPath) -> int:
        """Return the open folder, step by step from the root. Raises OSError."""
        if path in self._folders:
            return self._folders[path]
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        return self._keep(path, os.open(path.name, flags, dir_fd=self._folder(path.parent)))

    def _keep(self, path: PurePosixPath, descriptor: int) -> int:
        self._open.callback(os.close, descriptor)
        self._folders[path] = descriptor
        return descriptor

    def _split(self, path: str) -> tuple[PurePosixPath, str]:
        steps = path.split("/")
        if any(step in {"", ".", ".."} or "\0" in step for step in steps):
            raise DiskRefused(
                path=self.full(path),
                reason="the path leads out of its folder",
                reason_ja="フォルダの外を指しています",
            )
        return PurePosixPath(*steps[:-1]), steps[-1]

    def _claim(self, path: str, job: str) -> None:
        """Say that ``path`` is made for ``job``, before it is made.

        A folder cannot carry whose it is, as a file carries its content. The claim is written
        first, so a folder made by an attempt that was killed is known again. (Only one that a
        person makes between that kill and the next attempt would be taken for ours.)
        """
        root = self._folder(PurePosixPath())
        with contextlib.suppress(FileExistsError):
            os.mkdir(CLAIMS, dir_fd=root)
            _fsync_folder(root)
        at = self._folder(PurePosixPath(CLAIMS))
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW
        claim = os.open(_claim_of(path, job), flags, 0o666, dir_fd=at)
        with os.fdopen(claim, "w", encoding="utf-8") as file:
            file.write(f"{job}\n{path}\n")
        _fsync_folder(at)

    def _claimed(self, path: str, job: str) -> bool:
        try:
            return _exists(self._folder(PurePosixPath(CLAIMS)), _claim_of(path, job))
        except FileNotFoundError:
            return False

    @contextlib.contextmanager
    def _in_words(self, path: str | PurePosixPath | Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            other = error.strerror or str(error)
            reason, reason_ja = REASONS.get(error.errno or 0, (other, other))
            kind = DiskAway if error.errno in PASSING else DiskRefused
            raise kind(path=self.full(str(path)), reason=reason, reason_ja=reason_ja) from error


def _draft_of(name: str) -> str:
    # The name itself may be as long as a name can be.
    return f"{DRAFT}{hashlib.sha256(name.encode()).hexdigest()[:16]}-"


def _claim_of(path: str, job: str) -> str:
    return hashlib.sha256(f"{job}\0{path}".encode()).hexdigest()


def _exists(at: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=at, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _holds(name: str, content: bytes, at: int) -> bool:
    """Tell whether the file of this name is a plain one with this content."""
    there = os.stat(name, dir_fd=at, follow_symlinks=False)
    if not stat.S_ISREG(there.st_mode) or there.st_size != len(content):
        return False
    # Not blocking, lest it has become a pipe since.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    with os.fdopen(os.open(name, flags, dir_fd=at), "rb") as file:
        return hashlib.file_digest(file, "sha256").digest() == hashlib.sha256(content).digest()


def _publish(draft: str, name: str, at: int) -> None:
    """Give the draft its name, if that is free. Raises FileExistsError if it is not."""
    try:
        os.link(draft, name, src_dir_fd=at, dst_dir_fd=at, follow_symlinks=False)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _rename_to_free(draft, name, at)


def _rename_to_free(draft: str, name: str, at: int) -> None:
    """Rename as Linux can without overwriting; Python's own rename would overwrite."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), name)
    if rename(at, os.fsencode(draft), at, os.fsencode(name), RENAME_NOREPLACE):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), name)


def _fsync_folder(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in AT_ONCE_DURABLE:
            raise
