"""A space of its own for one conversation, the people in it, and what they can do there."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

from sqlalchemy import select

from cards.job_card import APPLY, ICONS, TAKEN_BACK_BY
from kakari.demo.person import Json, Person, fields_of, text_of
from kakari.demo.stack import Stack
from ledger import work
from ledger.database import Ledger
from ledger.models import EffectState, Job, Number
from simulator.office import ALICE, BOB, CHARLIE

WAITING, DONE, FAILED, CANCELLED, EXPIRED = (
    ICONS[state] for state in ("waiting", "done", "failed", "cancelled", "expired")
)
UNDONE = TAKEN_BACK_BY.ja.partition("{")[0]
"""The icon of what was taken back is named like the button that does it."""
SLOW = 0.4
"""Seconds that Google takes for every answer, so that a job can be met in its midst."""
JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
"""Kana and kanji."""


class Visitor(Person):
    """A person who remembers what they typed, so that nobody else keeps it."""

    def __init__(self, page: str, name: str, space: str) -> None:
        super().__init__(page, name, space)
        self.typed: set[str] = set()

    def say(self, text: str, thread: str | None = None) -> Json:
        self.typed |= {text}
        return super().say(text, thread)

    def send(self, dialog: Json, inputs: Mapping[str, str], label: str | None = None) -> Json:
        self.typed |= set(inputs.values())
        return super().send(dialog, inputs, label)

    def send_unchecked(self, dialog: Json, inputs: Mapping[str, str], **parameters: str) -> Json:
        """Send a dialog with its button's parameters changed, and without Chat's own checks."""
        action = dict(_send_button(dialog["card"]))
        given = {each["key"]: each["value"] for each in action["parameters"]} | parameters
        action["parameters"] = [{"key": key, "value": value} for key, value in given.items()]
        entries = {name: [value] for name, value in inputs.items()}
        return self._post("dialog", {"dialog": dialog["id"], "action": action, "inputs": entries})

    def click(self, message: Json, **parameters: str) -> Json:
        """Tap a button that is not there, as only a tampered client could."""
        shown = message["cardsV2"][0]["card"]["sections"][-1]["widgets"][-1]["buttonList"]
        function = shown["buttons"][0]["onClick"]["action"]["function"]
        pairs = [{"key": key, "value": value} for key, value in parameters.items()]
        action = {"function": function, "parameters": pairs}
        if parameters.get("action") in ("show", "edit"):
            action["interaction"] = "OPEN_DIALOG"
        return self._post("click", {"message": message["name"], "action": action})

    def join(self) -> Json:
        """Add Kakari to the space from its member list."""
        return self._post("membership", {"space": self.space, "member": True})


@dataclass
class Room:
    """A space with Alice (Japanese), Bob (English) and Charlie, who is from outside."""

    stack: Stack
    space: str

    def __post_init__(self) -> None:
        self.alice, self.bob, self.charlie = (
            Visitor(self.stack.page, person.name, self.space) for person in (ALICE, BOB, CHARLIE)
        )

    def ask(self, person: Visitor, *pages: Mapping[str, str]) -> Json:
        """Ask for a project and fill in the form page by page; return the last outcome."""
        outcome = person.say("/project")
        for answers in pages:
            assert set(fields_of(outcome["dialog"])) >= set(answers), text_of(outcome["dialog"])
            outcome = person.send(outcome["dialog"], answers)
        return outcome

    def memo(self, person: Visitor, name: str) -> Json:
        """Ask for a project of the smallest template and return its card with the plan."""
        return self.plan(person, "memo", name)

    def card(self, subject: str, shown: str = "", patience: float = 20) -> Json:
        """Wait until the job's card is there and shows this icon or text."""
        return self.bob.await_message(
            lambda message: _is_card_of(message, subject) and shown in str(message), patience
        )

    def plan(self, person: Visitor, template: str, name: str = "Suzuki") -> Json:
        """Ask for a project of a template that asks nothing; return its card with the plan."""
        outcome = self.ask(person, {"template": template, "name": name})
        assert outcome["closed"], outcome
        return self.card(name, WAITING)

    @contextmanager
    def half_done(self, card: Json) -> Iterator[str]:
        """Approve the plan; let some effects be done and others not, and say by which worker."""
        self.stack.control("delay", {"seconds": SLOW})
        try:
            self.apply(self.alice, card)
            yield self._worker_in_the_midst(job_of(card))
        finally:
            self.stack.control("delay", {"seconds": 0})

    def _worker_in_the_midst(self, job: str) -> str:
        deadline = time.monotonic() + 20
        with opened(self.stack) as ledger:
            while time.monotonic() < deadline:
                with ledger.read() as tx:
                    counts = work.counts(tx, job)
                    owner = tx.get_one(Job, job).lease_owner or ""
                if 0 < counts[EffectState.DONE] < counts.total():
                    running = self.stack.processes.running.items()
                    return next(name for name, each in running if f"-{each.pid}-" in owner)
        raise TimeoutError("the job was never seen half done")

    def result(self, card: Json, patience: float = 20, *, end: int = 1) -> Json:
        """Wait for the message that a job's end is told with; it may end more than once."""
        wanted = f"client-{job_of(card)}-result" + (f"-{end}" if end > 1 else "")
        return self.bob.await_message(
            lambda message: message.get("clientAssignedMessageId") == wanted, patience
        )

    def confirm(self, person: Visitor, card: Json, label: str) -> tuple[Json, Json]:
        """Tap a button that asks back, and say yes; return what was shown and what came of it."""
        dialog = person.tap(card, label)["dialog"]
        return dialog, person.send(dialog, {})

    def apply(self, person: Visitor, card: Json) -> Json:
        """Tap Apply, whatever language the card is in."""
        label = APPLY.ja if APPLY.ja in text_of(card) else APPLY.en
        outcome = person.tap(card, label)
        assert outcome["error"] is None, outcome["error"]
        return outcome

    def heard(self, person: Visitor, outcome: Json) -> str:
        """Return what Kakari answered at once, and to this person alone."""
        assert outcome["error"] is None, outcome["error"]
        told = [outcome["notice"] or "", text_of(outcome["messages"])]
        for message in outcome["messages"]:
            if "clientAssignedMessageId" not in message:  # a job's card is everybody's
                assert message["privateMessageViewer"]["name"] == person.name
        return "\n".join([*told, text_of(outcome["dialog"] or {})]).strip()

    def messages(self) -> list[Json]:
        """Return all that everybody sees, and Kakari said."""
        return [m for m in self.bob.messages() if m["sender"].get("type") == "BOT"]

    def jobs(self) -> list[Job]:
        """Return the jobs that were asked for here."""
        with opened(self.stack) as ledger, ledger.read() as tx:
            return list(tx.scalars(select(Job).where(Job.space == self.space)))

    def job(self, card: Json) -> Job:
        """Return the card's job as it is now."""
        return next(job for job in self.jobs() if job.id == job_of(card))

    def number(self, card: Json) -> str:
        """Return the number that the card's project was given."""
        return str(self.job(card).bindings["number"])

    @property
    def typed(self) -> set[str]:
        return self.alice.typed | self.bob.typed | self.charlie.typed


