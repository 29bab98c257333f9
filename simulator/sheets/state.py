"""All spreadsheets. Each is a file of the Drive, by the same id, and as old as its last change."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simulator.drive.state import DriveState, File
from simulator.sheets import defaults, snapshot
from simulator.sheets.draft import Draft
from simulator.sheets.spreadsheet import Sheet, Spreadsheet

SPREADSHEET = "application/vnd.google-apps.spreadsheet"


class SheetsState:
    def __init__(self, drive: DriveState) -> None:
        self._drive = drive
        self._books: dict[str, Spreadsheet] = {}

    def book(self, file_id: str) -> Spreadsheet:
        """Return the spreadsheet in a file, empty at first; it is never changed, only replaced."""
        with self._drive.lock:
            if file_id not in self._books:
                self._books[file_id] = empty(file_id)
            return self._books[file_id]

    @contextmanager
    def editing(self, file: File, user: str) -> Iterator[Draft]:
        """Change a spreadsheet: all of it, or, when an error comes out of the block, nothing."""
        with self._drive.lock:
            draft = Draft(self.book(file.id).copy(), user, file.name)
            yield draft
            self._books[file.id] = draft.book
            self._drive.change(file, user, name=draft.title)

    def put(self, book: Spreadsheet) -> None:
        with self._drive.lock:
            self._books[book.id] = book

    def copy(self, source_id: str, target_id: str) -> None:
        """Let a file that is a copy hold what the other holds now."""
        with self._drive.lock:
            copied = self.book(source_id).copy()
            copied.id = target_id
            self._books[target_id] = copied

    def forget(self) -> None:
        with self._drive.lock:
            self._books = {}

    def snapshot(self) -> list[dict[str, Any]]:
        """Only of files that are there: what was deleted for good goes without being told."""
        with self._drive.lock:
            books = [book for key, book in self._books.items() if self._drive.has(key)]
        return [snapshot.to_json(book) for book in books]

    def restore(self, data: list[dict[str, Any]]) -> None:
        with self._drive.lock:
            self._books = {each["id"]: snapshot.from_json(each) for each in data}


def empty(file_id: str) -> Spreadsheet:
    return Spreadsheet(file_id, [Sheet(0, "Sheet1")], defaults.PROPERTIES)
