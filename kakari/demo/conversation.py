"""The conversation the demo plays: Alice asks for a project and gets it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cards.job_card import APPLY, ICONS
from kakari.demo.person import Person, text_of
from simulator.office import ALICE, PROJECTS_SPACE

Say = Callable[[str], None]

PAGES: tuple[dict[str, str], ...] = (
    {"template": "die-design", "name": "フロントグリル金型", "customer": "鈴木製作所"},
    {"part_name": "フロントグリル", "product_material": "ABS", "heat_treatment": "true"},
    {},
)
"""What Alice fills in; the rest stays as the template proposes it."""
WAITING, DONE = ICONS["waiting"], ICONS["done"]


class Conversation:
    """Plays the conversation and tells it as a person would read it, with timings."""

    def __init__(self, page: str, say: Say) -> None:
        self.alice = Person(page, ALICE.name, PROJECTS_SPACE.name)
        self.say = say

    def play(self) -> str:
        """Ask for a project, look at the plan, tap Apply, wait for the result; return the job."""
        job = self._ask()
        card_id = f"client-{job}"
        plan = self._await(card_id, WAITING)
        with self.timed("from the tap to the result in the thread"):
            with self.timed("the tap is answered"):
                self.alice.tap(plan, APPLY.ja)
            result = self._await(f"{card_id}-result")
        self.speak("Kakari", text_of(result))
        with self.timed("the card says it too"):
            card = self._await(card_id, DONE)
        self.speak("card", text_of(card))
        return job

    def _ask(self) -> str:
        known = {message["name"] for message in self.alice.messages()}
        self.speak("Alice", "/project")
        with self.timed("the form opens"):
            outcome = self.alice.say("/project")
        for answers in PAGES:
            self.speak("form", text_of(outcome["dialog"]["card"]))
            with self.timed("the page is taken"):
                outcome = self.alice.send(outcome["dialog"], answers)
        self.speak("Kakari", outcome["notice"] or "")
        with self.timed("the plan is on the card"):
            plan = self.alice.await_message(
                lambda message: message["name"] not in known and WAITING in str(message)
            )
        self.speak("Kakari", text_of(plan))
        self.speak("Alice", f"[{APPLY.ja}]")
        return str(plan["clientAssignedMessageId"]).removeprefix("client-")

    def _await(self, message_id: str, shown: str = "") -> dict[str, Any]:
        return self.alice.await_message(
            lambda message: (
                message.get("clientAssignedMessageId") == message_id and shown in str(message)
            )
        )

    def speak(self, who: str, text: str) -> None:
        lines = [line for line in text.splitlines() if line.strip()]
        for number, line in enumerate(lines):
            self.say(f"{who if number == 0 else '':>8} │ {line}")

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.say(f"{'':>8} ╰ {what}: {(time.perf_counter() - began) * 1000:,.0f} ms")
