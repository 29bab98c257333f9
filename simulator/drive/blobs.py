"""File content, kept by its SHA-256: in a directory, or in memory where there is none."""

import hashlib
import os
import threading
from pathlib import Path


class Blobs:
    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory
        self._memory: dict[str, bytes] = {}
        if directory:
            directory.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        if self._directory is None:
            self._memory[sha256] = content
        elif not (self._directory / sha256).exists():
            draft = self._directory / f".{sha256}.{os.getpid()}.{threading.get_ident()}"
            draft.write_bytes(content)
            draft.replace(self._directory / sha256)
        return sha256

    def get(self, sha256: str) -> bytes:
        if self._directory is None:
            return self._memory[sha256]
        return (self._directory / sha256).read_bytes()

    def keep_only(self, used: set[str]) -> None:
        """Throw away what no file names any more."""
        if self._directory is None:
            self._memory = {key: blob for key, blob in self._memory.items() if key in used}
            return
        for path in self._directory.iterdir():
            if path.name not in used:
                path.unlink()
