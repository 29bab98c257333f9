"""Days as they are typed on paperwork: 2026-11-30, 11/30, 令和8年11月30日, R8.11.30."""

import calendar
import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from errors import KakariError
from errors.document import NotADay
from reading.text import LONGEST_VALUE, compact, normal

ERAS = {
    "令和": (date(2019, 5, 1), date.max),
    "平成": (date(1989, 1, 8), date(2019, 4, 30)),
    "昭和": (date(1926, 12, 25), date(1989, 1, 7)),
}
"""元号を改める政令. What is typed in an era has to lie in it."""
LETTERS = {"R": "令和", "H": "平成", "S": "昭和"}

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
"""No office's paperwork is of a day before or after; what is due later still is a day."""

_TYPED = re.compile(
    r"(?:(?P<era>令和|平成|昭和|[RHS])(?P<of_era>元|[0-9]{1,2})[年.\-/]"
    r"|(?P<year>[0-9]{4})[年.\-/])?"
    r"(?P<month>[0-9]{1,2})[月.\-/](?P<day>[0-9]{1,2})日?",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?P<year>[0-9]{4})[-/年](?P<month>[0-9]{1,2})月?(?:分)?")


def day_in(text: str, today: date) -> date:
    """Return the day that was typed; without a year, that of today's. Raises NotADay."""
    plain = compact(text)
    text = text[:LONGEST_VALUE]  # as far as it is said back
    found = _TYPED.fullmatch(plain) if len(plain) <= LONGEST_VALUE else None
    if found is None:
        raise NotADay(text=text)
    try:
        if not found["era"]:
            year = int(found["year"] or today.year)
            return _of_an_office(date(year, int(found["month"]), int(found["day"])), text)
        era = LETTERS.get(found["era"].upper(), found["era"])
        first, last = ERAS[era]
        year = 1 if found["of_era"] == "元" else int(found["of_era"])
        day = date(first.year + year - 1, int(found["month"]), int(found["day"]))
    except ValueError as error:
        raise NotADay(text=text) from error
    if year < 1 or not first <= day <= last:
        raise NotADay(text=text)
    return _of_an_office(day, text)


def month_in(text: str) -> tuple[date, date]:
    """Return the first and the last day of a month as it was typed. Raises NotADay."""
    plain = normal(text).strip()
    text = text[:LONGEST_VALUE]
    found = _MONTH.fullmatch(plain) if len(plain) <= LONGEST_VALUE else None
    if found is None or not 1 <= int(found["month"]) <= 12:
        raise NotADay(text=text)
    year, month = int(found["year"]), int(found["month"])
    if not FIRST.year <= year <= LAST.year:
        raise NotADay(text=text)
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _of_an_office(day: date, text: str) -> date:
    """Return the day. Raises NotADay where it is out of all bounds."""
    if not FIRST <= day <= LAST:
        raise NotADay(text=text)
    return day


def said_in_form(check: Any) -> AfterValidator:
    """Return a validator that says at the field what the check objects to."""

    def validate(value: str) -> str:
        if value.strip():
            try:
                check(value)
            except KakariError as error:
                raise PydanticCustomError("kakari", "{en}", dict(error.both())) from None
        return value

    return AfterValidator(validate)


TypedDay = Annotated[
    str,
    Field(max_length=LONGEST_VALUE),
    said_in_form(lambda text: day_in(text, date(2024, 1, 1))),
]
"""A day as it was typed; empty where it was left out. 2024 has a 29 February."""
