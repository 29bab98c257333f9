"""A1 notation: ``'My Sheet'!A1:B2``, ``Sheet1!A:C``, ``2:5``, ``R1C1``, and the areas it names."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

Json = dict[str, object]

_END = r"\$?([A-Za-z]{1,3})?\$?([1-9]\d{0,7})?"
_CELLS = re.compile(rf"{_END}(?::{_END})?")
_R1C1 = re.compile(r"[Rr](\d+)[Cc](\d+)(?::[Rr](\d+)[Cc](\d+))?")
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*")


class A1Error(ValueError):
    """Its text is what is not A1 notation."""


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, counted from zero, ends excluded; an end of None is open."""

    top: int = 0
    bottom: int | None = None
    left: int = 0
    right: int | None = None

    @classmethod
    def cell(cls, row: int, column: int) -> Self:
        return cls(row, row + 1, column, column + 1)

    @classmethod
    def of(cls, grid_range: dict[str, int]) -> Self:
        """Read a ``GridRange``."""
        return cls(
            grid_range.get("startRowIndex", 0),
            grid_range.get("endRowIndex"),
            grid_range.get("startColumnIndex", 0),
            grid_range.get("endColumnIndex"),
        )

    def grid_range(self, sheet_id: int) -> dict[str, int]:
        ends = {"endRowIndex": self.bottom, "endColumnIndex": self.right}
        return {
            "sheetId": sheet_id,
            "startRowIndex": self.top,
            "startColumnIndex": self.left,
        } | {key: end for key, end in ends.items() if end is not None}

    def within(self, rows: int, columns: int) -> "Box":
        """Return the part that lies in a grid of that size."""
        bottom = rows if self.bottom is None else min(self.bottom, rows)
        right = columns if self.right is None else min(self.right, columns)
        return Box(min(self.top, rows), bottom, min(self.left, columns), right)

    def overlaps(self, other: "Area") -> bool:
        return (
            (self.bottom is None or other.top < self.bottom)
            and (other.bottom is None or self.top < other.bottom)
            and (self.right is None or other.left < self.right)
            and (other.right is None or self.left < other.right)
        )

    def __str__(self) -> str:
        """Write it as Google does: ``B2``, ``A1:B2``, ``A1:B``, ``AA1:2``."""
        start = f"{column_name(self.left)}{self.top + 1}"
        if (self.bottom, self.right) == (self.top + 1, self.left + 1):
            return start
        end = "" if self.right is None else column_name(self.right - 1)
        end += "" if self.bottom is None else str(self.bottom)
        return f"{start}:{end}" if end else start


@dataclass(frozen=True)
class Box(Area):
    """An area whose ends are known."""

    bottom: int = 0
    right: int = 0

    @property
    def rows(self) -> range:
        return range(self.top, self.bottom)

    @property
    def columns(self) -> range:
        return range(self.left, self.right)


@lru_cache(1024)
def column_name(index: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    name = ""
    number = index + 1
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def column_index(name: str) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def split(text: str) -> tuple[str | None, str | None]:
    """Part a range into the sheet it names and the cells it names, either of which may be none."""
    text = text.strip()
    if text.startswith("'"):
        quoted = re.fullmatch(r"'((?:[^']|'')+)'(?:!(.*))?", text, re.DOTALL)
        if not quoted:
            raise A1Error(text)
        return quoted[1].replace("''", "'"), quoted[2]
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, text)


def parse_cells(text: str) -> Area:
    """Read the part after the ``!``. Raises A1Error."""
    if by_number := _R1C1.fullmatch(text):
        top, left, bottom, right = (int(each) if each else None for each in by_number.groups())
        assert top is not None
        assert left is not None
        return _ordered(top, left, bottom or top, right or left)
    found = _CELLS.fullmatch(text)
    if not found or not text:
        raise A1Error(text)
    left_name, top_text, right_name, bottom_text = found.groups()
    is_cell = ":" not in text
    if is_cell and not (left_name and top_text):
        raise A1Error(text)
    if not is_cell and not ((left_name or top_text) and (right_name or bottom_text)):
        raise A1Error(text)
    if is_cell:
        right_name, bottom_text = left_name, top_text
    # A1:B is open at the bottom, A1:2 at the right; B:B5 is B5:B read the other way round.
    rows = sorted(int(each) for each in (top_text, bottom_text) if each)
    columns = sorted(column_index(each) for each in (left_name, right_name) if each)
    return Area(
        rows[0] - 1 if rows else 0,
        rows[1] if len(rows) == 2 else None,
        columns[0] if columns else 0,
        columns[1] + 1 if len(columns) == 2 else None,
    )


def _ordered(top: int, left: int, bottom: int, right: int) -> Area:
    return Area(min(top, bottom) - 1, max(top, bottom), min(left, right) - 1, max(left, right))


def quoted(title: str) -> str:
    """Write a sheet's title as it stands before the ``!``: in quotes only where it must be."""
    if _PLAIN_TITLE.fullmatch(title) and not _LIKE_A_CELL.fullmatch(title):
        return title
    escaped = title.replace("'", "''")
    return f"'{escaped}'"


def full_name(title: str, area: Area) -> str:
    return f"{quoted(title)}!{area}"
