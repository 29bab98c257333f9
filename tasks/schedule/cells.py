"""A cell's content on the one side, a field's value on the other."""

from datetime import date

import structlog

from reading.text import collapsed, normal, storable
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

log = structlog.get_logger()


def read_cell(field: Field, cell: Cell, near: date) -> str | None:
    """Return the value that a cell says; None where it is not understood, whatever it holds.

    ``near`` is the day around which a date without a year is.
    """
    try:
        return _read(field, cell, near)
    except Exception as error:  # noqa: BLE001  # one bad cell costs itself only
        log.warning("schedule.cell_broke", field=field, error=type(error).__name__)
        return None


def _read(field: Field, cell: Cell, near: date) -> str | None:
    if field not in DATES | AMOUNTS:
        return read_text(cell)
    if isinstance(cell, bool):
        return None
    if isinstance(cell, str) and collapsed(cell).lower() in EMPTY_WORDS:
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
    text = storable(normal(str(cell).replace("\0", ""), "NFC")).replace("\r\n", "\n")
    return text.strip() if len(text) <= MOST_CHARACTERS else None


def cell_of(field: Field, value: str) -> str | int:
    """Return what is written into a cell for a value: a date as its serial, never a formula."""
    if value and field in DATES:
        return serial(date.fromisoformat(value))
    if value and field in AMOUNTS:
        return int(value)
    return value
