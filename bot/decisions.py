"""What people decide on a job's card: apply, discard, look at every line."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.answer import Answer, Said
from bot.event import Dialog, Event
from bot.permissions import job_here
from bot.reply import OpenDialog, UpdateDialog, UpdateMessage
from cards.job_card import JobView, card_message
from cards.lists import page_card
from errors.asking import StalePlan
from ledger import jobs
from tasks import preview


@dataclass(frozen=True)
class Decisions:
    """The buttons of the cards; ``zone`` says which year a number belongs to."""

    url: str
    zone: ZoneInfo

    def apply(self, event: Event) -> Answer:
        """Take the word for the plan that the tapped card showed."""
        job, plan = _bound(event)

        def answer(tx: Session) -> Said:
            job_here(tx, event, job)
            jobs.approve(tx, job, plan, event.user.name, event.user.display_name, self.zone)
            return Said(self._card(tx, job), ring=True)

        return answer

    def discard(self, event: Event) -> Answer:
        job, plan = _bound(event)

        def answer(tx: Session) -> Said:
            job_here(tx, event, job)
            jobs.discard(tx, job, plan, event.user.name, event.user.display_name)
            return Said(self._card(tx, job))

        return answer

    def show(self, event: Event) -> Answer:
        """Show one page of all the lines of a job's plan, in the language of who looks."""
        job, plan = _bound(event)
        page = event.parameters.get("page", "0")

        def answer(tx: Session) -> Said:
            seen = preview.view(tx, job_here(tx, event, job), event.user.locale)
            if not seen.lines:  # it is being planned anew
                raise StalePlan
            card = page_card(
                _title(seen),
                seen.lines,
                int(page) if page.isdecimal() and len(page) < 6 else 0,
                event.user.locale,
                self.url,
                {"job": job, "plan": plan},
            )
            turning = event.dialog is Dialog.SUBMIT
            return Said(UpdateDialog(card) if turning else OpenDialog(card))

        return answer

    def _card(self, tx: Session, job: str) -> UpdateMessage:
        """Return the clicked card as it is now: Chat shows it without a write of its quota."""
        return UpdateMessage(card_message(preview.view(tx, jobs.find(tx, job)), self.url))


def _title(view: JobView) -> str:
    return f"{view.title}: {view.subject}"


def _bound(event: Event) -> tuple[str, str]:
    return event.parameters.get("job", ""), event.parameters.get("plan", "")
