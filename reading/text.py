"""Foreign text, made fit to be kept, compared and matched.

Whatever the text is, each function takes a time that grows with its length and no faster.
"""

import unicodedata
from itertools import pairwise
from typing import Final, Literal

LONGEST_VALUE: Final = 100
"""Characters of a day, an amount, a number or terms of payment as people type them."""
LONGEST_SEARCH: Final = 200
"""Characters of what people look for."""
PIECE: Final = 200
"""Characters that are normalized at once."""

UNSEEN: Final = {
    **{code: 0x2400 + code for code in range(0x20) if not 9 <= code <= 13},
    0x7F: 0x2421,
    **{code: 0xFFFD for code in range(0x80, 0xA0) if code != 0x85},
}
"""Control signs but blanks and line ends, and the signs that Unicode has to show them by."""
SHOWN_FOR_UNSEEN: Final = frozenset(map(chr, UNSEEN.values()))
_WITHOUT_WIDTH: Final = dict.fromkeys((0x200B, 0x2060, 0xFEFF))


def storable(text: str) -> str:
    """Return a text as every database stores it: NUL and half a surrogate pair are shown."""
    text = text.replace("\0", "\N{SYMBOL FOR NULL}")
    return text if text.isascii() else text.encode(errors="replace").decode()


def visible(text: str) -> str:
    """Return a text as ``storable`` does, in which control signs are seen, too.

    So two names that look the same are the same, and one with a NUL is not another name.
    """
    return storable(text).translate(UNSEEN)


def normal(text: str, form: Literal["NFC", "NFKC"] = "NFKC") -> str:
    """Return a text in a Unicode normalization form.

    Python sorts a run of combining marks in quadratic time, so a longer text is normalized piece
    by piece. Pieces begin where no sign joins the one before it, unless there is no such place.
    """
    if len(text) <= PIECE:
        return unicodedata.normalize(form, text)
    cuts = [0]
    while (end := cuts[-1] + PIECE) < len(text):
        least = end - PIECE // 2
        cuts.append(next((at for at in range(end, least, -1) if _begins(text[at])), end))
    cuts.append(len(text))
    return "".join(unicodedata.normalize(form, text[a:b]) for a, b in pairwise(cuts))


def compact(text: str) -> str:
    """Return a text in NFKC without blanks of any kind, nor signs that have no width."""
    return "".join(normal(text).translate(_WITHOUT_WIDTH).split())


def collapsed(text: str) -> str:
    """Return a text in NFKC with one space for each run of blanks, and none around it."""
    return " ".join(normal(text).translate(_WITHOUT_WIDTH).split())


def same(text: str) -> str:
    """Return what is the same for two texts that differ in width, case and blanks only."""
    return compact(text).casefold()


def _begins(sign: str) -> bool:
    """Say whether a sign never joins the one before it: Latin, kana and kanji do not."""
    kana = "ぁ" <= sign <= "ゖ" or "ァ" <= sign <= "ヺ"
    return sign.isascii() or kana or "一" <= sign <= "鿿"
