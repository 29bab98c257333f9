"""The second half of the demo: the project is in the schedule sheet, and an edit there comes back."""

import time
from contextlib import closing

from cards.job_card import ICONS
from kakari.bootstrap import task_setting
from kakari.demo.conversation import Conversation
from kakari.demo.person import PATIENCE, POLL, text_of
from kakari.demo.proof import Finding
from kakari.settings import Settings
from ledger import jobs, projects
from ledger.database import Ledger

DUE, PERSON, STATE = "2026/12/18", "佐藤", "設計中"
TYPED = [DUE, PERSON, STATE, "¥1,312,000"]
"""What Alice types into the row: 納期, 担当, 状態, 金額."""
FIRST_TYPED = "E"


class SheetStory:
    """Plays the story in the sheet that the settings name."""

    def __init__(self, settings: Settings, conversation: Conversation) -> None:
        file = task_setting(settings).schedule
        assert file is not None
        self.spreadsheet = file.spreadsheet
        self.settings = settings
        self.conversation = conversation

    def play(self, job: str) -> Finding:
        """Wait for the project's row, type into it, and wait for the card that says so.

        Return whether Kakari's ledger says so too.
        """
        talk, key = self.conversation, self._key(job)
        with talk.timed("the project is in the schedule sheet"):
            at, row = self._await_row(key)
        talk.speak("sheet", f"{at} │ {' │ '.join(cell for cell in row if cell)}")
        talk.speak("Alice", f"({FIRST_TYPED}{at}) {'  '.join(TYPED)}")
        known = {message["name"] for message in talk.alice.messages()}
        with talk.timed("what was typed is on a card in the space"):
            talk.alice.enter(self.spreadsheet, f"{FIRST_TYPED}{at}", *TYPED)
            card = talk.alice.await_message(
                lambda message: (
                    message["name"] not in known
                    and STATE in str(message)
                    and ICONS["done"] in str(message)
                )
            )
        talk.speak("card", text_of(card))
        with closing(Ledger(self.settings.ledger_url)) as ledger, ledger.read() as tx:
            said = projects.find(tx, key) or {}
        wanted = {"due": DUE.replace("/", "-"), "person": PERSON, "amount": "1312000"}
        right = {name: said.get(name) for name in wanted} == wanted
        return Finding("what Alice typed into the sheet is in Kakari’s ledger", right)

    def _key(self, job: str) -> str:
        with closing(Ledger(self.settings.ledger_url)) as ledger, ledger.read() as tx:
            return jobs.find(tx, job).bindings["number"]

    def _await_row(self, key: str) -> tuple[int, list[str]]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            rows = self.conversation.alice.sheet(self.spreadsheet)
            for number, row in enumerate(rows, start=1):
                if row[0] == key:
                    return number, row
            time.sleep(POLL)
        raise TimeoutError(f"{key} is not in the schedule sheet")
