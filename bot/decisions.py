"""What people decide on a job's card: apply, discard, look at every line."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.answer import Answer, Said
from bot.event import Dialog, Event
from bot.permissions import job_here
from bot.reply import OpenDialog, Reply, UpdateDialog, UpdateMessage
from cards import widgets as w
from cards.job_card import card_message
from cards.lists import page_card
from errors.asking import StalePlan
from ledger import approvals
from ledger.approvals import Decision
from tasks import preview


@dataclass(frozen=True)
class Decisions:
    """The buttons of the cards; ``zone`` says which year a number belongs to."""

    url: str
    zone: ZoneInfo

    def apply(self, event: Event) -> Answer:
        """Take the word for the plan that the tapped card showed."""
        decision = decision_of(event)

        def answer(tx: Session) -> Said:
            job_here(tx, event, decision.job)
            approvals.approve(tx, decision, self.zone)
            return Said(self._card(event), ring=True)

        return answer

    def discard(self, event: Event) -> Answer:
        decision = decision_of(event)

        def answer(tx: Session) -> Said:
            job_here(tx, event, decision.job)
            approvals.discard(tx, decision)
            return Said(self._card(event))

        return answer

    def show(self, event: Event) -> Answer:
        """Show one page of all the lines of a job's plan, in the language of who looks."""
        number = page_of(event)

        def reply(tx: Session) -> Reply:
            job = job_here(tx, event, event.parameters.get("job", ""))
            seen = preview.view(tx, job, event.user.locale)
            if not seen.lines:  # it is being planned anew
                raise StalePlan
            title = f"{seen.title}: {seen.subject}"
            bound = {"job": job.id, "plan": event.parameters.get("plan", "")}
            turn = w.Action(self.url, "show", bound)
            card = page_card(title, seen.lines, number, event.user.locale, turn)
            return UpdateDialog(card) if event.dialog is Dialog.SUBMIT else OpenDialog(card)

        return lambda _tx: Said(reply)

    def _card(self, event: Event) -> Callable[[Session], Reply]:
        """Return the clicked card as it is now: Chat shows it without a write of its quota."""

        def reply(tx: Session) -> Reply:
            job = job_here(tx, event, event.parameters.get("job", ""))
            return UpdateMessage(card_message(preview.view(tx, job), self.url))

        return reply


def page_of(event: Event) -> int:
    """Return which page of a list is asked for; the first one, unless the button names another."""
    page = event.parameters.get("page", "0")
    return int(page) if page.isdecimal() and len(page) < 6 else 0


def decision_of(event: Event, job: str | None = None, plan: str | None = None) -> Decision:
    """Return who decides about which plan: the tapped button is bound to both."""
    return Decision(
        job=event.parameters.get("job", "") if job is None else job,
        plan=event.parameters.get("plan", "") if plan is None else plan,
        person=event.user.name,
        person_name=event.user.display_name,
    )
