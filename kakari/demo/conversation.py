"""The conversation the demo plays: Alice asks for a project, a quote, an invoice, and gets them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from cards.job_card import APPLY, ICONS
from kakari.demo.person import Person, filled_in, text_of
from simulator.office import ALICE, PROJECTS_SPACE

Say = Callable[[str], None]
Pages = Sequence[Mapping[str, str]]

PAGES: tuple[dict[str, str], ...] = (
    {"template": "die-design", "name": "フロントグリル金型", "customer": "鈴木製作所"},
    {"part_name": "フロントグリル", "product_material": "ABS", "heat_treatment": "true"},
    {},
)
"""What Alice fills in; the rest stays as the template proposes it."""
PARTY: Pages = (
    {
        "name": "株式会社鈴木製作所",
        "postal": "416-0001",
        "address": "静岡県富士市髙島町 10-1",
        "terms": "月末締め翌月末払い",
    },
)
LINES: Pages = (
    {"text": "金型設計", "quantity": "1", "unit": "式", "price": "480,000", "more": "true"},
    {"text": "試作トライ", "quantity": "2", "unit": "回", "price": "65,000"},
)
WAITING, DONE = ICONS["waiting"], ICONS["done"]


class Conversation:
    """Plays the conversation and tells it as a person would read it, with timings."""

    def __init__(self, page: str, say: Say) -> None:
        self.alice = Person(page, ALICE.name, PROJECTS_SPACE.name)
        self.say = say

    def project(self) -> str:
        """Ask for a project; return its job."""
        return self.play("/project", PAGES)

    def quote(self, project: str) -> str:
        """Write a customer down and ask for a quote; return its job."""
        self._ask("/party", PARTY, DONE)
        head = {"party": PARTY[0]["name"], "subject": "フロントグリル金型", "project": project}
        return self.play("/quote", (head, *LINES))

    def invoice(self, quote: str) -> str:
        """Ask for the invoice that follows from a quote; return its job."""
        return self.play(f"/invoice {quote}", ({},))

    def play(self, command: str, pages: Pages) -> str:
        """Ask for something, look at the plan, tap Apply, wait for the result; return the job."""
        job = self._ask(command, pages, WAITING)
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

    def _ask(self, command: str, pages: Pages, until: str) -> str:
        known = {message["name"] for message in self.alice.messages()}
        self.speak("Alice", command)
        with self.timed("the form opens"):
            outcome = self.alice.say(command)
        for answers in pages:
            self.speak("form", filled_in(outcome["dialog"]["card"], answers))
            with self.timed("the page is taken"):
                outcome = self.alice.send(outcome["dialog"], answers)
        self.speak("Kakari", outcome["notice"] or "")
        with self.timed("the plan is on the card" if until == WAITING else "it is done"):
            plan = self.alice.await_message(
                lambda message: message["name"] not in known and until in str(message)
            )
        self.speak("Kakari", text_of(plan))
        if until == WAITING:
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
