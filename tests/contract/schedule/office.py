"""People with a spreadsheet, and Kakari with a ledger, one after the other in one process."""

import re
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from gspread.http_client import HTTPClient
from sqlalchemy import select, update

import errors.google
import errors.schedule
from cards.job_card import JobView
from effects.base import World
from errors import KakariError
from errors.google import SheetRefused
from ledger import approvals, jobs, projects, steering
from ledger.approvals import Decision
from ledger.bell import Bell
from ledger.database import Ledger, new_id, now
from ledger.jobs import Asked
from ledger.models import Job
from simulator.office import ALICE, PROJECTS_FOLDER_ID, PROJECTS_SPACE
from simulator.server import SimulatorServer
from simulator.sheets.state import SPREADSHEET
from tasks import preview
from tasks.base import TOKYO, Setting
from tasks.schedule import questions
from tasks.schedule_file import ScheduleFile
from tests.contract.schedule.fates import Fate
from worker.contents import StoredContents
from worker.postman import Postman
from worker.runner import Runner
from worker.schedule_watch import ScheduleWatch
from workspace.caller import Caller
from workspace.calls import Calls
from workspace.chat import Chat
from workspace.clients import GoogleClients
from workspace.quota import Quota
from workspace.sheets import Sheets
from workspace.sheets_http import SheetsHTTP

WRITE = "sheets.spreadsheets.batchUpdate"
"""The method that all of Kakari's writes are."""
HEADERS = ["案件番号", "得意先", "件名", "受注日", "納期", "担当", "状態", "金額", "備考"]


class Busy(Sheets):
    """Sheets in an office far from Google, where people go on typing and workers die."""

    def __init__(self, office: "Office", *given: Any) -> None:
        super().__init__(*given)
        self._office = office

    def write(self, *given: Any) -> Any:
        fate, self._office.fate = self._office.fate, None
        send = partial(super().write, *given)
        return fate(send) if fate else send()


