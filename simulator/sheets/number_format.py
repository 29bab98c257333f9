"""How a value is shown: number formats such as ``#,##0.00``, ``0%``, ``yyyy-mm-dd``."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from simulator.sheets import serials
from simulator.sheets.cells import CellError, Json, Value

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS_JA = "月火水木金土日"
_DATE_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|\[(h+|m+|s+)\]|(am/pm|a/p)|(y+|m+|d+|h+|s+)|(\.0+)|\[[^\]]*\]|(.)',
    re.IGNORECASE | re.DOTALL,
)
_NUMBER_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.|(.)', re.DOTALL
)
_DIGITS = re.compile(r"[#0?,.]*[#0?][#0?,.]*(?:[eE][+-]?0+)?")

#: What a kind of number format without a pattern of its own looks like.
DEFAULT_PATTERNS = {
    "NUMBER": "#,##0.00",
    "PERCENT": "0.00%",
    "CURRENCY": '"$"#,##0.00',
    "DATE": "m/d/yyyy",
    "TIME": "h:mm:ss am/pm",
    "DATE_TIME": "m/d/yyyy h:mm:ss",
    "SCIENTIFIC": "0.00E+00",
}
_JAPANESE_PATTERNS = {"CURRENCY": '"¥"#,##0', "DATE": "yyyy/mm/dd", "TIME": "h:mm:ss",
                      "DATE_TIME": "yyyy/mm/dd h:mm:ss"}  # fmt: skip
_HOURS, _SECONDS = {"h", "H"}, {"s", "S"}
MOMENTS = {"DATE", "TIME", "DATE_TIME"}


def display(value: Value, number_format: Json | None, locale: str) -> str:
    """Show a value as the cell does."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value.shown
    kind = (number_format or {}).get("type")
    if kind in {None, "TEXT", "NUMBER_FORMAT_TYPE_UNSPECIFIED"}:
        return general(value)
    assert number_format
    pattern = number_format.get("pattern") or default_pattern(kind, locale)
    if kind in MOMENTS:
        try:
            moment = serials.to_datetime(value)
        except OverflowError:
            return general(value)
        return _date_writer(pattern, locale)(moment, value)
    return _number(value, pattern)


def default_pattern(kind: str, locale: str) -> str:
    if locale.startswith("ja") and kind in _JAPANESE_PATTERNS:
        return _JAPANESE_PATTERNS[kind]
    return DEFAULT_PATTERNS[kind]


def general(number: float) -> str:
    """Show a number without a format: ten digits at most after the point."""
    if isinstance(number, int) or (number.is_integer() and abs(number) < 1e15):
        return str(int(number))
    if 1e-6 <= abs(number) < 1e15:
        return f"{number:.10f}".rstrip("0").rstrip(".")
    digits, _, exponent = f"{number:.5E}".partition("E")
    return f"{digits.rstrip('0').rstrip('.')}E{int(exponent):+03d}"


def _number(value: float, pattern: str) -> str:
    sections = _sections(pattern)
    section = sections[0]
    shown = abs(value)
    if value < 0 and len(sections) > 1:
        return _in_section(shown, sections[1])
    if value == 0 and len(sections) > 2:
        return _in_section(shown, sections[2])
    text = _in_section(shown, section)
    return f"-{text}" if value < 0 and any(digit in "123456789" for digit in text) else text


@lru_cache(256)
def _sections(pattern: str) -> list[str]:
    return re.findall(r'(?:"[^"]*"|\\.|[^;])+', pattern) or [""]


def _in_section(value: float, section: str) -> str:
    """Put the digits where the placeholders are, and the rest around them as it stands."""
    before, digits, after, percent = _parts(section)
    if percent:
        value *= 100
    return before + (_digits(value, digits) if digits else "") + after


@lru_cache(256)
def _parts(section: str) -> tuple[str, str, str, bool]:
    """What stands before the digits, their placeholders, what follows, and whether it is a %."""
    texts = ["", ""]
    placeholders = ""
    percent = False
    position = 0
    while position < len(section):
        digits = _DIGITS.match(section, position)
        if digits and not placeholders:
            placeholders = digits[0]
            position = digits.end()
            continue
        token = _NUMBER_TOKEN.match(section, position)
        assert token
        quoted, escaped, currency, bare = token.groups()
        percent = percent or bare == "%"
        texts[bool(placeholders)] += quoted or escaped or currency or bare or ""
        position = token.end()
    return texts[0], placeholders, texts[1], percent


