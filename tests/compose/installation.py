"""A whole Kakari in containers, as `docker compose up` makes it, and what people do in it."""

import json
import shutil
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import click

from kakari.settings import PREFIX, Settings
from ledger.database import Ledger
from ledger.models import JobState
from tests.chaos.house import SUBJECT, TEMPLATE, House, write_template
from tests.chaos.picture import Picture, difference, pictures
from tests.compose.docker import ROOT, Compose, docker
from tests.scenario.room import Room
from workspace.clients import GoogleClients

WORKERS = 4
JOBS = 40
SLOW = 0.2
"""Seconds that Google takes for every answer, so that jobs last."""
PATIENCE = 150.0
"""Seconds for anything that has to come about: a call of a killed worker is waited for, too."""
HURRIED = {
    "KAKARI_LEASE_SECONDS": "2",
    "KAKARI_TAKEOVER_SECONDS": "3",
    # What is tested is not the simulated Drive's patience.
    "KAKARI_DRIVE_WRITES_PER_SECOND": "1000",
    "KAKARI_DRIVE_WRITES_BURST": "1000",
    "KAKARI_LOG_FORMAT": "json",
    "KAKARI_OPEN_REQUESTS": "100000",
    "KAKARI_TEMPLATES": "/office/templates",
}


class Installation(House):
    """A house whose processes are containers."""

    answers = MappingProxyType({"template": TEMPLATE, "name": SUBJECT})

    def __init__(self, folder: Path, name: str = "kakari-check") -> None:
        self.folder = folder
        self.office = folder / "office"
        self.env = folder / "check.env"
        self.compose = Compose(name, self.env)
        self.page = f"http://127.0.0.1:{_free_port()}"
        self._dialog = threading.Lock()
        self._undisturbed: dict[bool, Picture] = {}

    def furnish(self) -> None:
        """Write what `demo.env` names, hurried, and with the smallest template."""
        shutil.copytree(ROOT / "deploy" / "demo" / "office", self.office)
        shutil.copytree(ROOT / "templates", self.office / "templates")
        write_template(self.office / "templates")
        own = {
            **HURRIED,
            "OFFICE_FOLDER": str(self.office),
            "SECRETS_FOLDER": str(ROOT / "deploy" / "demo" / "secrets"),
            "SIMULATOR_PORT": self.page.rpartition(":")[2],
            "TAG": self.compose.name,
        }
        self._write((ROOT / "demo.env").read_text(), own)

    def change(self, **variables: str) -> None:
        """Change what the file with the settings says, for the containers made from now on."""
        self._write(self.env.read_text(), variables)

    def _write(self, text: str, own: dict[str, str]) -> None:
        lines = [line for line in text.splitlines() if line.partition("=")[0] not in own]
        self.env.write_text("\n".join([*lines, *(f"{k}={v}" for k, v in own.items())]) + "\n")

    def up(self, *what: str, workers: int = WORKERS) -> None:
        """Have all services or these ones run, with so many workers."""
        self.compose("up", "--detach", f"--scale=worker={workers}", *what)

    def stop(self) -> None:
        self.forget()
        self.compose.remove()
        for tag in (self.compose.name, f"{self.compose.name}-next"):
            docker("image", "rm", f"kakari:{tag}", ok=False)

    def forget(self) -> None:
        """Forget the connections: the containers they lead to are about to go."""
        for name in ("drive", "clients", "ledger", "settings"):
            known = vars(self).pop(name, None)
            if isinstance(known, Ledger | GoogleClients):
                known.close()

    @cached_property
    def settings(self) -> Settings:
        """The same settings, with the addresses that they have from here."""
        key = self.folder / "google_key.json"
        self.compose("cp", "simulator:/simulator/google_key.json", str(key))
        info = json.loads(key.read_text()) | {"token_uri": f"{self.page}/token"}
        key.write_text(json.dumps(info))
        lines = dict(line.partition("=")[::2] for line in self.env.read_text().splitlines())
        given = {
            k.removeprefix(PREFIX).lower(): v for k, v in lines.items() if k.startswith(PREFIX)
        }
        given |= {
            "database_url": f"postgresql+psycopg://kakari@{self.compose.address('db')}/kakari",
            "database_password": secret("kakari_database_password"),
            "endpoint_url": "http://127.0.0.1:8080/chat",
            "google_key_file": str(key),
            "simulator_url": self.page,
        }
        return Settings.model_validate(given)

    def until(
        self,
        condition: Callable[[], bool],
        what: str,
        patience: float = PATIENCE,
        victim: str | None = None,
    ) -> None:
        super().until(condition, what, patience, victim)

    def _show_threads(self) -> None:
        click.echo(*self.compose.logs()[-200:], sep="\n")

    def slow(self, seconds: float) -> None:
        """Have the simulated Google take so much longer for each answer."""
        self.control("delay", {"seconds": seconds})

    def planned(self, number: int) -> dict[str, Room]:
        """Have so many jobs asked for, each in a room of its own, until their plans wait."""
        rooms = {}
        for _ in range(number):
            room = self.room()
            rooms[self.ask(room)] = room
        for job in rooms:
            self.await_plan(job)
        return rooms

    def apply_all(self, rooms: dict[str, Room]) -> None:
        for job, room in rooms.items():
            self.apply(room, job)

    def open(self, rooms: dict[str, Room]) -> int:
        """Return how many of these jobs have not ended."""
        return sum(self._shown(job) in (None, JobState.WAITING) for job in rooms)

    def await_ends(self, rooms: dict[str, Room]) -> None:
        self.slow(0)
        for job in rooms:
            self.await_end(job)

    def wrong(self, rooms: dict[str, Room], *, calls: bool = True) -> list[str]:
        """Say what jobs lack or have twice, compared with one that nothing disturbed.

        Without ``calls`` the simulator's log is left out, which does not outlive the simulator.
        """
        return [
            f"{job} {line}"
            for job, picture in pictures(self, rooms, calls=calls).items()
            for line in difference(picture, self._undisturbed[calls])
        ]

    def play_undisturbed(self) -> None:
        rooms = self.planned(1)
        self.apply_all(rooms)
        self.await_ends(rooms)
        for calls in (True, False):
            (self._undisturbed[calls],) = pictures(self, rooms, calls=calls).values()

    def claims(self, rooms: dict[str, Room]) -> Counter[str]:
        """Return how many of these jobs each worker has claimed once approved, by container."""
        lines = (line.partition(" | ")[::2] for line in self.compose.logs("worker"))
        said = ((worker.strip(), json.loads(what)) for worker, what in lines if what[:1] == "{")
        claimed = {"event": "job.claimed", "state": "queued"}
        return Counter(
            worker for worker, what in said if what | claimed == what and what["job"] in rooms
        )

    def worker_of(self, rooms: dict[str, Room]) -> str:
        """Wait until a worker is in the midst of one of these jobs; return its container's id."""
        found: list[str] = []

        def busy() -> bool:
            owners = (self.rows(job)[0]["lease_owner"] for job in rooms)
            found[:] = [owner for owner in owners if owner]
            return bool(found)

        self.until(busy, "a worker at work")
        return found[0].partition("-")[0]


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def secret(name: str) -> str:
    return (ROOT / "deploy" / "demo" / "secrets" / name).read_text().strip()
