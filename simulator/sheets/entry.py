"""What Sheets makes of text that somebody types: a number, a date, an amount, a formula, or text.

The same text can mean different things in different countries, so the spreadsheet's locale decides.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time

from simulator.sheets import serials
from simulator.sheets.cells import Entered, Formula, Json, normal
from simulator.sheets.formula import is_formula

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_PLAIN = re.compile(rf"[+-]?(?:{_NUMBER})")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d*)?[eE][+-]?\d+")
_PERCENT = re.compile(rf"([+-]?(?:{_NUMBER}))\s?%")
_AMOUNT = re.compile(rf"(-?)\s?([$¥￥€£])\s?(-?)({_NUMBER})|(-?)({_NUMBER})\s?(円)")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s?([AaPp])[Mm])?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"([A-Za-z]{3,9})\.?"

#: Where the day stands before the month; where the year comes first.
_DAY_FIRST = ("en_GB", "de", "fr", "es", "it", "pt", "nl")
_YEAR_FIRST = ("ja", "zh", "ko")


@dataclass(frozen=True)
class Place:
    """Where and when something is typed."""

    locale: str
    today: date

    @property
    def is_japanese(self) -> bool:
        return self.locale.startswith("ja")

    @property
    def order(self) -> str:
        if self.locale.startswith(_YEAR_FIRST):
            return "ymd"
        return "dmy" if self.locale.startswith(_DAY_FIRST) else "mdy"


def enter(text: str, place: Place) -> tuple[Entered, Json | None]:
    """Read typed text: what it is, and the number format that goes with how it was written."""
    if text.startswith("'"):
        return text[1:], None
    if text.startswith("=") and len(text) > 1:
        return Formula(text), None
    bare = text.strip()
    if bare.upper() in {"TRUE", "FALSE"}:
        return bare.upper() == "TRUE", None
    # What begins with a letter can only be a date by its month's name; most text ends here.
    readings = (_moment,) if bare[:1].isalpha() else (_number, _percent, _amount, _moment)
    if any(sign.isdigit() for sign in bare):
        for read in readings:
            if found := read(bare, place):
                return found
    if bare.startswith("+") and is_formula("=" + bare):
        return Formula("=" + bare), None
    return text or None, None


Found = tuple[Entered, Json | None]


def _number(text: str, _place: Place) -> Found | None:
    if _SCIENTIFIC.fullmatch(text):
        return normal(float(text)), {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    if not _PLAIN.fullmatch(text):
        return None
    value = normal(float(text.replace(",", "")))
    pattern = "#,##0.00" if "." in text else "#,##0"
    return value, {"type": "NUMBER", "pattern": pattern} if "," in text else None


def _percent(text: str, _place: Place) -> Found | None:
    if not (found := _PERCENT.fullmatch(text)):
        return None
    pattern = "0.00%" if "." in text else "0%"
    value = float(found[1].replace(",", "")) / 100
    return normal(round(value, 12)), {"type": "PERCENT", "pattern": pattern}


def _amount(text: str, place: Place) -> Found | None:
    """Read an amount; in yen only where people pay in yen does it need no country of its own."""
    if not (found := _AMOUNT.fullmatch(text)):
        return None
    before, sign, inside, digits, minus, yen_digits, yen = found.groups()
    if yen and not place.is_japanese:
        return None
    digits = yen_digits if yen else digits
    sign = yen or sign.replace("￥", "¥")
    value = float(digits.replace(",", ""))
    if before or inside or minus:
        value = -value
    decimals = ".00" if "." in digits else ""
    pattern = f"#,##0{decimals}"
    at_home = sign == "$" or (sign == "¥" and place.is_japanese)
    if yen:
        pattern += '"円"'
    else:
        pattern = (f'"{sign}"' if at_home else f"[${sign}]") + pattern
    return normal(value), {"type": "CURRENCY", "pattern": pattern}


def _moment(text: str, place: Place) -> Found | None:
    day_text, _, time_text = text.partition(" ")
    if only_time := _clock(text):
        serial, pattern = only_time
        return serial, {"type": "TIME", "pattern": pattern}
    if whole := _date(text, place):
        serial, pattern = whole
        return serial, {"type": "DATE", "pattern": pattern}
    day, clock = _date(day_text, place), _clock(time_text)
    if day and clock:
        serial = normal(day[0] + clock[0])
        return serial, {"type": "DATE_TIME", "pattern": f"{day[1]} {clock[1]}"}
    return None


def _clock(text: str) -> tuple[float, str] | None:
    if not (found := _TIME.fullmatch(text)):
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = found[4]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "pP" else 0)
    pattern = ("h" if half else "hh") + (":mm:ss" if found[3] else ":mm")
    try:
        return serials.of_time(time(hour, minute, second)), pattern + (" am/pm" if half else "")
    except ValueError:
        return None


def _date(text: str, place: Place) -> tuple[int, str] | None:
    for short, month, day, pattern in _readings(text, place):
        century = (2000 if short < 30 else 1900) if short < 100 else 0
        with suppress(ValueError):
            return serials.of_date(date(short + century, month, day)), pattern
    return None


#: A form of a date, the order of its parts, and the pattern it is shown by afterwards.
_FORMS: tuple[tuple[re.Pattern[str], str, Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"), "y_md", lambda m: _like(m[2], m[3], m[4])),
    (re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"), "ymd", lambda _: 'yyyy"年"m"月"d"日"'),
    (re.compile(r"(\d{1,2})月(\d{1,2})日"), "md", lambda _: 'm"月"d"日"'),
)  # fmt: skip


#: Forms with a month's name: its group, the day's, and the pattern without and with a year.
_NAMED_FORMS = (
    (re.compile(rf"{_MONTH} (\d{{1,2}})(?:, (\d{{4}}))?"), 1, 2, ("mmm d", "mmm d, yyyy")),
    (re.compile(rf"(\d{{1,2}})[ -]{_MONTH}(?:[ -](\d{{4}}))?"), 2, 1, ("d mmm", "d mmm yyyy")),
)


def _like(mark: str, month: str, day: str) -> str:
    """Show a date as it was typed: with leading zeros only where somebody typed them."""
    padded = month.startswith("0") or day.startswith("0") or mark == "-"
    return f"yyyy{mark}mm{mark}dd" if padded else f"yyyy{mark}m{mark}d"


def _readings(text: str, place: Place) -> Iterator[tuple[int, int, int, str]]:
    """Everything the text could mean, the likeliest first."""
    for form, order, pattern in _FORMS if text[:1].isdigit() else ():
        if not (found := form.fullmatch(text)):
            continue
        if "月" in text and not place.is_japanese:
            return
        numbers = dict(zip(order, found.groups(), strict=True))
        year = int(numbers.get("y", place.today.year))
        yield year, int(numbers["m"]), int(numbers["d"]), pattern(found)
    if found := re.fullmatch(r"(\d{1,2})([/-])(\d{1,2})(?:\2(\d{2}|\d{4}))?", text):
        yield from _by_numbers(found, place)
    for form, month_group, day_group, shown in _NAMED_FORMS:
        if (found := form.fullmatch(text)) and (month := _month(found[month_group])):
            year = int(found[3] or place.today.year)
            yield year, month, int(found[day_group]), shown[bool(found[3])]


def _by_numbers(found: re.Match[str], place: Place) -> Iterator[tuple[int, int, int, str]]:
    first, mark, second, third = int(found[1]), found[2], int(found[3]), found[4]
    if third is None:
        month, day = (second, first) if place.order == "dmy" else (first, second)
        shown = "d{0}m" if place.order == "dmy" else "m{0}d"
        yield place.today.year, month, day, shown.format(mark)
        return
    year_shown = "yyyy" if len(third) == 4 else "yy"
    if place.order == "ymd" and len(third) == 2:
        yield first, second, int(third), f"yy{mark}mm{mark}dd"
    elif place.order == "dmy":
        yield int(third), second, first, f"d{mark}m{mark}{year_shown}"
    else:
        yield int(third), first, second, f"m{mark}d{mark}{year_shown}"


def _month(name: str) -> int | None:
    start = name[:3].lower()
    return _MONTHS.index(start) + 1 if start in _MONTHS else None
