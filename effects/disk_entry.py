"""One name in an open folder, by calls to the system, which differ from disk to disk.

``at`` is the folder's descriptor. No function follows a link that has the name; all raise OSError.
"""

import contextlib
import ctypes
import errno
import hashlib
import os
import stat

from ledger.plan import Content

NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}
"""What os.link says on a file system without hard links (exFAT, many SMB shares)."""
RENAME_NOREPLACE = 1
AT_ONCE_DURABLE = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
"""What fsync of a folder says where there is nothing to wait for (SMB)."""


def exists(name: str, at: int) -> bool:
    try:
        _stat(name, at)
    except FileNotFoundError:
        return False
    return True


def holds(name: str, content: Content, at: int) -> bool:
    """Tell whether the name is a plain file's with this content."""
    there = _stat(name, at)
    if not stat.S_ISREG(there.st_mode) or there.st_size != content.size:
        return False
    # Not blocking, lest it has become a pipe since.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    with os.fdopen(os.open(name, flags, dir_fd=at), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == content.sha256


def named(beginning: str, at: int) -> list[str]:
    """Return the names in the folder that begin so."""
    with os.scandir(at) as entries:
        return [each.name for each in entries if each.name.startswith(beginning)]


def new_file(name: str, content: bytes, at: int) -> None:
    """Write a file that was not there, and wait until the disk has it."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(name, flags, 0o666, dir_fd=at), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def publish(draft: str, name: str, at: int) -> None:
    """Give the draft its name, if that is free. Raises FileExistsError if it is not."""
    try:
        os.link(draft, name, src_dir_fd=at, dst_dir_fd=at, follow_symlinks=False)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _rename_to_free(draft, name, at)


def put_back(aside: str, name: str, at: int) -> bool:
    """Give what was moved aside its name again; False, and it stays, if the name is taken."""
    try:
        publish(aside, name, at)
    except FileExistsError:
        if not os.path.samestat(_stat(aside, at), _stat(name, at)):
            return False
    with contextlib.suppress(FileNotFoundError):  # it had two names if it was linked
        os.unlink(aside, dir_fd=at)
    return True


def _stat(name: str, at: int) -> os.stat_result:
    return os.stat(name, dir_fd=at, follow_symlinks=False)


def _rename_to_free(draft: str, name: str, at: int) -> None:
    """Rename as Linux can without overwriting; Python's own rename would overwrite."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), name)
    if rename(at, os.fsencode(draft), at, os.fsencode(name), RENAME_NOREPLACE):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), name)


def fsync_folder(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in AT_ONCE_DURABLE:
            raise
