"""When something is to be paid: closing day, month and day of payment, and what banks' days do."""

import calendar
import re
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated

from pydantic import Field

from cards.sentences import Sentence
from errors.money import TermsUnknown
from money.bill import Frozen
from reading.text import LONGEST_VALUE, compact

END = 31
"""The last day of any month."""
LONGEST = 60
"""Days after delivery, that day included, within which an ordering firm has to pay (取適法 3 条)."""
GRACE = 2
"""Days that it may be later for the banks' sake, where that was agreed."""


class Shift(StrEnum):
    """What happens to a day on which banks are closed."""

    LATER = "later"
    EARLIER = "earlier"
    AS_IS = "as_is"


CLOSING = Sentence("closed on day {day}", "{day}日締め")
CLOSING_END = Sentence("closed at the end of the month", "月末締め")
MONTHS = {
    0: Sentence("paid in the same month", "当月"),
    1: Sentence("paid in the next month", "翌月"),
    2: Sentence("paid in the month after next", "翌々月"),
}
LATER_MONTH = Sentence("paid {months} months later", "{months}か月後の")
PAID = Sentence(", on day {day}", "{day}日払い")
PAID_END = Sentence(", at its end", "末払い")

_MONTHS = {"当": 0, "今": 0, "同": 0, "翌": 1, "翌々": 2, "翌翌": 2}
_TYPED = re.compile(
    r"(?:(?P<close_end>月末|末日|末)|(?P<close>[0-9]{1,2})日)(?:締め?切り|締め|締|〆)"
    r"[・、,]?(?:(?P<month>翌々|翌翌|翌|当|今|同)月|(?P<months>[3-6])[かヶカケ箇]月後)の?"
    r"(?:(?P<due_end>月末|末日|末)|(?P<due>[0-9]{1,2})日)(?:支払い?|払い?)?"
)


class Terms(Frozen):
    """締め日と支払日: 月末締め翌月末払い is ``closing=31, months=1, day=31``."""

    closing: Annotated[int, Field(ge=1, le=END)] = END
    months: Annotated[int, Field(ge=0, le=6)] = 1
    day: Annotated[int, Field(ge=1, le=END)] = END
    shift: Shift = Shift.LATER

    @classmethod
    def parse(cls, text: str, shift: Shift = Shift.LATER) -> "Terms":
        """Read terms as they are written in Japanese: 20日締め翌月10日. Raises TermsUnknown."""
        plain = compact(text)
        found = _TYPED.fullmatch(plain) if len(plain) <= LONGEST_VALUE else None
        if found is None:
            raise TermsUnknown(text=text[:LONGEST_VALUE])
        closing, day = int(found["close"] or END), int(found["due"] or END)
        months = int(found["months"]) if found["months"] else _MONTHS[found["month"]]
        same_month_before = months == 0 and day < closing
        if not (1 <= closing <= END and 1 <= day <= END) or same_month_before:
            raise TermsUnknown(text=text[:LONGEST_VALUE])
        return cls(closing=closing, months=months, day=day, shift=shift)

    def say(self, locale: str) -> str:
        """Return the terms in words that ``parse`` reads again in Japanese."""
        closing = CLOSING_END if self.closing == END else CLOSING
        month = MONTHS.get(self.months, LATER_MONTH)
        paid = PAID_END if self.day == END else PAID
        comma = "" if locale.startswith("ja") else ", "
        return (
            closing.say(locale, day=self.closing)
            + comma
            + month.say(locale, months=self.months)
            + paid.say(locale, day=self.day)
        )

    def closes(self, supplied: date) -> date:
        """Return the day on which the account that takes a supply in is closed."""
        closing = _in_month(supplied.year, supplied.month, self.closing)
        return closing if supplied <= closing else _months_on(supplied, 1, self.closing)

    def agreed(self, supplied: date) -> date:
        """Return the day of payment as agreed, whether or not banks are open."""
        return _months_on(self.closes(supplied), self.months, self.day)

    def due(self, supplied: date) -> date:
        """Return the day on which it is to be paid."""
        return shifted(self.agreed(supplied), self.shift)

    def too_late(self, supplied: date) -> bool:
        """Say whether that is later than the law gives a firm that orders from a smaller one.

        Sixty days are two months where accounts are closed monthly.
        """
        agreed, due = self.agreed(supplied), self.due(supplied)
        two_months = _months_on(supplied, 2, supplied.day)
        last = max(supplied + timedelta(days=LONGEST - 1), two_months - timedelta(days=1))
        return agreed > last or (due > last and due - agreed > timedelta(days=GRACE))


def shifted(day: date, shift: Shift) -> date:
    """Return the day, or the next or last one on which banks are open."""
    if shift is Shift.AS_IS:
        return day
    step = timedelta(days=1 if shift is Shift.LATER else -1)
    while not bank_open(day):
        day += step
    return day


def bank_open(day: date) -> bool:
    """Say whether Japan's banks are open: no weekend, no holiday, not 12-31 to 01-03."""
    return day.isoweekday() < 6 and day not in _closed(day.year)


@cache
def _closed(year: int) -> frozenset[date]:
    import holidays  # slow to load

    return frozenset(holidays.country_holidays("JP", years=year, categories=("public", "bank")))


def _months_on(day: date, months: int, to: int) -> date:
    """Return a day of the month so many months on; of a short month its last."""
    later = day.month - 1 + months
    return _in_month(day.year + later // 12, later % 12 + 1, to)


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
