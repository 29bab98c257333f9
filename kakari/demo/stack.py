"""All of Kakari on one machine: simulator, Valkey, ledger, bot, workers and clock.

The demo runs in it, and so do the tests of whole conversations: the same processes, the same
code, only the addresses differ.
"""

import json
import os
import random
import socket
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import redis
import requests
from rq import Worker
from rq.exceptions import InvalidJobOperation

from kakari import private_files
from kakari.chat_config import all_commands
from kakari.demo import sheet
from kakari.demo.processes import Processes
from kakari.settings import PREFIX, Settings
from simulator.app_config import AppCommand, AppConfig
from simulator.office import ALICE, BOB, PROJECTS_FOLDER_ID

HOST = "127.0.0.1"
PATH = "/chat"
PROJECT_NUMBER = "123456789012"
TEMPLATES = Path(__file__).parents[2] / "templates"
FREE_PORTS = range(20_000, 32_000)
"""Below those that systems give to outgoing connections: none of these takes a port of ours
between the look whether it is free and the start of its process."""
PERMISSIONS = f"""\
# Who may do what in the demo; a change takes effect at once. See docs/permissions.md.

[groups]
office = ["@{ALICE.email.partition("@")[2]}"]

[tasks."*"]
ask = ["office"]
approve = ["office"]

[audit]
see = ["{BOB.email}"]
"""


