"""What the schedule says of a project, and in what form the two sides are compared.

A field's value is a text, the same whichever side it comes from: a date is ``2026-12-01``, an
amount ``131200``, and nothing is the empty text. What is not known of a row, because its column is
missing or its cell was not understood, is left out of it: nothing is concluded from it, and nothing
is written there.
"""

from collections.abc import Mapping
from enum import StrEnum

from cards.sentences import Sentence


class Field(StrEnum):
    """A column that both sides know; the values are the names in the schedule file."""

    CUSTOMER = "customer"
    NAME = "name"
    ORDERED = "ordered"
    DUE = "due"
    PERSON = "person"
    STATE = "state"
    AMOUNT = "amount"
    NOTE = "note"


KEY = "key"
"""The name of the column that says which project a row is. Kakari writes it, people need not."""
DATES = frozenset([Field.ORDERED, Field.DUE])
AMOUNTS = frozenset([Field.AMOUNT])
LABELS = {
    Field.CUSTOMER: Sentence("customer", "得意先"),
    Field.NAME: Sentence("name", "件名"),
    Field.ORDERED: Sentence("ordered", "受注日"),
    Field.DUE: Sentence("due", "納期"),
    Field.PERSON: Sentence("person", "担当"),
    Field.STATE: Sentence("state", "状態"),
    Field.AMOUNT: Sentence("amount", "金額"),
    Field.NOTE: Sentence("note", "備考"),
}

Values = Mapping[Field, str]

LONGEST_SHOWN = 60
"""Characters of a value that a card shows: a note may be a page long."""


def shown(value: str) -> str:
    """Return a value as it stands in a line or on a button."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[: LONGEST_SHOWN - 1]}…"
