"""Cells of a CSV file that hold what people typed: one answer is one cell, and never a formula.

Spreadsheets calculate a cell that begins with ``= + - @``, however it is quoted; Japanese Excel
takes the full-width signs too. A quotation mark before it makes it text (CWE-1236, OWASP).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

OPENS, CLOSES = "\ufdd0", "\ufdd1"
"""What a rendered table has around each text that came out of a value: signs that no text has."""
KINDS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
"""The endings of tables' names, and what usually is between two cells."""

_SIGNS = frozenset("=+-@−")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_MARKED = re.compile(f"{OPENS}([^{OPENS}{CLOSES}]*){CLOSES}")
_APART = re.compile('[,;\t\r\n"]')


def is_table(name: str) -> bool:
    """Say whether a file of this name is opened as a table."""
    return name.strip().lower().endswith(tuple(KINDS))


def begins_a_formula(cell: str) -> bool:
    """Say whether a spreadsheet might calculate the cell.

    Blanks, quotation marks and what nobody sees do not count: programs drop them before they look.
    """
    if cell.startswith(("\t", "\r", "\n")):
        return True
    for sign in cell:
        if sign == '"' or unicodedata.category(sign)[0] in "ZC":
            continue
        return unicodedata.normalize("NFKC", sign)[:1] in _SIGNS
    return False


def inert(cell: str) -> str:
    """Return a cell that no spreadsheet calculates: what people typed is data."""
    return f"'{cell}" if begins_a_formula(cell) else cell


def marked(value: str) -> str:
    """Return a value as one that the table is to hold as data.

    One that is made of marked ones already, by a macro, keeps them as they are.
    """
    if OPENS in value or CLOSES in value:
        rest = _MARKED.sub("", value)
        if OPENS not in rest and CLOSES not in rest:
            return value
        value = value.replace(OPENS, "").replace(CLOSES, "")
    return f"{OPENS}{value}{CLOSES}"


def settled(text: str, name: str) -> str:
    """Return a rendered table in which each marked value stays within its cell, as data.

    Raises ValueError where a mark is without the other.
    """
    words = _MARKED.sub("", text)
    if OPENS in words or CLOSES in words:
        raise ValueError(name)
    between = _between(words, name)
    return "".join(cell.written() + after for cell, after in _cells(text, between))


@dataclass
class _Cell:
    raw: list[str] = field(default_factory=list)
    """As the template wrote it."""
    held: list[str] = field(default_factory=list)
    """What it says, without its quoting."""
    quoted: bool = False
    answers: bool = False
    """Whether a value is a part of it."""

    def written(self) -> str:
        if not self.answers:
            return "".join(self.raw)
        mark = "\ufeff" if self.held[0].startswith("\ufeff") else ""  # the file's, not the cell's
        said = "".join(self.held).removeprefix(mark)
        if not _NUMBER.fullmatch(said):
            said = inert(said)
        if self.quoted or _APART.search(said):
            said = '"' + said.replace('"', '""') + '"'
        return mark + said


def _cells(text: str, between: str) -> Iterator[tuple[_Cell, str]]:
    """Yield each cell with what ends it: the template's words say where that is, no value does."""
    cell, within = _Cell(), False
    ends = re.compile(f'["{between}\r\n]')
    for at, part in enumerate(_MARKED.split(text)):
        if at % 2:  # a value
            cell.held.append(part)
            cell.answers = True
            continue
        done = 0
        for found in ends.finditer(part):
            if found.start() < done:
                continue  # the second of two quotation marks
            cell.raw.append(part[done : found.end()])
            cell.held.append(part[done : found.start()])
            done = found.end()
            sign = found.group()
            if sign == '"':
                if within and part[done : done + 1] == '"':
                    cell.raw.append('"')
                    cell.held.append('"')
                    done += 1
                elif within:
                    within = False
                elif "".join(cell.held).strip(" \ufeff") == "" and not cell.answers:
                    cell.quoted = within = True
                    cell.held = [h for h in cell.held if "\ufeff" in h]
                else:
                    cell.held.append('"')
            elif within:
                cell.held.append(sign)
            else:
                cell.raw[-1] = cell.raw[-1][:-1]
                yield cell, sign
                cell = _Cell()
        cell.raw.append(part[done:])
        cell.held.append(part[done:])
    yield cell, ""


def _between(text: str, name: str) -> str:
    """Return what is between two cells of a table: what its first line has most of."""
    usual = next(sign for ending, sign in KINDS.items() if name.strip().lower().endswith(ending))
    first = text.lstrip("\ufeff").partition("\n")[0]
    said = re.match(r"sep=([,;\t|])", first)
    if said:
        return said[1]
    return max(usual + ",;\t", key=first.count)
