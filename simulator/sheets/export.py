"""What Drive asks of Sheets: copies of spreadsheets, and their first sheet as plain text."""

import csv
import io

from simulator.answers import Media
from simulator.sheets.a1 import Area
from simulator.sheets.reading import Reader, Rendering
from simulator.sheets.state import SheetsState

_SEPARATORS = {"text/csv": ",", "text/tab-separated-values": "\t"}


class SpreadsheetEditor:
    def __init__(self, sheets: SheetsState) -> None:
        self._sheets = sheets

    def copy(self, source_id: str, target_id: str) -> None:
        self._sheets.copy(source_id, target_id)

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
