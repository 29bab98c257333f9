"""Formulas as text and as trees, and how their references follow the cells they mean."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from simulator.sheets.a1 import Area, column_index, column_name, quoted

_TITLE = r"(?:(?:'(?P<quoted>(?:[^']|'')+)'|(?P<bare>[^\W\d][\w.]*))!)?"
_CORNER = r"(?P<{0}c>\$?[A-Za-z]{{1,3}})?(?P<{0}r>\$?[1-9]\d*)?"
_REFERENCE = re.compile(
    rf"{_TITLE}(?:{_CORNER.format('a')}:{_CORNER.format('b')}|{_CORNER.format('s')})(?![\w(!.])"
)
_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)'
    r"|(?P<name>[A-Za-z_\w][\w.]*)|(?P<sign><=|>=|<>|[-+*/^&=<>%(),;]))"
)


class FormulaError(ValueError):
    """It cannot be read."""


@dataclass(frozen=True)
class End:
    """One corner of a reference: a column, a row, or both, each of them pinned or not."""

    column: int | None
    row: int | None
    column_pinned: bool = False
    row_pinned: bool = False

    def __str__(self) -> str:
        column = "" if self.column is None else column_name(self.column)
        row = "" if self.row is None else str(self.row + 1)
        return (
            f"{'$' * (self.column_pinned and bool(column))}{column}"
            f"{'$' * (self.row_pinned and bool(row))}{row}"
        )


@dataclass(frozen=True)
class Reference:
    sheet: str | None
    start: End
    end: End | None = None

    @property
    def area(self) -> Area:
        last = self.end or self.start
        rows = [each.row for each in (self.start, last) if each.row is not None]
        columns = [each.column for each in (self.start, last) if each.column is not None]
        return Area(
            min(rows, default=0),
            max(rows) + 1 if len(rows) == 2 else None,
            min(columns, default=0),
            max(columns) + 1 if len(columns) == 2 else None,
        )

    @property
    def is_cell(self) -> bool:
        return self.end is None

    def __str__(self) -> str:
        sheet = f"{quoted(self.sheet)}!" if self.sheet is not None else ""
        return f"{sheet}{self.start}" + (f":{self.end}" if self.end else "")


@dataclass(frozen=True)
class Operation:
    """A literal, a reference, or something done to others."""

    kind: str
    """``literal``, ``reference``, ``name``, ``call``, or the sign of an operator."""
    value: object = None
    of: tuple["Operation", ...] = ()


@lru_cache(20_000)
def parse(text: str) -> Operation:
    """Read a formula with its ``=``. Raises FormulaError."""
    return _Parser(text[1:]).whole()


def is_formula(text: str) -> bool:
    try:
        parse(text)
    except FormulaError:
        return False
    return True


def rewritten(text: str, new: Callable[[Reference], Reference | None]) -> str:
    """Put another reference in the place of each; for None, ``#REF!``."""
    pieces = re.split(r'("(?:[^"]|"")*")', text)
    for index in range(0, len(pieces), 2):
        pieces[index] = _rewritten_outside_text(pieces[index], new)
    return "".join(pieces)


def shifted(text: str, rows: int, columns: int) -> str:
    """Copy a formula that many rows down and columns to the right: what is not pinned follows."""

    def move(end: End) -> End | None:
        row = end.row if end.row is None or end.row_pinned else end.row + rows
        column = end.column if end.column is None or end.column_pinned else end.column + columns
        if (row or 0) < 0 or (column or 0) < 0:
            return None
        return replace(end, row=row, column=column)

    def moved(reference: Reference) -> Reference | None:
        start = move(reference.start)
        end = move(reference.end) if reference.end else None
        if start is None or (reference.end and end is None):
            return None
        return replace(reference, start=start, end=end)

    return rewritten(text, moved)


def _rewritten_outside_text(piece: str, new: Callable[[Reference], Reference | None]) -> str:
    def put(match: re.Match[str]) -> str:
        reference = _reference(match)
        if reference is None:
            return match[0]
        found = new(reference)
        if found is None:
            return "#REF!"
        return match[0] if found == reference else str(found)

    return re.sub(rf"(?<![\w.$'!]){_REFERENCE.pattern}", put, piece)


def _reference(match: re.Match[str]) -> Reference | None:
    """Make a reference of what matched, if it is one: a lone column or row name is none."""
    sheet = match["quoted"].replace("''", "'") if match["quoted"] else match["bare"]
    single = _end(match["sc"], match["sr"])
    if single.column is not None and single.row is not None:
        return Reference(sheet, single)
    start, end = _end(match["ac"], match["ar"]), _end(match["bc"], match["br"])
    is_empty = any(each.column is None and each.row is None for each in (start, end))
    return None if is_empty else Reference(sheet, start, end)


def _end(column: str | None, row: str | None) -> End:
    return End(
        column_index(column.lstrip("$")) if column else None,
        int(row.lstrip("$")) - 1 if row else None,
        bool(column and column.startswith("$")),
        bool(row and row.startswith("$")),
    )


class _Parser:
    """Reads by precedence: comparison, ``&``, ``+ -``, ``* /``, ``^``, sign, ``%``."""

    LEVELS = (("=", "<>", "<=", ">=", "<", ">"), ("&",), ("+", "-"), ("*", "/"), ("^",))

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._at = 0

    def whole(self) -> Operation:
        found = self._level(0)
        if self._at < len(self._text):
            raise FormulaError(self._text[self._at :])
        return found

    def _level(self, level: int) -> Operation:
        if level == len(self.LEVELS):
            return self._sign()
        left = self._level(level + 1)
        while sign := self._take(*self.LEVELS[level]):
            left = Operation(sign, of=(left, self._level(level + 1)))
        return left

    def _sign(self) -> Operation:
        if sign := self._take("+", "-"):
            return Operation(f"unary{sign}", of=(self._sign(),))
        found = self._operand()
        while self._take("%"):
            found = Operation("%", of=(found,))
        return found

    def _operand(self) -> Operation:
        start = re.compile(r"\s*").match(self._text, self._at)
        assert start
        if reference := self._reference(start.end()):
            return reference
        token = _TOKEN.match(self._text, self._at)
        if not token:
            raise FormulaError(self._text[self._at :])
        self._at = token.end()
        if token["text"]:
            return Operation("literal", token["text"][1:-1].replace('""', '"'))
        if token["number"]:
            return Operation("literal", float(token["number"]))
        if token["name"]:
            return self._named(token["name"])
        if token["sign"] == "(":
            found = self._level(0)
            self._expect(")")
            return found
        raise FormulaError(token[0])

    def _reference(self, at: int) -> Operation | None:
        match = _REFERENCE.match(self._text, at)
        reference = _reference(match) if match else None
        if not match or reference is None:
            return None
        self._at = match.end()
        return Operation("reference", reference)

    def _named(self, name: str) -> Operation:
        if not self._take("("):
            if name.upper() in {"TRUE", "FALSE"}:
                return Operation("literal", name.upper() == "TRUE")
            return Operation("name", name)
        arguments: list[Operation] = []
        if not self._take(")"):
            arguments.append(self._level(0))
            while self._take(",", ";"):
                arguments.append(self._level(0))
            self._expect(")")
        return Operation("call", name.upper(), tuple(arguments))

    def _take(self, *signs: str) -> str | None:
        token = _TOKEN.match(self._text, self._at)
        if token and token["sign"] in signs:
            self._at = token.end()
            return token["sign"]
        return None

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise FormulaError(self._text[self._at :])
