"""The task: what a person typed comes back to them in the thread when its time has come."""

from datetime import datetime

from pydantic import AwareDatetime

from cards.sentences import Sentence
from errors.asking import TooLong
from ledger.plan import Plan
from tasks.base import Look, Request, Setting, Task
from tasks.moment import moment_in

LONGEST = 1000


class RemindRequest(Request):
    at: AwareDatetime
    text: str


class RemindTask(Task[RemindRequest]):
    name = "remind"
    command_id = 2
    title = Sentence("Reminder", "リマインダー")
    about = Sentence(
        "Remind you later: /remind 2h call Sato", "時間が来たら知らせます（例: /remind 10分 お茶）"
    )
    words = ("リマインド", "リマインダー")
    dialog = False
    approval = False
    Request = RemindRequest

    def parse(self, text: str, moment: datetime, setting: Setting) -> RemindRequest:
        """Raises NotATime, PastTime, TooFarAhead and TooLong."""
        at, said = moment_in(text, moment, setting.zone)
        if len(said) > LONGEST:
            raise TooLong(most=LONGEST)
        return RemindRequest(at=at, text=said)

    def subject(self, request: RemindRequest) -> str:
        return " ".join(request.text.split())[:100] or f"{request.at:%H:%M}"

    def plan(self, request: RemindRequest, look: Look) -> Plan:
        return Plan(effects=(), not_before=request.at)

    def result(self, request: RemindRequest, locale: str) -> str:
        return request.text or self.title.say(locale)
