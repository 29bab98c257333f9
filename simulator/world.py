"""Everything the simulator knows, in one place, and its life on disk."""

import json
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from simulator.app_config import AppCommand, AppConfig
from simulator.calls import Calls
from simulator.chat.state import ChatState
from simulator.clock import Clock
from simulator.drive.blobs import Blobs
from simulator.drive.state import DriveState
from simulator.faults import Faults
from simulator.keys import Keys, write_secret
from simulator.quota import Quota
from simulator.sheets.access import Limits
from simulator.sheets.state import SheetsState
from simulator.tokens import Tokens

__all__ = ["AppCommand", "AppConfig", "World"]


class World:
    """Chat, Drive, Sheets, keys and tokens, the configured app, and what may go wrong.

    With a state directory it starts where an earlier world of that directory ended.
    """

    #: How long changes are gathered before they are written.
    DEBOUNCE = 0.5

    def __init__(self, state_dir: Path | None = None, *, delay: float = 0.0) -> None:
        self._state_dir = state_dir
        self._touched = threading.Event()
        self._stopping = threading.Event()
        self._writer: threading.Thread | None = None
        lock = threading.RLock()
        self.lock = lock
        self.keys = Keys(state_dir)
        self.chat = ChatState(lock, self._touched)
        self.drive = DriveState(
            Blobs(state_dir / "blobs" if state_dir else None), lock, self._touched, self.chat.feed
        )
        self.sheets = SheetsState(self.drive)
        self.clock = Clock()
        self.tokens = Tokens(
            self.keys, lambda email: self.chat.person_by_email(email) is not None, self.clock
        )
        self.faults = Faults(delay)
        self.calls = Calls()
        self.chat_writes = Quota(per_second=1)
        """Writes into one space; Google allows one a second, from all apps together."""
        self.drive_writes = Quota(per_second=None)
        """Writes of one user; off unless switched on."""
        self.sheets_calls = Limits()
        """Reads and writes of spreadsheets; Google allows a user 60 a minute of each."""
        self._app = AppConfig()

    @property
    def app(self) -> AppConfig:
        return self._app

    @app.setter
    def app(self, config: AppConfig) -> None:
        self._app = config
        self._touched.set()

    def reset(self) -> None:
        """Forget messages, files and calls; people, spaces, drives and the app stay."""
        with self.lock:
            self.chat.forget_messages()
            self.drive.forget_files()
            self.sheets.forget()
            self.calls.clear()

    # On disk

    def snapshot(self) -> dict[str, Any]:
        """Copy everything; each part takes the lock itself, and only while it must."""
        return {
            "chat": self.chat.snapshot(),
            "drive": self.drive.snapshot(),
            "sheets": self.sheets.snapshot(),
            "app": self.app.to_json(),
        }

    def restore(self, data: dict[str, Any]) -> None:
        with self.lock:
            self.chat.restore(data["chat"])
            self.drive.restore(data["drive"])
            self.sheets.restore(data.get("sheets", []))
            self.app = AppConfig.from_json(data["app"])

    def start_persisting(self) -> bool:
        """Load what the state directory holds and keep it up to date; whether it held a world."""
        if self._state_dir is None:
            return False
        known = False
        with suppress(FileNotFoundError):
            self.restore(json.loads(self._file(self._state_dir).read_text(encoding="utf-8")))
            known = True
        self._writer = threading.Thread(
            target=self._keep_written, args=(self._state_dir,), name="simulator-state"
        )
        self._writer.start()
        return known

    def stop_persisting(self) -> None:
        """Write what is not written yet."""
        if self._writer and self._state_dir:
            self._stopping.set()
            self._touched.set()
            self._writer.join()
            self._writer = None
            self._write(self._state_dir)

    def _keep_written(self, directory: Path) -> None:
        while not self._stopping.is_set():
            self._touched.wait()
            self._stopping.wait(self.DEBOUNCE)
            self._write(directory)

    def _write(self, directory: Path) -> None:
        self._touched.clear()
        write_secret(self._file(directory), json.dumps(self.snapshot(), ensure_ascii=False))

    @staticmethod
    def _file(directory: Path) -> Path:
        return directory / "world.json"
