"""What Drive asks of Sheets: copies of spreadsheets, and a sheet from plain text and as such."""

import csv
import io

from simulator.answers import Media
from simulator.drive.state import File
from simulator.sheets.a1 import Area
from simulator.sheets.draft import JsonValue
from simulator.sheets.reading import Reader, Rendering
from simulator.sheets.state import SheetsState
from simulator.sheets.writing import Input, append

_SEPARATORS = {"text/csv": ",", "text/tab-separated-values": "\t"}


class SpreadsheetEditor:
    def __init__(self, sheets: SheetsState) -> None:
        self._sheets = sheets

    def copy(self, source_id: str, target_id: str) -> None:
        self._sheets.copy(source_id, target_id)

    def reads(self, mime_type: str) -> bool:
        return _plain(mime_type) in _SEPARATORS

    def read(self, file: File, user: str, upload: Media) -> None:
        """Read what is uploaded as if it were typed into the first sheet."""
        text = io.StringIO(upload.content.decode("utf-8-sig", "replace"), newline="")
        rows: list[list[JsonValue]] = [
            [*row] for row in csv.reader(text, delimiter=_SEPARATORS[_plain(upload.mime_type)])
        ]
        with self._sheets.editing(file, user) as draft:
            given = Input(rows, None, as_typed=True, shown=None)
            append(draft, draft.book.sheets[0], Area.cell(0, 0), given, insert_rows=False)

    def export(self, file_id: str, mime_type: str) -> Media | None:
        if mime_type not in _SEPARATORS:
            return None
        book = self._sheets.book(file_id)
        rows = Reader(book, Rendering()).value_range(book.sheets[0], Area()).get("values", [])
        width = max(map(len, rows), default=0)
        text = io.StringIO()
        writer = csv.writer(text, delimiter=_SEPARATORS[mime_type], lineterminator="\r\n")
        writer.writerows([*row, *[""] * (width - len(row))] for row in rows)
        return Media(text.getvalue().removesuffix("\r\n").encode(), mime_type)


def _plain(mime_type: str) -> str:
    """Return a MIME type without what is said of its characters."""
    return mime_type.partition(";")[0].strip()
