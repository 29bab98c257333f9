"""The schedule on a card: what is overdue, what is due this week, and who does it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from babel.dates import format_skeleton

from cards import widgets as w
from cards.lists import BACK, NEXT, PAGE
from cards.sentences import Sentence

ON_PAGE = 20
"""Projects on one card: enough for a week, and short enough for a phone."""
PEOPLE = 10
OVERDUE = Sentence("Overdue ({n})", "納期を過ぎたもの（{n} 件）")
THIS_WEEK = Sentence("Due this week ({n})", "今週の納期（{n} 件）")
BY_PERSON = Sentence("Per person", "担当別")
NOTHING = Sentence(
    "Nothing is overdue, and nothing is due this week.", "遅れも、今週の納期もありません。"
)
DAYS_LATE = Sentence("{day} · {n} days late", "{day}・{n} 日遅れ")
TODAY = Sentence("today, {day}", "本日 {day}")
NOBODY = Sentence("nobody", "担当なし")
HAS = Sentence("{who}: {n}", "{who}: {n} 件")
ON = Sentence("As of {day}", "{day} 現在")


@dataclass(frozen=True)
class Item:
    """One project with a date."""

    key: str
    name: str
    customer: str
    person: str
    state: str
    due: date


@dataclass(frozen=True)
class Agenda:
    today: date
    overdue: tuple[Item, ...]
    this_week: tuple[Item, ...]
    people: tuple[tuple[str, int], ...]
    """Who has how many of these, the busiest first."""


def schedule_card(title: str, agenda: Agenda, page: int, locale: str, turn: w.Action) -> w.Card:
    """Draw one page; its buttons ask for the neighbouring ones by ``turn``."""
    items = [*agenda.overdue, *agenda.this_week]
    last = max((len(items) - 1) // ON_PAGE, 0)
    page = min(max(page, 0), last)
    first = page * ON_PAGE
    some = items[first : first + ON_PAGE]
    late = [item for item in some if item.due < agenda.today]
    week = [item for item in some if item.due >= agenda.today]
    sections = []
    if not items:
        sections.append(w.section(w.line(NOTHING.say(locale), icon="event_available")))
    if late:
        header = OVERDUE.say(locale, n=len(agenda.overdue))
        sections.append(w.section(*_lines(late, agenda.today, locale), header=header))
    if week:
        header = THIS_WEEK.say(locale, n=len(agenda.this_week))
        sections.append(w.section(*_lines(week, agenda.today, locale), header=header))
    if items and page == 0:
        said = "\n".join(
            HAS.say(locale, who=who or NOBODY.say(locale), n=n) for who, n in agenda.people[:PEOPLE]
        )
        sections.append(w.section(w.paragraph(said), header=BY_PERSON.say(locale)))
    if last:
        counted = PAGE.say(locale, first=first + 1, last=first + len(some), total=len(items))
        turns = [
            w.button(label.say(locale), replace(turn, parameters={"page": str(to)}))
            for label, to in ((BACK, page - 1), (NEXT, page + 1))
            if 0 <= to <= last
        ]
        sections.append(w.section(w.paragraph(counted), w.buttons(*turns)))
    return w.card(title, *sections, subtitle=ON.say(locale, day=_day(agenda.today, locale)))


def _lines(items: Iterable[Item], today: date, locale: str) -> list[w.Widget]:
    lines = []
    for item in items:
        day = _day(item.due, locale)
        late = (today - item.due).days
        top = TODAY.say(locale, day=day) if late == 0 else day
        if late > 0:
            top = DAYS_LATE.say(locale, day=day, n=late)
        below = " · ".join(filter(None, (item.customer, item.person, item.state)))
        lines.append(
            w.line(
                f"{item.key} {item.name}".strip(),
                icon="warning" if late > 0 else "event",
                top=top,
                bottom=below or None,
            )
        )
    return lines


def _day(day: date, locale: str) -> str:
    return format_skeleton("MMMEd", day, locale="ja" if locale.startswith("ja") else "en")
