"""The front desk over a ledger, and people who tap what Chat or a tampered client may send."""

import json
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import update

from bot.desk import Desk, DeskSettings
from bot.permissions import Permissions
from bot.queries import QUERIES
from bot.wire import parse
from ledger.bell import Bell
from ledger.database import Ledger
from ledger.models import Job
from ledger.plan import Plan
from tasks.base import Setting
from tasks.registry import all_tasks
from tasks.schedule_file import ScheduleFile
from tests.unit.bot import events
from tests.unit.bot.events import ALICE, OFFICE, Body
from tests.unit.ledger.office import show_plan

ELSEWHERE = {**OFFICE, "name": "spaces/AAAAelsewhere"}
SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg"
ADMINS = "spaces/AAAAadmins"
EVERYBODY = '["alice@example.com", "bob@example.com"]'
OPEN = f'[tasks."*"]\nask = {EVERYBODY}\napprove = {EVERYBODY}\n'


class Front:
    """A desk whose bell nobody hears; ``permissions`` may be written anew at any time."""

    def __init__(
        self,
        ledger: Ledger,
        folder: Path,
        rules: str = OPEN,
        clock: Callable[[], float] = lambda: 0,
    ) -> None:
        self.ledger = ledger
        self.permissions = folder / "permissions.toml"
        self.permissions.write_text(rules, encoding="utf-8")
        allowed = Permissions.load(self.permissions, all_tasks(), QUERIES, clock)
        schedule = ScheduleFile(spreadsheet=SHEET, space=OFFICE["name"])
        setting = Setting(f"disk:{folder}", folder, schedule=schedule)
        away = redis.Redis(port=1, retry=Retry(NoBackoff(), 0))
        settings = DeskSettings(
            "https://kakari.example.com/chat", ZoneInfo("UTC"), allowed, setting, admin_space=ADMINS
        )
        self.desk = Desk(ledger, Bell(away), settings)
        self._taps = count()

    def tap(
        self,
        who: Body,
        action: str,
        job: str = "",
        *,
        space: Body = OFFICE,
        inputs: Body | None = None,
        flags: Mapping[str, Any] = {},
        **parameters: str,
    ) -> str:
        """Return what is answered to a tap, as text."""
        pressed = {"action": action, "job": job, **parameters}
        moment = f"2026-11-22T00:30:00.{next(self._taps):06}Z"
        on = events.card_message(space=space)
        body, _ = events.click(pressed, inputs, moment, who, on, space=space, **flags)
        event = parse(body)
        assert event is not None
        return json.dumps(self.desk.answer(event), ensure_ascii=False)

    def begin_again(self) -> None:
        """Let the next tap be of the same moment as the first one was."""
        self._taps = count()

    def waiting(
        self, plan: Plan | None = None, asker: Body = ALICE, **values: Any
    ) -> tuple[str, Plan]:
        """Return a job of the office's that waits with this plan."""
        job, shown = show_plan(self.ledger, plan or Plan(effects=()))
        here = {"space": OFFICE["name"], "asker": asker["name"], "asker_name": asker["displayName"]}
        self.change(job, **here | values)
        return job, shown

    def change(self, job: str, **values: Any) -> None:
        with self.ledger.write() as tx:
            tx.execute(update(Job).where(Job.id == job).values(**values))

    def job(self, job: str) -> Job:
        with self.ledger.read() as tx:
            return tx.get_one(Job, job)
