"""What is charged for: lines, discounts, and how they are to be reckoned."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from money.amount import YEN, Money
from money.rates import Category
from money.rounding import Rounding

Exact = Annotated[Decimal, Field(allow_inf_nan=False)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mode(StrEnum):
    """What the prices of a document are. One document has one mode."""

    EXCLUSIVE = "exclusive"
    """外税: tax comes on top."""
    INCLUSIVE = "inclusive"
    """内税: tax is inside."""
    UNTAXED = "untaxed"
    """No tax is shown, as with a seller who is exempt and charges none."""


class WithholdingBase(StrEnum):
    """Of what income tax is withheld (NTA, 2021-12-09)."""

    NET = "net"
    """The fee without consumption tax, where the document shows the two apart."""
    GROSS = "gross"


class Line(Frozen):
    """So many of something at a price. A negative quantity or price is a return or a discount."""

    text: str
    quantity: Exact
    unit: str = ""
    price: Exact
    """For one unit, in whole units of the currency; it may have decimals."""
    category: Category = Category.STANDARD
    supplied: date
    """The day of supply; it decides the rate."""
    withheld: bool = False
    """Whether the payer has to withhold income tax of it."""

    def amount(self, currency: str, rounding: Rounding) -> Money:
        """Return what the line comes to. This is a price, so it may be rounded by itself."""
        exact = Fraction(self.quantity) * Fraction(self.price)
        return Money.rounded(exact, currency, rounding)


class Discount(Frozen):
    """Taken off the whole, over all rates in proportion to what they come to (circular 1-8-5)."""

    text: str
    minor: int
    """In the smallest coins, as the document's prices with or without tax; negative on a return."""


class Bill(Frozen):
    """Everything the totals follow from."""

    lines: tuple[Line, ...]
    discounts: tuple[Discount, ...] = ()
    mode: Mode = Mode.EXCLUSIVE
    currency: str = YEN
    yen_rate: Annotated[Decimal, Field(gt=0, allow_inf_nan=False)] | None = None
    """Yen for one unit of a foreign currency, by which the tax is shown in yen, too."""
    tax_rounding: Rounding = Rounding.DOWN
    line_rounding: Rounding = Rounding.DOWN
    withholding_base: WithholdingBase = WithholdingBase.NET
    paid: date | None = None
    """When it is to be paid, by which the rate of withholding is found."""

    def amount(self, line: Line) -> Money:
        return line.amount(self.currency, self.line_rounding)
