"""What may be the name of a file or folder, wherever it comes to lie.

One rule for Drive and for disks: an office's NAS is read from Windows, and a name that came out
of a chat must never be a path, hide a file, or pass for a slot of a plan.
"""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from cards.sentences import Sentence
from errors.asking import UnusableName
from reading.text import SHOWN_FOR_UNSEEN, normal

MOST_CHARACTERS = 120
# File systems stop at 255 bytes; the rest is for the project number.
MOST_BYTES = 200

WINDOWS_SIGNS = frozenset('<>:"|?*')
WINDOWS_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"]
)
# Controls, formats (bidi overrides, zero-width spaces), surrogates, private use, line breaks.
INVISIBLE = frozenset(["Cc", "Cf", "Cs", "Co", "Zl", "Zp"])
EMOJI_JOINER = "\u200d"

EMPTY = Sentence("it is empty", "空です")
HIDDEN_SIGN = Sentence("it holds an invisible character", "見えない文字が含まれています")
LEADING_DOT = Sentence("it begins with a dot", "先頭にピリオドは使えません")
TRAILING_DOT = Sentence("it ends with a dot", "末尾にピリオドは使えません")
DEVICE = Sentence("Windows keeps this name for itself", "Windows が予約している名前です")
TOO_LONG = Sentence(
    f"it is longer than {MOST_CHARACTERS} characters", f"{MOST_CHARACTERS} 文字を超えています"
)
TOO_MANY_BYTES = Sentence(
    "it is too long for a file system", "日本語でおよそ 66 文字を超えています"
)


def file_name(text: str) -> str:
    """Return the text as the name of a file or folder: NFC, without blanks around it.

    Raises UnusableName, which says why, if it cannot be one.
    """
    name = normal(text, "NFC").strip()
    why = _refused(name)
    if why:
        raise UnusableName(name=_showable(name), why=why.say("en"), why_ja=why.say("ja"))
    return name


def _refused(name: str) -> Sentence | None:
    if not name:
        return EMPTY
    for sign in name:
        if sign in "/\\":
            return Sentence(f"it holds “{sign}”", f"「{sign}」は使えません")
        if sign in WINDOWS_SIGNS:
            return Sentence(
                f"it holds “{sign}”, which Windows does not allow",
                f"Windows では「{sign}」を使えません",
            )
        if sign in SHOWN_FOR_UNSEEN:  # by the front desk
            return HIDDEN_SIGN
        if unicodedata.category(sign) in INVISIBLE and sign != EMOJI_JOINER:
            return HIDDEN_SIGN
    if name.startswith("."):
        return LEADING_DOT
    if name.endswith("."):
        return TRAILING_DOT
    if name.partition(".")[0].rstrip().upper() in WINDOWS_DEVICES:
        return DEVICE
    if len(name) > MOST_CHARACTERS:
        return TOO_LONG
    if len(name.encode()) > MOST_BYTES:
        return TOO_MANY_BYTES
    return None


def _showable(name: str) -> str:
    """Return the name as an error may show it: short, and nothing in it that acts on the text."""
    shown = "".join("�" if unicodedata.category(sign) in INVISIBLE else sign for sign in name)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"


def _in_a_field(text: str) -> str:
    try:
        return file_name(text)
    except UnusableName as error:
        # The dialog says it at the field, in the person's language.
        raise PydanticCustomError("kakari", "{en}", dict(error.both())) from None


FileName = Annotated[str, AfterValidator(_in_a_field)]


def _blank_or_file_name(text: str) -> str:
    return _in_a_field(text) if text.strip() else ""


BlankOrFileName = Annotated[str, AfterValidator(_blank_or_file_name)]
