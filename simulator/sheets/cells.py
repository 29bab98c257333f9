"""A cell, and what can stand in it. Neither is ever changed in place."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Formula:
    text: str
    """With its ``=``, as it was entered."""


@dataclass(frozen=True)
class CellError:
    """What a formula comes to when it comes to nothing."""

    shown: str
    type: str
    message: str


Entered = str | int | float | bool | Formula | None
Value = str | int | float | bool | CellError | None

NO_DRESS: Json = {}


@dataclass(frozen=True, slots=True)
class Cell:
    entered: Entered = None
    dress: Json = field(default_factory=lambda: NO_DRESS)
    """What else ``CellData`` keeps: ``userEnteredFormat``, ``note``, ``dataValidation``…"""

    @property
    def format(self) -> Json:
        found: Json = self.dress.get("userEnteredFormat") or NO_DRESS
        return found

    @property
    def number_format(self) -> Json | None:
        return self.format.get("numberFormat")

    @property
    def is_text(self) -> bool:
        """Whether the cell is told to keep all that is typed as text."""
        return bool(self.dress) and (self.number_format or {}).get("type") == "TEXT"

    def with_entered(self, entered: Entered, number_format: Json | None = None) -> "Cell":
        """Enter something; a number format it brings along stays out of one that is there."""
        if number_format and not self.number_format:
            dressed = {"userEnteredFormat": self.format | {"numberFormat": number_format}}
            return Cell(entered, self.dress | dressed)
        return Cell(entered, self.dress)


BLANK = Cell()


def normal(number: float) -> int | float:
    """Write whole numbers as such, as Google's JSON does."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return int(number)
    return number


def entered_of(value: Json) -> Entered:
    """Read an ``ExtendedValue`` as a program sets it: text stays text, also after an ``=``."""
    if "formulaValue" in value:
        return Formula(value["formulaValue"])
    for key in ("numberValue", "boolValue", "stringValue"):
        if key in value:
            found: Entered = value[key]
            return None if found == "" else found
    return None


def extended(value: Entered | CellError) -> Json | None:
    """Write an ``ExtendedValue``; None for an empty cell."""
    match value:
        case None:
            return None
        case Formula(text):
            return {"formulaValue": text}
        case CellError():
            return {"errorValue": {"type": value.type, "message": value.message}}
        case bool():
            return {"boolValue": value}
        case str():
            return {"stringValue": value}
        case _:
            return {"numberValue": normal(value)}
