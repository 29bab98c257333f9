"""A cell's content on the one side, a field's value on the other."""

import unicodedata
from datetime import date

from tasks.schedule.amounts import read_amount
from tasks.schedule.dates import read_date, serial
from tasks.schedule.fields import AMOUNTS, DATES, Field

Cell = str | int | float | bool
"""What Sheets says of a cell, unformatted: a text, a number or a truth; nothing is ``""``."""

ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#ERROR!")
MOST_CHARACTERS = 10_000
"""Of a text that the ledger keeps; a cell of Sheets holds up to 50,000."""
EMPTY_WORDS = frozenset(["", "-", "ー", "―", "–", "未定", "tbd"])
"""What people write where a date or an amount is still open."""


def read_cell(field: Field, cell: Cell, near: date) -> str | None:
    """Return the value that a cell says; None where it is not understood.

    ``near`` is the day around which a date without a year is.
    """
    if field not in DATES | AMOUNTS:
        return read_text(cell)
    if isinstance(cell, bool):
        return None
    if isinstance(cell, str) and unicodedata.normalize("NFKC", cell).strip().lower() in EMPTY_WORDS:
        return ""
    if field in DATES:
        day = read_date(cell, near)
        return None if day is None else day.isoformat()
    amount = read_amount(cell)
    return None if amount is None else str(amount)


def read_text(cell: Cell) -> str | None:
    """Return a text as it is compared: without blanks around it, composed, with plain line ends.

    None for an error of a formula, and for what is longer than the ledger keeps.
    """
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, str) and cell.startswith(ERRORS):
        return None
    text = unicodedata.normalize("NFC", str(cell)).replace("\r\n", "\n").replace("\0", "")
    return text.strip() if len(text) <= MOST_CHARACTERS else None


def cell_of(field: Field, value: str) -> str | int:
    """Return what is written into a cell for a value: a date as its serial, never a formula."""
    if value and field in DATES:
        return serial(date.fromisoformat(value))
    if value and field in AMOUNTS:
        return int(value)
    return value
