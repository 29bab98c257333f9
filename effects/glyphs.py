"""Which signs can be printed: those that the documents' fonts have, name by name.

Typst leaves out what no font has, without a word. A name on an invoice must not lose a sign.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache

from effects.fonts import font_files
from errors.document import Unprintable

SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""A variation selector asks for a form of the sign before it, such as 葛 with U+E0100."""

Sequence = tuple[int, int]


@cache
def _known() -> tuple[frozenset[int], frozenset[Sequence]]:
    """Return the signs, and the signs with a selector, that all of the fonts have."""
    from fontTools.ttLib import TTFont  # slow to load, and the front desk does not need it

    signs: list[set[int]] = []
    sequences: list[set[Sequence]] = []
    for file in font_files():
        with TTFont(file, lazy=True) as font:
            # Glyphs need no names here. To find theirs, all of the font's outlines would be read.
            font.setGlyphOrder(range(0x10000))
            tables = font["cmap"].tables
            signs.append({code for table in tables if table.isUnicode() for code in table.cmap})
            sequences.append(
                {
                    (base, selector)
                    for table in tables
                    if table.format == 14
                    for selector, forms in table.uvsDict.items()
                    for base, _ in forms
                }
            )
    return frozenset(set.intersection(*signs)), frozenset(set.intersection(*sequences))


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
