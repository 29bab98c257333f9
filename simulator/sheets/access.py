"""Who reaches which spreadsheet, and how often: Sheets asks the Drive."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from simulator.call import Behaviour, Call, Result
from simulator.drive.state import DriveState, File
from simulator.quota import Quota
from simulator.sheets import refusals
from simulator.sheets.draft import Draft
from simulator.sheets.spreadsheet import Spreadsheet
from simulator.sheets.state import SPREADSHEET, SheetsState


class Access:
    def __init__(self, sheets: SheetsState, drive: DriveState) -> None:
        self._sheets = sheets
        self._drive = drive

    def opened(self, user: str, file_id: str) -> tuple[Spreadsheet, File]:
        """Return what the spreadsheet is now, and the file it is in. Raises ApiError."""
        with self._drive.lock:
            file = self._file(user, file_id)
            return self._sheets.book(file_id), file

    @contextmanager
    def editing(self, user: str, file_id: str) -> Iterator[Draft]:
        """Change a spreadsheet all or nothing. Raises ApiError."""
        with self._drive.lock:
            file = self._file(user, file_id)
            if not self._drive.can_edit(user, file):
                raise refusals.no_permission()
            with self._sheets.editing(file, user) as draft:
                yield draft

    def _file(self, user: str, file_id: str) -> File:
        if not self._drive.has(file_id) or self._drive.is_trashed(self._drive.file(file_id)):
            raise refusals.not_found()
        file = self._drive.file(file_id)
        if not self._drive.can_see(user, file):
            raise refusals.no_permission()
        if file.mime_type != SPREADSHEET:
            raise refusals.no_spreadsheet()
        return file


class Limits:
    """How often a minute may be read and written, by one user and by all of a project."""

    PER_USER = 60
    #: All users of a project together may call so many times as often as one of them.
    USERS = 5

    def __init__(self) -> None:
        self._buckets = {
            (what, whose): Quota(None) for what in ("Read", "Write") for whose in (" per user", "")
        }
        for what in ("Read", "Write"):
            self.set(what, self.PER_USER)

    def set(self, what: str, per_minute: float | None) -> None:
        """Let each user ``Read`` or ``Write`` that often; None for as often as they like."""
        for whose, users in ((" per user", 1), ("", self.USERS)):
            bucket = self._buckets[what, whose]
            if per_minute is None:
                bucket.set(None)
            else:
                bucket.set(per_minute * users / 60, per_minute * users)

    def to_json(self) -> dict[str, float | None]:
        rates = {what: self._buckets[what, " per user"].per_second for what in ("Read", "Write")}
        return {
            f"{what.lower()}s_per_minute": None if rate is None else rate * 60
            for what, rate in rates.items()
        }

    def counted(self, what: str, handle: Callable[[Call], Result]) -> Behaviour:
        """Make a behaviour that counts as ``Read`` or ``Write``."""

        def count(call: Call) -> Result:
            for whose in (" per user", ""):
                if not self._buckets[what, whose].take(call.grant.user if whose else ""):
                    raise refusals.too_often(what, whose)
            return handle(call)

        return Behaviour(count, prints_zeros=True)
