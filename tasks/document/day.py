"""Days as they are typed on paperwork: 2026-11-30, 11/30, 令和8年11月30日, R8.11.30."""

import calendar
import re
import unicodedata
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from errors import KakariError
from errors.document import NotADay

ERAS = {
    "令和": (date(2019, 5, 1), date.max),
    "平成": (date(1989, 1, 8), date(2019, 4, 30)),
    "昭和": (date(1926, 12, 25), date(1989, 1, 7)),
}
"""元号を改める政令. What is typed in an era has to lie in it."""
LETTERS = {"R": "令和", "H": "平成", "S": "昭和"}

_TYPED = re.compile(
    r"(?:(?P<era>令和|平成|昭和|[RHS])(?P<of_era>元|[0-9]{1,2})[年.\-/]"
    r"|(?P<year>[0-9]{4})[年.\-/])?"
    r"(?P<month>[0-9]{1,2})[月.\-/](?P<day>[0-9]{1,2})日?",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?P<year>[0-9]{4})[-/年](?P<month>[0-9]{1,2})月?(?:分)?")


def day_in(text: str, today: date) -> date:
    """Return the day that was typed; without a year, that of today's. Raises NotADay."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = _TYPED.fullmatch(plain)
    if found is None:
        raise NotADay(text=text)
    try:
        if not found["era"]:
            return date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
        era = LETTERS.get(found["era"].upper(), found["era"])
        first, last = ERAS[era]
        year = 1 if found["of_era"] == "元" else int(found["of_era"])
        day = date(first.year + year - 1, int(found["month"]), int(found["day"]))
    except ValueError as error:
        raise NotADay(text=text) from error
    if year < 1 or not first <= day <= last:
        raise NotADay(text=text)
    return day


def month_in(text: str) -> tuple[date, date]:
    """Return the first and the last day of a month as it was typed. Raises NotADay."""
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None or not 1 <= int(found["month"]) <= 12:
        raise NotADay(text=text)
    year, month = int(found["year"]), int(found["month"])
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


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


TypedDay = Annotated[str, said_in_form(lambda text: day_in(text, date(2024, 1, 1)))]
"""A day as it was typed; empty where it was left out. 2024 has a 29 February."""