@contextmanager
def opened(stack: Stack) -> Iterator[Ledger]:
    """Open the installation's own ledger."""
    with closing(Ledger(stack.settings.database_url)) as ledger:
        yield ledger


def register(room: Room, card: Json) -> Number:
    """Return the register's entry for the card's project."""
    with opened(room.stack) as ledger, ledger.read() as tx:
        return tx.scalars(select(Number).where(Number.job_id == job_of(card))).one()


def steps_of(room: Room, card: Json) -> list[work.Step]:
    """Return the job's effects and how far each is."""
    with opened(room.stack) as ledger, ledger.read() as tx:
        return work.steps(tx, job_of(card))


def links_of(shown: Json) -> list[str]:
    """Return where the buttons of a message lead to."""
    return re.findall(r"'openLink': \{'url': '([^']+)'", str(shown))


def job_of(card: Json) -> str:
    return str(card["clientAssignedMessageId"]).removeprefix("client-")


def lines_of(shown: Json) -> list[str]:
    """Return the names of the folders and files that a card or dialog lists, sorted."""
    return sorted(re.findall(r"[📁📄] (.+)", text_of(shown)))


def _is_card_of(message: Json, subject: str) -> bool:
    if not re.fullmatch(r"client-[0-9a-f]+", message.get("clientAssignedMessageId", "")):
        return False
    title: str = message["cardsV2"][0]["card"]["header"]["title"]
    return bool(re.fullmatch(rf"[^:]+: ([A-Z]-\d+-\d+ )?{re.escape(subject)}", title))


def _send_button(card: Json) -> Json:
    (button,) = card["sections"][-1]["widgets"][-1]["buttonList"]["buttons"]
    action: Json = button["onClick"]["action"]
    return action
