"""Prints which signs the documents' fonts have, by cmap, as JSON.

It is run as a process of its own: reading the fonts leaves some forty megabytes behind, which a
worker would keep for good.
"""

import json
import logging
import sys

from fontTools.ttLib import TTFont

from effects.fonts import font_files

Sequence = tuple[int, int]
"""A sign, and the variation selector behind it that asks for one of its forms."""


def signs() -> tuple[set[int], set[Sequence]]:
    """Return the signs, and the signs with a selector, that all of the fonts have."""
    alone: list[set[int]] = []
    sequences: list[set[Sequence]] = []
    for file in font_files():
        with TTFont(file, lazy=True) as font:
            # Glyphs need no names here. To find theirs, all of the font's outlines would be read.
            font.setGlyphOrder(range(0x10000))
            tables = font["cmap"].tables
            alone.append({code for table in tables if table.isUnicode() for code in table.cmap})
            sequences.append(
                {
                    (base, selector)
                    for table in tables
                    if table.format == 14
                    for selector, forms in table.uvsDict.items()
                    for base, _ in forms
                }
            )
    return set.intersection(*alone), set.intersection(*sequences)


def main() -> None:
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # as in all processes: kakari.logs
    json.dump([list(each) for each in signs()], sys.stdout)


if __name__ == "__main__":
    main()