def _digits(value: float, placeholders: str) -> str:
    mantissa, mark, exponent = re.split(r"([eE][+-]?)", placeholders + "e")[:3]
    if exponent:
        places = len(mantissa.partition(".")[2])
        text, _, power = f"{value:.{places}E}".partition("E")
        return f"{text}{mark[0].upper()}{int(power):+0{len(exponent) + 1}d}"
    whole, _, fraction = mantissa.partition(".")
    places = len(fraction)
    step = Decimal(1).scaleb(-places)
    rounded = Decimal(repr(value)).quantize(step, ROUND_HALF_UP)
    text = f"{rounded:,.{places}f}" if "," in whole else f"{rounded:.{places}f}"
    whole_text, _, fraction_text = text.partition(".")
    while len(fraction_text) > fraction.count("0") and fraction_text.endswith("0"):
        fraction_text = fraction_text[:-1]
    least = whole.replace(",", "").count("0")
    whole_text = whole_text.rjust(least, "0") if whole_text != "0" or least else ""
    return f"{whole_text}.{fraction_text}" if fraction_text else whole_text


Writer = Callable[[datetime, float], str]


@lru_cache(256)
def _date_writer(pattern: str, locale: str) -> Writer:
    tokens = [match.groups() for match in _DATE_TOKEN.finditer(pattern)]
    is_half_day = any(groups[3] for groups in tokens)
    pieces: list[Writer] = []
    last = ""
    for index, (quoted, escaped, elapsed, half, letters, fraction, bare) in enumerate(tokens):
        if letters:
            following = next((each[4] for each in tokens[index + 1 :] if each[4]), "")
            is_minute = letters[0] in "mM" and (last[:1] in _HOURS or following[:1] in _SECONDS)
            pieces.append(_date_part(letters.lower(), locale, is_half_day, is_minute))
            last = letters
        elif elapsed:
            pieces.append(_elapsed(elapsed.lower()))
            last = elapsed
        elif half:
            pieces.append(lambda moment, _serial: "AM" if moment.hour < 12 else "PM")
        elif fraction:
            pieces.append(_fraction(len(fraction)))
        else:
            pieces.append(_literally(quoted or escaped or bare or ""))
    return lambda moment, serial: "".join(piece(moment, serial) for piece in pieces)


def _date_part(letters: str, locale: str, is_half_day: bool, is_minute: bool) -> Writer:
    length, kind = len(letters), letters[0]
    japanese = locale.startswith("ja")

    def write(moment: datetime, _serial: float) -> str:
        match kind:
            case "y":
                return f"{moment.year:04d}" if length > 2 else f"{moment.year % 100:02d}"
            case "m" if is_minute:
                return str(moment.minute).rjust(min(length, 2), "0")
            case "m" if length > 2:
                name = f"{moment.month}月" if japanese else _MONTHS[moment.month - 1]
                return name if length == 4 or japanese else name[: 3 if length == 3 else 1]
            case "m":
                return str(moment.month).rjust(length, "0")
            case "d" if length > 2:
                name = _DAYS_JA[moment.weekday()] if japanese else _DAYS[moment.weekday()]
                if japanese:
                    return name + ("曜日" if length > 3 else "")
                return name if length > 3 else name[:3]
            case "d":
                return str(moment.day).rjust(length, "0")
            case "h":
                hour = (moment.hour - 1) % 12 + 1 if is_half_day else moment.hour
                return str(hour).rjust(min(length, 2), "0")
            case _:
                return str(moment.second).rjust(min(length, 2), "0")

    return write


def _fraction(length: int) -> Writer:
    return lambda moment, _serial: f".{moment.microsecond:06d}"[:length]


def _literally(text: str) -> Writer:
    return lambda _moment, _serial: text


def _elapsed(letters: str) -> Writer:
    """``[h]``: hours altogether, also more than a day's."""
    unit = {"h": 24, "m": 1440, "s": 86_400}[letters[0]]
    return lambda _moment, serial: str(int(serial * unit + 1e-9)).rjust(len(letters), "0")
