"""Which signs can be printed: those that the documents' fonts have, name by name.

Typst leaves out what no font has, without a word. A name on an invoice must not lose a sign.
"""

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from errors.document import Unprintable

SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""A variation selector asks for a form of the sign before it, such as 葛 with U+E0100."""


@cache
def _known() -> tuple[frozenset[int], frozenset[tuple[int, int]]]:
    """Return the signs, and the signs with a selector behind them, that all of the fonts have."""
    here = Path(__file__).parent
    listing = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", f"{__package__}.signs"],
        stdout=subprocess.PIPE,
        env={"PATH": os.defpath, "PYTHONPATH": str(here.parent)},
        check=True,
    )
    signs, sequences = json.loads(listing.stdout)
    return frozenset(signs), frozenset((base, selector) for base, selector in sequences)


def demand_printable(texts: Iterable[str]) -> None:
    """Raise Unprintable, which names the sign, if a text has one that cannot be printed."""
    signs, sequences = _known()
    for text in texts:
        before = 0
        for sign in text:
            code = ord(sign)
            if any(code in selectors for selectors in SELECTORS):
                if (before, code) not in sequences:
                    raise _unprintable(chr(before) + sign if before else sign)
            elif code not in signs and sign != "\n":
                raise _unprintable(sign)
            before = code


def _unprintable(sign: str) -> Unprintable:
    codes = " ".join(f"U+{ord(each):04X}" for each in sign)
    shown = sign if unicodedata.category(sign[0])[0] not in "CM" else "�"
    return Unprintable(sign=shown, codes=codes)
