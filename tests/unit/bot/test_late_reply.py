"""The card in a reply that arrives late may be older than the one in the space: it is edited."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import redis
from sqlalchemy import select, update

from bot.desk import Desk, DeskSettings
from bot.event import Event
from bot.permissions import Permissions
from bot.queries import QUERIES
from bot.wire import parse
from ledger import jobs, leases, owed
from ledger.bell import Bell
from ledger.database import Ledger, now
from ledger.models import Job, OwedMessage
from ledger.plan import Plan
from tasks.base import Setting
from tasks.registry import all_tasks
from tests.unit.bot import events
from tests.unit.ledger.office import show_plan

EVERYBODY = '[tasks."*"]\nask = ["alice@example.com"]\napprove = ["alice@example.com"]\n'
POSTED = "spaces/AAA/messages/1.1"


@pytest.fixture
def silent() -> Iterator[int]:
    """A port behind which somebody listens who never says anything, such as a stopped Redis."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@pytest.fixture
def desk(ledger: Ledger, tmp_path: Path, silent: int) -> Desk:
    (tmp_path / "permissions.toml").write_text(EVERYBODY, encoding="utf-8")
    allowed = Permissions.load(tmp_path / "permissions.toml", all_tasks(), QUERIES)
    setting = Setting(f"disk:{tmp_path}", tmp_path)
    settings = DeskSettings("https://kakari.example.com/chat", ZoneInfo("UTC"), allowed, setting)
    connection = redis.Redis.from_url(f"redis://127.0.0.1:{silent}/0", socket_timeout=0.5)
    return Desk(ledger, Bell(connection), settings)


@pytest.fixture
def shown(ledger: Ledger) -> tuple[str, Plan]:
    """A job whose card stands in the space, with nothing owed."""
    job, plan = show_plan(ledger, Plan(effects=()))
    with ledger.write() as tx:
        tx.execute(update(Job).values(space=events.OFFICE["name"]))
        tx.execute(update(OwedMessage).values(name=POSTED, delivered=OwedMessage.wanted))
    return job, plan


def tap(job: str, plan: Plan) -> Event:
    parameters = {"action": "apply", "job": job, "plan": plan.hash}
    event = parse(events.click(parameters)[0])
    assert event is not None
    return event


def work(ledger: Ledger) -> None:
    """Do the job as soon as it is approved, and deliver what is owed of it."""
    patience = time.monotonic() + 5
    while time.monotonic() < patience:
        with ledger.write() as tx:
            if claimed := leases.claim(tx, "worker", 30):
                jobs.finish(tx, claimed[0])
                break
        time.sleep(0.01)
    deliver(ledger)


def deliver(ledger: Ledger) -> None:
    with ledger.write() as tx:
        while held := owed.take_due(tx, "postman", 30):
            owed.delivered(tx, held, POSTED)


def is_owed(ledger: Ledger) -> bool:
    """Say whether the card is owed, and not before the reply has arrived."""
    with ledger.read() as tx:
        card = tx.scalars(select(OwedMessage).where(OwedMessage.role == owed.CARD)).one()
        return card.wanted > card.delivered and card.due_at > now()


def test_a_card_that_was_finished_while_the_bell_kept_the_reply_waiting_is_edited_again(
    desk: Desk, ledger: Ledger, shown: tuple[str, Plan]
) -> None:
    worker = threading.Thread(target=work, args=[ledger])
    worker.start()
    reply = str(desk.answer(tap(*shown)))
    worker.join()
    assert "完了しました" not in reply, "what is tested is a reply that was overtaken"
    assert is_owed(ledger)


def test_a_reply_that_is_given_again_is_followed_by_the_card_as_it_is(
    desk: Desk, ledger: Ledger, shown: tuple[str, Plan]
) -> None:
    first = desk.answer(tap(*shown))
    work(ledger)
    with ledger.write() as tx:
        tx.execute(update(OwedMessage).values(due_at=now()))
    deliver(ledger)
    assert not is_owed(ledger)
    assert desk.answer(tap(*shown)) == first
    assert is_owed(ledger)
