"""What the runner makes of a job that cannot be worked on."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from sqlalchemy import update

from ledger import jobs
from ledger.bell import Bell
from ledger.database import Ledger, now
from ledger.models import Job, JobState
from tasks.base import Setting
from tests.contract.office.conftest import Work
from tests.unit.ledger.office import ask
from worker.postman import Postman
from worker.runner import Runner
from workspace.caller import Caller
from workspace.chat import Chat
from workspace.clients import GoogleClients
from workspace.drive import Drive
from workspace.quota import Quota

ATTEMPTS = 3
HOLD = 30.0


@pytest.fixture
def runner(ledger: Ledger, clients: GoogleClients, valkey_url: str) -> Runner:
    def chat(caller: Caller) -> Chat:
        return Chat(clients, Quota(), caller)

    postman = Postman(
        ledger, chat, "http://127.0.0.1:1/chat", "runner", threading.Event(), hold_seconds=HOLD
    )
    setting = Setting(place="drive:nowhere", templates=Path("/nowhere"))
    bell = Bell(redis.Redis.from_url(valkey_url))
    drive: Callable[[Caller], Drive] = lambda caller: Drive(clients, Quota(), caller)  # noqa: E731
    return Runner(ledger, bell, postman, setting, drive, "runner", ATTEMPTS, lease_seconds=HOLD)


def test_a_job_that_kills_its_worker_every_time_fails_and_says_so(
    approved: Work, runner: Runner
) -> None:
    for _ in range(ATTEMPTS):
        approved.claim()
        # The worker dies, and its lease runs out.
        with approved.ledger.write() as tx:
            tx.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))
    assert runner.run_one(threading.Event())
    with approved.ledger.read() as tx:
        job = jobs.find(tx, approved.job)
    assert job.state == JobState.FAILED
    assert job.failure is not None
    assert "3 times" in job.failure["en"]
    assert not runner.run_one(threading.Event()), "nobody takes it up again by itself"


def test_a_plan_that_cannot_be_made_is_said_in_a_sentence(ledger: Ledger, runner: Runner) -> None:
    job_id = ask(ledger, request={"template": "gone", "name": "鈴木邸", "answers": []})
    assert runner.run_one(threading.Event())
    with ledger.read() as tx:
        job = jobs.find(tx, job_id)
    assert job.state == JobState.FAILED
    assert job.failure is not None
