"""What the clock does for the schedule: looks at the sheet, and posts the morning digest.

A look costs two reads. Only where there is something to carry over or to ask that nobody was told
of yet, a sync is asked for, as a person would ask for it; so a quiet sheet makes no messages.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import select

from cards import widgets as w
from cards.schedule_card import schedule_card
from cards.sentences import Sentence
from errors import KakariError
from ledger import jobs, posts, schedule
from ledger.bell import Bell
from ledger.database import Ledger, new_id, now
from ledger.models import WORKABLE, Job
from tasks.base import Look, Setting
from tasks.registry import all_tasks
from tasks.schedule import questions
from tasks.schedule.agenda import agenda
from tasks.schedule.survey import Survey, fingerprint
from tasks.schedule.task import plan_of, remember, survey_of
from workspace.caller import Caller
from workspace.chat import Chat
from workspace.sheets import Sheets

TICK = 1.0
POST, POST_SECONDS = "schedule-watch", 60.0
LATEST = timedelta(hours=4)
"""A digest that could not be posted in the morning is left out after so long."""
AGAIN = timedelta(minutes=1)
"""When a look is repeated that Google was too busy for, and a digest that was not posted."""
SYNC = "sync"
DIGEST = Sentence("The schedule this morning", "本日の予定")

log = structlog.get_logger()


@dataclass(frozen=True)
class State:
    """What tells one state of things that a sync is wanted for from another; empty for none.

    Where the rows stand is no part of it: what was told is not told again after a sort.
    """

    left: str = ""
    """What a sync leaves to people: questions, and cells that are not understood."""
    effects: str = ""
    """What it would carry over."""


class ScheduleWatch:
    """Looks after one schedule. One process at a time does; a second one waits."""

    def __init__(
        self,
        ledger: Ledger,
        bell: Bell,
        sheets: Callable[[Caller], Sheets],
        chat: Callable[[Caller], Chat],
        setting: Setting,
        url: str,
        holder: str,
    ) -> None:
        assert setting.schedule is not None, "there is a schedule to watch"
        self.file = setting.schedule
        self.ledger = ledger
        self.bell = bell
        self.sheets = sheets
        self.chat = chat
        self.setting = setting
        self.url = url
        self.holder = holder
        self._digest_again: datetime | None = None

    def run(self, stop: threading.Event) -> None:
        """Watch until told to stop."""
        caller = Caller(stop=stop)
        while not stop.wait(TICK):
            try:
                with self.ledger.write() as tx:
                    on_duty = posts.hold(tx, POST, self.holder, POST_SECONDS)
                if on_duty:
                    self.look(caller, now())
                    self.digest(caller, now())
            except Exception:
                log.exception("schedule.stumbled")
        with self.ledger.write() as tx:
            posts.leave(tx, POST, self.holder)

    def look(self, caller: Caller, moment: datetime) -> bool:
        """Look at the sheet if it is time; say whether a sync was asked for."""
        with self.ledger.write() as tx:
            known = schedule.of(tx, self.file.spreadsheet)
            if known.look_at > moment:
                return False
            if tx.scalar(select(Job.id).where(Job.task == SYNC, Job.state.in_(WORKABLE))):
                known.look_at = moment + timedelta(seconds=TICK)
                return False
            known.look_at = moment + timedelta(minutes=self.file.every_minutes)
        looking = Look(self.setting, None, self.sheets(caller), self.ledger)
        try:
            survey = survey_of(looking)
        except KakariError as error:
            if error.permanent:  # a sync says it to people
                return self._tell(State(type(error).__name__))
            with self.ledger.write() as tx:
                schedule.look_soon(tx, AGAIN)
            return False
        state = self._state(survey)
        if state == State():
            remember(looking, survey)
        return self._tell(state)

    def _state(self, survey: Survey) -> State:
        plan = plan_of(survey, self.file.space, imports=False)
        effects = [each.data["shown"] for each in plan.effects]
        settled = {each for each, said in survey.answers.items() if said in questions.LASTING}
        asked = {each.id for each in questions.asked(survey)} - settled
        unread = sorted([cell.key, cell.text] for cell in survey.table.unread)
        left = asked or unread or survey.importing
        return State(
            fingerprint(sorted(asked), unread, survey.importing) if left else "",
            fingerprint(sorted(effects)) if effects else "",
        )

    def _tell(self, state: State) -> bool:
        """Ask for a sync, unless one was asked for in the same state of things."""
        with self.ledger.write() as tx:
            known = schedule.of(tx, self.file.spreadsheet)
            was = State(*(known.told or "/").split("/"))
            known.told = f"{state.left}/{state.effects}"
            if state.left in ("", was.left) and state.effects in ("", was.effects):
                return False
            task = all_tasks()[SYNC]
            jobs.ask(
                tx,
                jobs.Asked(
                    id=new_id(),
                    task=SYNC,
                    request={},
                    subject=task.subject(task.Request()),
                    asker="",
                    asker_name="",
                    locale=self.file.language,
                    space=self.file.space,
                    thread=None,
                ),
            )
        self.bell.ring()
        log.info("schedule.asked")
        return True

    def digest(self, caller: Caller, moment: datetime) -> bool:
        """Post the morning's digest if it is due; say whether it was posted.

        Its message has an id of its own for each day: a second one of that day is refused.
        """
        here = moment.astimezone(self.setting.zone)
        if not self._is_due(here) or (self._digest_again and moment < self._digest_again):
            return False
        today = here.date()
        with self.ledger.read() as tx:
            known = tx.get(schedule.Schedule, self.file.spreadsheet)
            if known is None or known.digest_on == today:
                return False
            found = agenda(tx, self.file.is_finished, today, None)
        self._digest_again = moment + AGAIN
        locale, title = self.file.language, DIGEST.say(self.file.language)
        turn = w.Action(self.url, "schedule", {}, opens_dialog=True)
        message = w.message(schedule_card(title, found, 0, locale, turn), "digest", title)
        chat = self.chat(caller)
        chat.turn(self.file.space)
        name = f"client-digest-{today.isoformat()}-{fingerprint(self.file.spreadsheet)[:8]}"
        chat.create(self.file.space, message, message_id=name, request_id=new_id())
        with self.ledger.write() as tx:
            schedule.of(tx, self.file.spreadsheet).digest_on = today
        log.info("schedule.digest")
        return True

    def _is_due(self, here: datetime) -> bool:
        if self.file.digest is None or not is_business_day(here.date(), self.file.country):
            return False
        begins = datetime.combine(here.date(), self.file.digest, here.tzinfo)
        return begins <= here < begins + LATEST


def is_business_day(day: date, country: str) -> bool:
    """Say whether an office works on this day: neither weekend nor a public holiday."""
    import holidays  # slow to load, and only the clock needs it

    return day.weekday() < 5 and day not in holidays.country_holidays(country, years=day.year)