@dataclass
class Office:
    """What people and Kakari do, one after the other."""

    ledger: Ledger
    clients: GoogleClients
    simulator: SimulatorServer
    valkey_url: str
    spreadsheet: str = ""
    title: str = "Sheet1"
    fate: Fate | None = None
    """What becomes of Kakari's next write, instead of being sent."""
    more: dict[str, Any] = field(default_factory=dict)
    """What else the schedule file says."""

    @property
    def file(self) -> ScheduleFile:
        return ScheduleFile(
            spreadsheet=self.spreadsheet, space=PROJECTS_SPACE.name, language="en", **self.more
        )

    @property
    def setting(self) -> Setting:
        return Setting("disk:/nowhere", Path("/nowhere"), zone=TOKYO, schedule=self.file)

    @property
    def people(self) -> HTTPClient:
        """The sheet as people edit it."""
        calls = Calls(self.clients, Caller(), refused=SheetRefused)
        return SheetsHTTP(calls, self.clients.origins.sheets_url)

    def put(self, at: str, values: list[list[Any]], *, typed: bool = True) -> None:
        """Type something into the sheet."""
        option = {"valueInputOption": "USER_ENTERED" if typed else "RAW"}
        place = f"'{self.title}'!{at}"
        self.people.values_update(self.spreadsheet, place, option, {"values": values})

    def request(self, **requests: Any) -> None:
        """Do something else to the sheet, such as inserting a column."""
        body = {"requests": [{name: given} for name, given in requests.items()]}
        self.people.batch_update(self.spreadsheet, body)

    def cells(self, shown: bool = True) -> list[list[Any]]:
        """Return the sheet as people see it, or as formulas."""
        option = "FORMATTED_VALUE" if shown else "FORMULA"
        found = self.people.values_get(
            self.spreadsheet, f"'{self.title}'", {"valueRenderOption": option}
        )
        return found.get("values", [])

    def rows(self) -> dict[str, list[Any]]:
        """Return the rows below the header by their keys, without the key."""
        return {row[0]: row[1:] for row in self.cells()[1:] if row and row[0]}

    def project(self, key: str, **values: str) -> None:
        """Enter a project in the ledger."""
        with self.ledger.write() as tx:
            projects.add(tx, key, None, PROJECTS_SPACE.name, values)

    def change(self, key: str, **values: str) -> None:
        """Change a project in the ledger."""
        with self.ledger.write() as tx:
            was = projects.find(tx, key)
            assert was is not None
            projects.change(tx, key, {name: (was[name], new) for name, new in values.items()})

    def known(self, key: str) -> dict[str, str]:
        """Return what the ledger says of a project, as far as it says anything."""
        with self.ledger.read() as tx:
            found = projects.find(tx, key)
        assert found is not None, key
        return {name: value for name, value in found.items() if value}

    def outlive(self) -> None:
        """Let the leases of dead workers run out."""
        with self.ledger.write() as tx:
            held = update(Job).where(Job.lease_until.is_not(None))
            tx.execute(held.values(lease_until=now() - timedelta(seconds=1)))

    def ask(self) -> str:
        """Type /sync."""
        job = new_id()
        with self.ledger.write() as tx:
            jobs.ask(
                tx,
                Asked(
                    id=job,
                    task="sync",
                    request={"imports": True},
                    subject="Sheets",
                    asker=ALICE.name,
                    asker_name="Alice",
                    locale="en",
                    space=PROJECTS_SPACE.name,
                    thread=None,
                ),
            )
        return job

    def work(self) -> None:
        """Let a worker do all there is to do."""
        stop = threading.Event()
        while self.runner(stop).run_one(stop):
            pass

    def sync(self) -> JobView:
        """Ask for a sync and let it be done; return what its card says."""
        job = self.ask()
        self.work()
        return self.view(job)

    def approve(self, view: JobView) -> JobView:
        """Approve a plan that waits, and let it be carried out."""
        assert view.plan_hash
        decision = Decision(view.job, view.plan_hash, ALICE.name, "Alice")
        with self.ledger.write() as tx:
            approvals.approve(tx, decision, TOKYO, 1)
        self.work()
        return self.view(view.job)

    def last(self) -> JobView:
        """Return what the card of the latest job says."""
        with self.ledger.read() as tx:
            job = tx.scalars(select(Job.id).order_by(Job.asked_at.desc())).first()
        assert job is not None
        return self.view(job)

    def undo(self, view: JobView) -> JobView:
        """Take a job back."""
        assert view.plan_hash
        with self.ledger.write() as tx:
            steering.undo(tx, Decision(view.job, view.plan_hash, ALICE.name, "Alice"))
        self.work()
        return self.view(view.job)

    def failure(self, view: JobView) -> str:
        """Return the name of the error whose sentence a failed job says, in both languages."""
        assert view.state == "failed", view.state
        english, japanese = view.failure or "", self.view(view.job, "ja").failure or ""
        for each in (*vars(errors.schedule).values(), *vars(errors.google).values()):
            if isinstance(each, type) and issubclass(each, KakariError):
                docstring = " ".join((each.__doc__ or "").split())
                if _is_said(docstring, english) and _is_said(each.ja, japanese):
                    return each.__name__
        return f"{english} {japanese}"

    def view(self, job: str, locale: str = "en") -> JobView:
        with self.ledger.read() as tx:
            return preview.view(tx, tx.get_one(Job, job), locale)

    def answer(self, view: JobView, which: int, label: str) -> None:
        """Tap a button of one of the questions."""
        question = self.view(view.job).questions[which]
        choice = next(each for each in question.choices if each.label == label)
        with self.ledger.write() as tx:
            questions.decide(
                tx,
                choice.parameters["question"],
                choice.parameters["answer"],
                ALICE.name,
                PROJECTS_SPACE.name,
            )

    def runner(self, stop: threading.Event) -> Runner:
        quota = Quota()

        def chat(caller: Caller) -> Chat:
            return Chat(self.clients, quota, caller)

        def sheets(caller: Caller) -> Sheets:
            return Busy(self, self.clients, quota, caller)

        postman = Postman(
            self.ledger, chat, "http://127.0.0.1/chat", "postman", stop, hold_seconds=30.0
        )
        return Runner(
            self.ledger, self.bell, postman, self.setting, None, "worker", 3, 30.0, sheets
        )

    def world(self, job: str) -> World:
        """Return what effects of a job act on, past all workers."""
        contents = StoredContents(self.ledger, self.setting.templates, {})
        sheets = Busy(self, self.clients, Quota())
        return World(job=job, contents=contents, sheets=sheets, ledger=self.ledger)

    @property
    def bell(self) -> Bell:
        import redis

        return Bell(redis.Redis.from_url(self.valkey_url))

    def watch(self) -> ScheduleWatch:
        quota = Quota()
        return ScheduleWatch(
            self.ledger,
            self.bell,
            lambda caller: Sheets(self.clients, quota, caller),
            lambda caller: Chat(self.clients, quota, caller),
            self.setting,
            "http://127.0.0.1/chat",
            "clock",
        )

    def calls(self) -> list[str]:
        """Return the calls to Sheets since the last time."""
        found = [call["method"] for call in self.simulator.world.calls.to_json()]
        self.simulator.world.calls.clear()
        return [method for method in found if method.startswith("sheets.")]


def _is_said(sentence: str, said: str) -> bool:
    """Say whether this is the sentence with its blanks filled in."""
    return bool(re.fullmatch(re.sub(r"\\{\w+\\}", ".+", re.escape(sentence)), said))


def new_sheet(office: Office) -> Office:
    """Give the office a spreadsheet of its own, with headers and nothing else."""
    made = office.clients.drive_files.create(
        body={"name": "予定表", "mimeType": SPREADSHEET, "parents": [PROJECTS_FOLDER_ID]},
        supportsAllDrives=True,
    )
    with office.clients.transport() as http:
        office.spreadsheet = made.execute(http=http)["id"]
    office.put("A1", [HEADERS])
    return office
