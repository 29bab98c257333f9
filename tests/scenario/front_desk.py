"""The front desk in a test's own process, over a ledger with something of everything in it."""

import json
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from structlog.testing import capture_logs

from kakari.bootstrap import desk_app
from kakari.demo.stack import Stack
from ledger import jobs, schedule
from ledger.database import Ledger
from simulator.client import addon, classic, display
from tests.scenario.google import CLASSIC, Google
from tests.unit.bot import events
from tests.unit.ledger.office import ask, claim, two_folders

DOMAIN = events.ALICE["email"].partition("@")[2]
PERMISSIONS = f"""
[tasks."*"]
ask = ["@{DOMAIN}"]
approve = ["@{DOMAIN}"]
"""
SPACE = events.OFFICE["name"]
SHEET = "1" * 44
SCHEDULE = f'spreadsheet = "{SHEET}"\nspace = "{SPACE}"\n'
DOCUMENTS = "".join(f'[{of}]\nspreadsheet = "{SHEET}"\n' for of in ("documents", "parties"))
JOBS = ("planning", "waiting", "failed", "synced")
QUESTIONS = ("conflict", "stranger")
TWO_FOLDERS = two_folders()


def something_of_everything(ledger: Ledger) -> None:
    """Fill a ledger with a job in each state that taps are about, and with open questions."""
    person = {"asker": events.ALICE["name"], "space": SPACE, "thread": None}
    for job in ("waiting", "failed", "synced"):
        ask(ledger, id=job, **person | ({"task": "sync", "request": {}} if job == "synced" else {}))
        lease = claim(ledger)
        with ledger.write() as tx:
            match job:
                case "waiting":
                    jobs.planned(tx, lease, TWO_FOLDERS, {}, approval=True)
                case "failed":
                    jobs.fail(tx, lease, {"en": "It failed.", "ja": "失敗しました。"})
                case _:
                    jobs.finish(tx, lease)
    ask(ledger, id="planning", **person)
    about = {"field": "name", "sheet": "𠮷" * 9_000, "ledger": "A"}
    stranger = {"row": 2, "values": {"name": "A", "amount": "9" * 12}}
    with ledger.write() as tx:
        schedule.of(tx, SHEET)
        asked = [
            schedule.Asked("conflict", "conflict", "P-1", about),
            schedule.Asked("stranger", "stranger", "K" * 100, stranger),
        ]
        schedule.ask(tx, SHEET, asked, ())


class Desk:
    """The front desk in this process, with a ledger of its own, called as Google calls it."""

    def __init__(self, client: FlaskClient, google: Google) -> None:
        self.client = client
        self.tokens = {"addon": google.token(), "classic": google.token(CLASSIC)}
        self.times = 0

    def answer(self, body: Any) -> dict[str, Any]:
        """Deliver the body, read the answer as Chat does, and return it."""
        wire = addon if isinstance(body, dict) and "chat" in body else classic
        token = self.tokens["addon" if wire is addon else "classic"]
        data = json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}"}
        with capture_logs() as logs:
            answer = self.client.post("/chat", data=data, headers=headers)
        if answer.status_code == 413:
            assert len(data) > 1_000_000
            return {}
        assert answer.status_code == 200
        assert [each for each in logs if each["event"] == "chat.broke"] == [], "a sentence of ours"
        reply = wire.reply(answer.get_json())
        if reply.dialog:
            assert display.accepted_card(reply.dialog) == reply.dialog, "Chat shows all of it"
        for message in (reply.create, reply.update):
            if message:
                display.accepted_message(message)
        said: dict[str, Any] = answer.get_json()
        return said

    def uid(self) -> str:
        """Return another message's id each time."""
        self.times += 1
        return f"m{self.times}.m{self.times}"

    def moment(self) -> str:
        """Return another time each time: what is done twice is not delivered twice."""
        self.times += 1
        return f"2026-11-22T00:30:00.{self.times:06}Z"


def open_desk(stack: Stack, google: Google, ledger: Ledger, folder: Path) -> Desk:
    """Open a desk over a ledger, which gets something of everything."""
    files = {"permissions": PERMISSIONS, "schedule": SCHEDULE, "document_sheets": DOCUMENTS}
    change = {name: folder / f"{name}.toml" for name in files}
    for name, file in change.items():
        file.write_text(files[name])
    something_of_everything(ledger)
    app = desk_app(stack.settings.model_copy(update=change), ledger)
    app.testing = True  # what would be a 500 is raised here
    return Desk(app.test_client(), google)
