"""An installation in which nothing is wrong: each test breaks one thing of it."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
import rq
import stamina
from click.testing import CliRunner, Result
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from kakari import bootstrap
from kakari.cli import main
from kakari.demo.stack import PERMISSIONS, PROJECT_NUMBER, TEMPLATES
from kakari.settings import PREFIX, Settings
from ledger import posts
from ledger.bell import QUEUE
from ledger.database import Ledger
from simulator.office import PROJECTS_FOLDER_ID, PROJECTS_SPACE
from simulator.server import SimulatorServer
from simulator.world import World
from tests.valkey_server import valkey_server
from worker.clock import POST

KEEPS_ALL = {"appendonly": "yes", "maxmemory-policy": "noeviction"}


class Silent(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Say nothing: tests do not read an access log."""


@dataclass
class Installation:
    """What ``kakari doctor`` is asked about."""

    folder: Path
    world: World
    redis: redis.Redis
    ledger: Ledger
    environment: dict[str, str]

    def set(self, name: str, value: str) -> None:
        self.environment[PREFIX + name] = value

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["doctor", *arguments], env=self.environment)

    def doctor(self) -> "Told":
        outcome = self.run("--json")
        assert outcome.exception is None or isinstance(outcome.exception, SystemExit)
        told = Told(json.loads(outcome.stdout)["findings"])
        assert outcome.exit_code == (1 if told.of("wrong") else 0)
        return told


@dataclass
class Told:
    findings: list[dict[str, Any]]

    def of(self, outcome: str) -> dict[str, str]:
        """Return the checks of this outcome, with what they say; all of it where it is more."""
        return {
            check: "\n".join(
                each["says"]["en"]
                for each in self.findings
                if each["check"] == check and each["outcome"] == outcome
            )
            for check in [each["check"] for each in self.findings if each["outcome"] == outcome]
        }


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorServer]:
    server = SimulatorServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def valkey() -> Iterator[redis.Redis]:
    with valkey_server() as server, redis.Redis.from_url(server.connection_url) as connection:
        yield connection


@pytest.fixture
def installation(
    tmp_path: Path, sqlite_ledger: Ledger, simulator: SimulatorServer, valkey: redis.Redis
) -> Iterator[Installation]:
    world = simulator.world
    before = world.snapshot()
    world.keys.write_service_account_key(tmp_path / "key.json", simulator.origin)
    (tmp_path / "permissions.toml").write_text(PERMISSIONS, encoding="utf-8")
    memo = tmp_path / "templates" / "projects" / "memo"
    memo.mkdir(parents=True)
    (memo / "copier.yml").write_text("_envops: {undefined: jinja2.StrictUndefined}\n")
    (memo / "メモ.md.jinja").write_text("# {{ project_name }}\n", encoding="utf-8")
    shutil.copytree(TEMPLATES / "documents", tmp_path / "templates" / "documents")
    valkey.flushall()
    for name, value in KEEPS_ALL.items():
        valkey.config_set(name, value)
    rq.Worker([QUEUE], connection=valkey).register_birth()
    bot = make_server("127.0.0.1", 0, Flask("later"), threaded=True, request_handler=Silent)
    port = valkey.connection_pool.connection_kwargs["port"]
    settings = {
        "database_url": str(sqlite_ledger.url),
        "redis_url": f"redis://127.0.0.1:{port}/0",
        "endpoint_url": f"http://127.0.0.1:{bot.port}/chat",
        "project_number": PROJECT_NUMBER,
        "google_key_file": str(tmp_path / "key.json"),
        "permissions": str(tmp_path / "permissions.toml"),
        "project_place": f"drive:{PROJECTS_FOLDER_ID}",
        "templates": str(tmp_path / "templates"),
        "admin_space": PROJECTS_SPACE.name,
        "stop_grace_seconds": "180",
        "simulator_url": simulator.origin,
    }
    with sqlite_ledger.write() as tx:
        posts.hold(tx, POST, "clock", 60)
    bot.app = bootstrap.desk_app(Settings.model_validate(settings), sqlite_ledger)
    serving = threading.Thread(target=bot.serve_forever, args=(0.02,))
    serving.start()
    environment = {PREFIX + name.upper(): value for name, value in settings.items()}
    with stamina.set_testing(True, attempts=2, cap=True):
        yield Installation(
            tmp_path, world, valkey, sqlite_ledger, environment | {"LANG": "C.UTF-8"}
        )
    bot.shutdown()
    serving.join()
    bot.server_close()
    world.restore(before)
    world.faults.set([])
    world.clock.ahead = 0.0