class Stack:
    """The processes of one installation, with its state in ``folder``."""

    def __init__(
        self,
        folder: Path,
        *,
        page_port: int = 0,
        workers: int = 2,
        schedule_minutes: float | None = None,
        **settings: str,
    ) -> None:
        """Name an installation.

        With ``schedule_minutes`` it has the office's sheets, and its schedule is kept in step so
        often.
        """
        self.folder = folder.absolute()
        self.workers = workers
        self.processes = Processes(self.folder / "logs")
        self._ports_file = self.folder / "ports.json"
        self._ports = self._known_ports()
        self.moved_from: int | None = None
        """The Chat page's port that was wanted and busy."""
        page = self._port("page", page_port)
        if page_port and page != page_port:
            self.moved_from = page_port
        self.page = f"http://{HOST}:{page}"
        self.endpoint = f"http://{HOST}:{self._port('bot', page + 1)}{PATH}"
        self.redis_url = f"redis://{HOST}:{self._port('valkey', page + 2)}/0"
        self.permissions = self.folder / "permissions.toml"
        self._given = settings
        self.schedule_file = self.folder / "schedule.toml"
        self.document_sheets = self.folder / "documents.toml"
        self._schedule_minutes = schedule_minutes
        if schedule_minutes is not None:
            files = {"schedule": self.schedule_file, "document_sheets": self.document_sheets}
            self._given = {**{name: str(file) for name, file in files.items()}, **settings}

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are started with: the settings, and nothing of ours besides."""
        plain = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
        given = {
            "database_url": f"sqlite:///{self.folder / 'ledger.db'}",
            "redis_url": self.redis_url,
            "endpoint_url": self.endpoint,
            "project_number": PROJECT_NUMBER,
            "google_key_file": str(self.folder / "key.json"),
            "permissions": str(self.permissions),
            "project_place": f"drive:{PROJECTS_FOLDER_ID}",
            "templates": str(TEMPLATES),
            "bot_host": HOST,
            "bot_port": str(self._ports["bot"]),
            "simulator_url": self.page,
            **self._given,
        }
        return plain | {PREFIX + name.upper(): value for name, value in given.items()}

    @property
    def settings(self) -> Settings:
        """The same settings, for looking into this installation from here."""
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in self.environment.items()
            if name.startswith(PREFIX)
        }
        return Settings.model_validate(given)

    def start(self) -> None:
        """Start everything and return when it answers."""
        self.furnish()
        # Most of a start is loading Python, so what need not wait for another loads beside it.
        self.kakari("migrate", "migrate")
        self.start_simulator()
        self.start_valkey()
        self._await_migrated()
        for number in range(1, self.workers + 1):
            self.start_worker(number)
        self.kakari("clock", "clock")
        self.start_bot()
        self.await_workers(self.workers)
        self._ports_file.write_text(json.dumps(self._ports))

    def furnish(self) -> None:
        """Make the folder, with the permissions in it; those that are there already stay."""
        private_files.make_folder(self.folder)
        if not self.permissions.exists():
            self.permissions.write_text(PERMISSIONS, encoding="utf-8")

    def stop(self) -> None:
        """Stop everything that was started; what was accepted stays in ``folder``."""
        names = list(self.processes.running)
        workers = [name for name in names if name.startswith("worker")]
        self.processes.stop("bot", "clock", *workers)
        self.processes.stop_all()

    def start_simulator(self) -> None:
        port, key = str(self._ports["page"]), str(self.folder / "key.json")
        state = str(self.folder / "simulator")
        self.kakari("simulator", "simulator", "--port", port, "--key", key, "--state", state)
        self.processes.wait_until("simulator", lambda: _answers(f"{self.page}/_sim/health"))
        configure_app(self.page, self.endpoint)
        if self._schedule_minutes is not None:
            files = self.schedule_file, self.document_sheets
            sheet.furnish(self.settings, *files, self._schedule_minutes)

    def start_valkey(self) -> None:
        command = [sys.executable, "-m", "kakari.demo.valkey", str(self._ports["valkey"])]
        self.processes.start("valkey", [*command, str(self.folder / "valkey")], self.environment)
        self.processes.wait_until("valkey", self._valkey_answers)

    def migrate(self) -> None:
        self.kakari("migrate", "migrate")
        self._await_migrated()

    def start_bot(self) -> None:
        self.kakari("bot", "bot")
        health = self.endpoint.removesuffix(PATH) + "/healthz"
        self.processes.wait_until("bot", lambda: _answers(health))

    def start_worker(self, number: int, **settings: str) -> None:
        """Start a worker; ``settings`` are its alone."""
        self.kakari(f"worker-{number}", "worker", **settings)

    def await_workers(self, number: int) -> None:
        """Wait until so many workers listen to the bell."""
        name = next(name for name in reversed(self.processes.running) if "worker" in name)
        self.processes.wait_until(name, lambda: self._listening() >= number)

    def kakari(self, name: str, *arguments: str, **settings: str) -> None:
        """Start a process of the ``kakari`` command; ``settings`` are its alone."""
        command = [sys.executable, "-m", "kakari", *arguments]
        own = {PREFIX + name.upper(): value for name, value in settings.items()}
        self.processes.start(name, command, self.environment | own)

    def control(self, what: str, body: Mapping[str, Any]) -> Any:
        """Set something at the simulator's own controls."""
        return control(self.page, what, body)

    def _known_ports(self) -> dict[str, int]:
        # Cards that were posted before a restart call the address they were posted with.
        if self._ports_file.exists():
            return dict(json.loads(self._ports_file.read_text()))
        return {}

    def _port(self, name: str, wanted: int) -> int:
        known = wanted if name == "page" and wanted else self._ports.get(name, wanted)
        for port in filter(None, (known, *random.sample(FREE_PORTS, 20))):
            with closing(socket.socket()) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, port))
                except OSError:
                    continue
                self._ports[name] = port
                break
        return self._ports[name]

    def _valkey_answers(self) -> bool:
        with closing(redis.Redis.from_url(self.redis_url)) as connection:
            try:
                return bool(connection.ping())
            except redis.RedisError:
                return False

    def _await_migrated(self) -> None:
        migrate = self.processes.running["migrate"]
        self.processes.wait_until("migrate", lambda: migrate.poll() == 0)
        del self.processes.running["migrate"]

    def _listening(self) -> int:
        with closing(redis.Redis.from_url(self.redis_url)) as connection:
            try:
                workers = Worker.all(connection=connection)
            except InvalidJobOperation:
                return 0
            return sum(worker.get_state() == "idle" for worker in workers)


def configure_app(page: str, endpoint: str) -> None:
    """Configure the simulator's Chat app, as an operator does in Google's console."""
    config = AppConfig(endpoint_url=endpoint, project_number=PROJECT_NUMBER, commands=commands())
    control(page, "app", asdict(config))


def control(page: str, what: str, body: Mapping[str, Any]) -> Any:
    """Set something at a simulator's own controls."""
    answer = requests.post(f"{page}/_sim/{what}", json=body, timeout=10)
    answer.raise_for_status()
    return answer.json()


def commands() -> list[AppCommand]:
    """Return the commands as they are configured in Google's Chat API."""
    return [
        AppCommand(each.id, f"/{each.name}", each.about.ja, opens_dialog=each.opens_dialog)
        for each in all_commands()
    ]


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False
