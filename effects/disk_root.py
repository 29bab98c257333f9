"""Writing and taking back below one folder of the disk, and never anywhere else.

A path is data. Every step of it is opened relative to the folder before, and no step follows a
link, so that neither ``..`` nor a link that someone put there leads out. Nothing is overwritten: a
file appears under its name whole or not at all, and only if the name is free.
"""

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Self

from effects import disk_entry
from errors.work import ChangedSince, DiskAway, DiskRefused, DiskTaken, HoldsMore
from ledger.plan import Content

DRAFT = ".kakari-"
"""How the name of a half-written file begins."""
ASIDE = ".kakari-undo-"
"""How the name of a file begins that is being undone."""
CLAIMS = ".kakari"
"""A folder directly below the root that says which folders were made for which job."""

NOT_EMPTY = {errno.ENOTEMPTY, errno.EEXIST}
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
                if not disk_entry.exists(name, at):
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
            try:
                disk_entry.new_file(draft, content, at)
                disk_entry.publish(draft, name, at)
            except FileExistsError:
                if not disk_entry.holds(name, Content.of(content), at):
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
            for draft in disk_entry.named(_draft_of(name), at):
                os.unlink(draft, dir_fd=at)
            if not disk_entry.exists(name, at):
                return False
            if not disk_entry.holds(name, Content.of(content), at):
                raise DiskTaken(path=self.full(path))
            return True

    def remove_file(self, path: str, content: Content) -> None:
        """Take the file away if it is as it was written. Raises ChangedSince if it is not.

        It is moved aside before the look that counts, so that what is taken away is what was
        looked at. What an undo that was killed left aside is dealt with first.
        """
        parent, name = self._split(path)
        with self._in_words(path), contextlib.suppress(FileNotFoundError):
            at = self._folder(parent)
            self._changed.add(parent)
            for aside in disk_entry.named(_aside_of(name), at):
                self._drop(aside, path, content)
            if not disk_entry.holds(name, content, at):
                raise ChangedSince(name=self.full(path))
            aside = f"{_aside_of(name)}{secrets.token_hex(4)}"
            os.rename(name, aside, src_dir_fd=at, dst_dir_fd=at)
            self._drop(aside, path, content)

    def _drop(self, aside: str, path: str, content: Content) -> None:
        """Delete what was moved aside if it is as it was written; else put it back."""
        parent, name = self._split(path)
        at = self._folder(parent)
        with contextlib.suppress(FileNotFoundError):  # another worker, thought dead, was quicker
            if disk_entry.holds(aside, content, at):
                try:
                    os.unlink(aside, dir_fd=at)
                except OSError:  # what may not be deleted must not stay hidden
                    disk_entry.put_back(aside, name, at)
                    raise
                return
            back = disk_entry.put_back(aside, name, at)
            raise ChangedSince(name=self.full(path if back else str(parent / aside)))

    def remove_folder(self, path: str, *, job: str | None = None) -> None:
        """Take the folder away if it is empty. Raises HoldsMore if it is not.

        With ``job`` only one made for that job goes, and its claim with it. Raises ChangedSince
        where something else has the name.
        """
        parent, name = self._split(path)
        with self._in_words(path):
            with contextlib.suppress(FileNotFoundError):
                at = self._folder(parent)
                if job is not None and not self._claimed(path, job):
                    if disk_entry.exists(name, at):
                        raise ChangedSince(name=self.full(path))
                    return
                self._remove_empty(path, name, at)
                self._changed.add(parent)
                self._changed.discard(parent / name)
            if job is not None:
                self.settle()  # whose the folder is may be forgotten once it is gone for good
                self._unclaim(path, job)

    def _remove_empty(self, path: str, name: str, at: int) -> None:
        try:
            os.rmdir(name, dir_fd=at)
        except NotADirectoryError:  # nor does a link count as one
            raise ChangedSince(name=self.full(path)) from None
        except OSError as error:
            if error.errno not in NOT_EMPTY:
                raise
            raise HoldsMore(name=self.full(path)) from None

    def settle(self) -> None:
        """Return when what was made and taken away so far will survive a power cut."""
        for folder in self._changed:
            with self._in_words(folder):
                disk_entry.fsync_folder(self._folder(folder))
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
            disk_entry.fsync_folder(root)
        at = self._folder(PurePosixPath(CLAIMS))
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW
        claim = os.open(_claim_of(path, job), flags, 0o666, dir_fd=at)
        with os.fdopen(claim, "w", encoding="utf-8") as file:
            file.write(f"{job}\n{path}\n")
        disk_entry.fsync_folder(at)

    def _claimed(self, path: str, job: str) -> bool:
        try:
            return disk_entry.exists(_claim_of(path, job), self._folder(PurePosixPath(CLAIMS)))
        except FileNotFoundError:
            return False

    def _unclaim(self, path: str, job: str) -> None:
        claims = PurePosixPath(CLAIMS)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(_claim_of(path, job), dir_fd=self._folder(claims))
            self._changed.add(claims)

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


def _aside_of(name: str) -> str:
    return f"{ASIDE}{hashlib.sha256(name.encode()).hexdigest()[:16]}-"


def _claim_of(path: str, job: str) -> str:
    return hashlib.sha256(f"{job}\0{path}".encode()).hexdigest()
