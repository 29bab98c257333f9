"""How what is smaller than the smallest coin is dropped."""

from enum import StrEnum
from fractions import Fraction


class Rounding(StrEnum):
    """Any of these is lawful for tax, as long as a seller keeps to one (circular 1-8-15).

    They are about the size, so that a return is the sale with its sign turned: “down” (切捨て) is
    towards zero.
    """

    DOWN = "down"
    UP = "up"
    HALF_UP = "half_up"

    def whole(self, exact: Fraction) -> int:
        """Return the whole number for an exact one."""
        size, rest = divmod(abs(exact), 1)
        if (self is Rounding.UP and rest) or (self is Rounding.HALF_UP and rest >= Fraction(1, 2)):
            size += 1
        return size if exact >= 0 else -size
