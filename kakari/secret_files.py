"""Secrets that lie in files, as compose and systemd hand them in, named like their settings."""

import os
from pathlib import Path

from errors.settings import SecretUnreadable
from files import plain

FOLDER = Path(os.environ.get("CREDENTIALS_DIRECTORY", "/run/secrets"))


def named(prefix: str, folder: Path | None = None) -> list[str]:
    """Return the names of the files that stand for settings.

    Raises SecretUnreadable and FileRefused.
    """
    try:
        files = sorted(
            file for file in (folder or FOLDER).iterdir() if file.name.startswith(prefix)
        )
    except FileNotFoundError:
        return []
    for file in files:
        try:
            if not file.is_file():
                raise plain.refusal(file, plain.NOT_PLAIN)  # a pipe would be waited for
            file.read_bytes()
        except PermissionError as error:
            raise SecretUnreadable.of(file) from error
    return [file.name for file in files]


def has(name: str) -> bool:
    """Say whether a file stands for the setting of this name, readable or not."""
    return (FOLDER / name.lower()).exists()
