"""A table that a command writes: CSV for spreadsheets, in which what people typed is data."""

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO, Self

from files.cells import inert
from kakari.terminal import is_terminal, shown

ENCODING = "utf-8-sig"
"""With the mark by which Excel knows that it is not Shift_JIS."""


class CsvTable:
    """Writes rows as they come. What goes to a terminal is shown; a file gets it as it is."""

    def __init__(self, out: BinaryIO, header: Iterable[str]) -> None:
        self._text = io.TextIOWrapper(out, ENCODING, errors="replace", newline="")
        self._lines = csv.writer(self._text)
        self._shown = is_terminal(out)
        self._lines.writerow(header)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_raised: object) -> None:
        self._text.detach()  # flushes; the file is closed by whoever opened it

    def add(self, cells: Iterable[object]) -> None:
        """Write a row. A text is data, whatever it begins with; a number stays one."""
        self._lines.writerow([self._cell(each) for each in cells])

    def _cell(self, cell: object) -> object:
        if not isinstance(cell, str):
            return cell
        return shown(inert(cell)) if self._shown else inert(cell)
