"""The query /schedule, and the answers to what a sync has asked."""

from sqlalchemy.orm import Session

from bot import query
from bot.answer import NAME, Answer, Said, opens_dialog, privately
from bot.decisions import locale_of, page_of
from bot.event import Dialog, Event
from bot.permissions import job_here
from bot.query import AtHand, Query
from bot.reply import OpenDialog, UpdateDialog, UpdateMessage
from cards import questions as q
from cards import widgets as w
from cards.job_card import card_message
from cards.schedule_card import schedule_card
from cards.sentences import Sentence
from errors.schedule import AnsweredBefore, NoSchedule
from ledger.database import now
from ledger.models import Job
from tasks import preview
from tasks.schedule import questions
from tasks.schedule.agenda import agenda

SCHEDULE = Sentence("Due this week, overdue, and who does it", "今週の納期・遅れ・担当別の予定")
ANSWERED = Sentence("Everything is decided.", "すべて回答済みです。")


def answer(event: Event, at_hand: AtHand) -> Answer:
    """Take the answer to a question on a sync's card; whoever may ask for a sync may give it.

    The question is looked for among those of the job that the button names, so space, task and
    right are those of the question itself. The answer raises JobUnknown, NotAllowed,
    PermissionsUncertain, AnsweredBefore and NoSchedule.
    """
    given = event.parameters

    def take(tx: Session) -> Said:
        job = _asking(tx, event, at_hand)
        at_hand.permissions.demand_certain()
        if at_hand.schedule is None:
            raise NoSchedule
        space = at_hand.schedule.space
        question, said = given.get("question", ""), given.get("answer", "")
        view = preview.view(tx, job, locale_of(event))
        if not any(each.offers(question, said) for each in view.questions):
            raise AnsweredBefore
        questions.decide(tx, question, said, event.user.name, space)
        if event.dialog is Dialog.SUBMIT:
            return Said(UpdateDialog(_page(tx, event, at_hand)))
        view = preview.view(tx, job, locale_of(event))
        return Said(UpdateMessage(card_message(view, at_hand.url)))

    return take


def turn(event: Event, at_hand: AtHand) -> Answer:
    """Show a page of all that is to be decided."""

    def show(tx: Session) -> Said:
        card = _page(tx, event, at_hand)
        return Said(UpdateDialog(card) if event.dialog is Dialog.SUBMIT else OpenDialog(card))

    return show


def _part(tx: Session, event: Event, at_hand: AtHand) -> w.Card:
    """Return another part of the schedule."""
    return _card(tx, event, at_hand, page_of(event), in_dialog=True)


page = query.page("schedule", _part)


def _asking(tx: Session, event: Event, at_hand: AtHand) -> Job:
    """Return the job that the button names, if the person may ask for its task."""
    job = job_here(tx, event, event.parameters.get("job", ""), locked=True)
    at_hand.permissions.demand_ask(event, job.task)
    return job


def _page(tx: Session, event: Event, at_hand: AtHand) -> w.Card:
    locale = event.user.locale
    job = _asking(tx, event, at_hand)
    view = preview.view(tx, job, locale)
    if not view.questions:
        return w.card(view.title, w.section(w.paragraph(ANSWERED.say(locale))))
    bound = {"job": job.id, "locale": locale}
    return q.page_card(view.title, view.questions, page_of(event), locale, at_hand.url, bound)


def _schedule(event: Event, at_hand: AtHand) -> Answer:
    """Tell what is due this week and what is overdue, and who does it."""
    if at_hand.schedule is None:
        raise NoSchedule

    def reply(tx: Session) -> Said:
        card = _card(tx, event, at_hand, 0, in_dialog=not opens_dialog(event))
        message = w.message(card, "schedule", SCHEDULE.say(event.user.locale))
        return Said(privately(event, card, message))

    return reply


def _card(tx: Session, event: Event, at_hand: AtHand, number: int, *, in_dialog: bool) -> w.Card:
    file = at_hand.schedule
    if file is None:
        raise NoSchedule
    today = now().astimezone(at_hand.zone).date()
    found = agenda(tx, file.is_finished, today, _space(event, file.space))
    turns = w.Action(at_hand.url, "schedule", {}, opens_dialog=not in_dialog)
    return schedule_card(NAME, found, number, event.user.locale, turns)


def _space(event: Event, own: str) -> str | None:
    """Return the space of which projects are told here; None: of all.

    Everybody in the schedule's own space sees the sheet, and in a direct message nobody else
    reads along.
    """
    here = event.space
    if here is None or here.is_direct_message or here.name == own:
        return None
    return here.name


QUERY = Query("schedule", 109, SCHEDULE, ("予定", "納期", "スケジュール"), _schedule, page)
