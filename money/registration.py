"""A seller's registration number (登録番号): T and 13 digits, of which the first checks the rest."""

import re

from errors.money import NoRegistrationNumber, RegistrationDigitWrong
from reading.text import LONGEST_VALUE, compact

_FORM = re.compile(r"T?([0-9]{13})")
_DASHES = dict.fromkeys(map(ord, "-‐‑‒–—―−ー"))


def registration_number(text: str) -> str:
    """Return the number as it is printed, from however it was typed.

    Raises NoRegistrationNumber and RegistrationDigitWrong. Whether it is registered, and since
    when, only the tax office's register knows.
    """
    plain = compact(text).translate(_DASHES).upper()
    found = _FORM.fullmatch(plain) if len(plain) <= LONGEST_VALUE else None
    if found is None:
        raise NoRegistrationNumber
    digits = found[1]
    if int(digits[0]) != check_digit(digits[1:]):
        raise RegistrationDigitWrong(number=f"T{digits}")
    return f"T{digits}"


def check_digit(twelve: str) -> int:
    """Return the digit that stands before these twelve (法人番号省令 2 条)."""
    weighed = sum(int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(twelve)))
    return 9 - weighed % 9
