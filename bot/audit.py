"""The query /audit: who asked, who approved, what came of it, with every single note."""

from sqlalchemy import and_
from sqlalchemy.orm import Session

from bot.answer import NAME, Answer, Said, privately
from bot.decisions import page_of
from bot.event import Event
from bot.query import AtHand, on_record, page
from cards import audit_card
from cards import widgets as w
from errors.asking import JobUnknown, NothingFound
from ledger import authors, history
from ledger.models import Job
from tasks import preview
from tasks.registry import all_tasks

LISTED = 10
SHOWN = 50
"""Characters of what was typed that are said back."""


def audit(event: Event, at_hand: AtHand) -> Answer:
    """List the latest jobs, or those that the text means; where it means one, tell it all."""
    reference = event.text.strip()
    wanted = and_(on_record(event, at_hand), history.refers_to(reference))

    def answer(tx: Session) -> Said:
        found = history.latest(tx, wanted, LISTED + 1)
        if reference and not found:
            raise NothingFound(words=reference[:SHOWN])
        if reference and len(found) == 1:
            card = _record(tx, found[0].job, event, at_hand, opens_dialog=True)
        else:
            card = _list(tx, found, event, at_hand)
        message = w.message(card, "audit", audit_card.AUDIT.say(event.user.locale))
        return Said(privately(event, card, message))

    return answer


def _page(tx: Session, event: Event, at_hand: AtHand) -> w.Card:
    """Return a page of one job's record. Raises JobUnknown."""
    asked = Job.id == event.parameters.get("job", "")
    found = history.latest(tx, and_(on_record(event, at_hand), asked), 1)
    if not found:
        raise JobUnknown
    return _record(tx, found[0].job, event, at_hand)


turn = page("audit", _page)


def _list(tx: Session, found: list[history.Past], event: Event, at_hand: AtHand) -> w.Card:
    locale = event.user.locale
    wrote = authors.of_each(tx, [past.job for past in found[:LISTED]])
    listed = [
        audit_card.Past(
            job=past.job.id,
            title=_title(past.job, locale),
            state=past.job.state,
            asker=past.job.asker_name,
            approved_by=past.approved_by,
            outcomes={what.value: n for what, n in past.outcomes.items()},
            link=past.link,
            asked_before=tuple(wrote[past.job.id].before.values()),
            editors=tuple(wrote[past.job.id].editors.values()),
        )
        for past in found[:LISTED]
    ]
    return audit_card.list_card(NAME, listed, locale, at_hand.url, more=len(found) > LISTED)


def _record(
    tx: Session, job: Job, event: Event, at_hand: AtHand, *, opens_dialog: bool = False
) -> w.Card:
    """Draw the page that the event asks for; from a message, others open as a dialog."""
    locale = event.user.locale
    language = "ja" if locale.startswith("ja") else "en"
    effects = preview.effect_lines(tx, job.id)
    record = [
        audit_card.Entry(
            at=f"{row.at.astimezone(at_hand.zone):%Y-%m-%d %H:%M}",
            what=row.what,
            who=row.who_name,
            plan=row.plan_hash,
            effect=effects.get(row.effect, row.effect) if row.effect else None,
            why=(row.details or {}).get(language),
            link=row.link,
        )
        for row in history.notes(tx, job.id)
    ]
    to = w.Action(at_hand.url, "audit", {"job": job.id}, opens_dialog=opens_dialog)
    return audit_card.record_card(_title(job, locale), record, page_of(event), locale, to)


def _title(job: Job, locale: str) -> str:
    subject = " ".join([*job.bindings.values(), job.subject])
    return f"{all_tasks()[job.task].title.say(locale)}: {subject}"
