"""What people decide on a job's card: apply, discard, stop, go on, take back, look at every line."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.answer import Answer, Said, notice
from bot.event import Dialog, Event
from bot.permissions import Permissions, job_here
from bot.reply import OpenDialog, UpdateDialog, UpdateMessage
from bot.rules import ApprovalRule
from bot.wire import foreign
from cards import form
from cards import widgets as w
from cards.job_card import card_message
from cards.lists import page_card
from cards.sentences import Sentence
from errors.asking import AskingError, MayNotApprove, NotUnsure, StalePlan
from ledger import approvals, authors, jobs, steering
from ledger.approvals import Decision
from ledger.database import new_id
from ledger.models import WORKABLE, Job, JobState
from tasks import preview
from tasks.base import Next, Reason
from tasks.form import FILL_IN
from tasks.registry import all_tasks

QUEUE_AWAY = Sentence(
    "The queue is away just now; it goes on by itself when it is back.",
    "ただいま処理を進められません。復旧し次第、自動で再開します。",
)
GOING_ON = Sentence("It goes on where it stopped.", "続きから再開します。")
TAKING_BACK = Sentence("It is being taken back.", "元に戻します。")
ASKED_AGAIN = Sentence("Asked again. The plan comes in a moment.", "もう一度受け付けました。")
ASKED_BEFORE = Sentence("This has been asked again already.", "すでにもう一度依頼されています。")
ANEW = Sentence("{subject}: to be tried again", "{subject}: もう一度試す作業")
TO_DO = Sentence("{subject}: still to do", "{subject}: これから行う作業")
PLAN_AGAIN = Sentence(
    "Nothing has been made yet, so it is planned anew.",
    "まだ何も作成していないため、最初から確認し直します。",
)
TO_TAKE_BACK = Sentence("{subject}: would be taken back", "{subject}: 元に戻すもの")
STAYS = Sentence(
    "What people have changed or added since stays as it is.",
    "そのあと変更・追加されたものは、そのまま残します。",
)
GO_ON = Sentence("Go on", "再開する")
TRY_AGAIN = Sentence("Try again", "もう一度試す")
TAKE_BACK = Sentence("Take back", "元に戻す")
WHY = Sentence("Why", "理由")
REASON = "undo_reason"
LONGEST = 200
"""Characters of a reason that are kept."""
OVER = (JobState.UNDONE, JobState.EXPIRED, JobState.CANCELLED)


@dataclass(frozen=True)
class Decisions:
    """The buttons of the cards; ``zone`` says which year a number belongs to."""

    url: str
    zone: ZoneInfo
    permissions: Permissions
    open_requests: int | None = None

    def apply(self, event: Event) -> Answer:
        """Take the word for the plan that the tapped card showed."""

        def answer(tx: Session) -> Said:
            rule = self._decider(tx, event, job_tapped(tx, event))
            approvals.approve(
                tx, decision_of(event), self.zone, rule.approvals, own=rule.own_request
            )
            return self._started(tx, event)

        return answer

    def discard(self, event: Event) -> Answer:
        return self._drop(event, approvals.discard)

    def cancel(self, event: Event) -> Answer:
        return self._drop(event, steering.cancel)

    def retry(self, event: Event) -> Answer:
        return self._resume(event, steering.retry, GOING_ON)

    def undo(self, event: Event) -> Answer:
        """Take back what a job did, once it is said why where that is wanted."""

        def answer(tx: Session) -> Said:
            job = job_tapped(tx, event)
            reason = _typed_reason(event) if _reason(job) else ""

            def take_back(tx: Session, decision: Decision) -> None:
                steering.undo(tx, replace(decision, reason=reason))

            if _reason(job) and not reason:
                wrong = FILL_IN.say(event.user.locale)
                return Said(_shown(self._page(tx, event, job, "undo", wrong), event))
            return self._resume(event, take_back, TAKING_BACK)(tx)

        return answer

    def happened(self, event: Event) -> Answer:
        return self._answered(event, happened=True)

    def did_not(self, event: Event) -> Answer:
        return self._answered(event, happened=False)

    def again(self, event: Event) -> Answer:
        """Ask for the same once more, as a job of its own with a card of its own."""

        def answer(tx: Session) -> Said:
            job = job_tapped(tx, event)
            if job.state not in OVER:
                raise AskingError
            self.permissions.demand_ask(event, job.task)
            who = event.user
            fresh = jobs.ask_again(
                tx, job, new_id(), who.name, who.display_name, self.open_requests
            )
            said = ASKED_AGAIN if fresh else ASKED_BEFORE
            return Said(notice(event, said.say(who.locale)), ring=fresh)

        return answer

    def show(self, event: Event) -> Answer:
        """Show one page of a job's lines, in the language of who looks.

        All of the plan; or with ``what`` what a retry would do or an undo take back, and the
        button for it.
        """
        given = event.parameters

        def answer(tx: Session) -> Said:
            job = job_here(tx, event, given.get("job", ""))
            self.permissions.demand_see(event, job.task, own=event.user.name in authors.of(tx, job))
            return Said(_shown(self._page(tx, event, job, given.get("what", "")), event))

        return answer

    def _page(
        self, tx: Session, event: Event, job: Job, what: str, wrong: str | None = None
    ) -> w.Card:
        locale, page, decision = event.user.locale, page_of(event), decision_of(event)
        bound = {"job": decision.job, "plan": decision.plan}
        seen = preview.view(tx, job, locale)
        if what not in OFFERS:
            if not seen.lines:  # it is being planned anew
                raise StalePlan
            turn = w.Action(self.url, "show", bound)
            return page_card(f"{seen.title}: {seen.subject}", seen.lines, page, locale, turn)
        self._decider(tx, event, job)
        offer = OFFERS[what](tx, decision, locale)
        told = [offer.note] if offer.note else []
        asks: list[w.Widget] = []
        confirm = [w.button(offer.go.say(locale), w.Action(self.url, what, bound), filled=True)]
        if offer.reason:
            told.insert(0, offer.reason.note)
            said = form.Field(REASON, WHY.say(locale), value=_typed_reason(event), error=wrong)
            asks = form.widgets(said, locale)
            confirm = [
                *(self._opens(each, job, locale) for each in offer.reason.instead),
                *confirm,
            ]
        return page_card(
            offer.title.say(locale, subject=seen.subject),
            offer.lines,
            page,
            locale,
            w.Action(self.url, "show", bound | {"what": what}),
            note="\n".join(each.say(locale) for each in told) or None,
            asks=asks,
            confirm=confirm,
        )

    def _opens(self, following: Next, job: Job, locale: str) -> w.Widget:
        asks = {"task": following.task, "text": following.text}
        asks |= {"thread": job.thread} if job.thread else {}
        return w.button(following.label.say(locale), w.Action(self.url, "ask", asks))

    def _drop(self, event: Event, do: Callable[[Session, Decision], None]) -> Answer:
        """Stop something; whoever wrote its request may, and whoever may approve it."""

        def answer(tx: Session) -> Said:
            demand_stop(tx, event, job_tapped(tx, event), self.permissions)
            do(tx, decision_of(event))
            return self._started(tx, event)

        return answer

    def _resume(
        self, event: Event, do: Callable[[Session, Decision], None], said: Sentence
    ) -> Answer:
        """Have a worker go on; the tap was in the dialog that showed what it would do."""

        def answer(tx: Session) -> Said:
            job = job_tapped(tx, event)
            self._decider(tx, event, job)
            do(tx, decision_of(event))
            locale = event.user.locale
            return Said(
                notice(event, said.say(locale)),
                ring=True,
                unheard=notice(event, f"{said.say(locale)} {QUEUE_AWAY.say(locale)}"),
            )

        return answer

    def _answered(self, event: Event, *, happened: bool) -> Answer:
        def answer(tx: Session) -> Said:
            job = job_tapped(tx, event)
            self._decider(tx, event, job)
            key = event.parameters.get("effect", "")
            if key != preview.question_of(tx, job):  # what the card does not ask, nobody answers
                raise NotUnsure
            steering.answer(tx, decision_of(event), key, happened=happened)
            return self._started(tx, event)

        return answer

    def _decider(self, tx: Session, event: Event, job: Job) -> ApprovalRule:
        return demand_decide(tx, event, job, self.permissions)

    def _started(self, tx: Session, event: Event) -> Said:
        """Return the tapped card as it is now: Chat shows it without a write of its quota.

        It may be a copy that /approve and its like have shown to somebody in their own language.
        """
        job = jobs.find(tx, event.parameters.get("job", ""), locked=True)
        view = preview.view(tx, job, locale_of(event))
        shown = UpdateMessage(card_message(view, self.url))
        if job.state not in WORKABLE:
            return Said(shown)
        away = replace(view, waits_for=QUEUE_AWAY.say(view.locale))
        return Said(shown, ring=True, unheard=UpdateMessage(card_message(away, self.url)))


@dataclass(frozen=True)
class Offer:
    """What a dialog shows of something that can be done to a job, before it is."""

    title: Sentence
    lines: list[str]
    note: Sentence | None
    go: Sentence
    reason: Reason | None = None


def _retry(tx: Session, decision: Decision, locale: str) -> Offer:
    lines = preview.remaining(tx, steering.stopped(tx, decision), locale)
    return Offer(TO_DO, lines, None, GO_ON) if lines else Offer(ANEW, [], PLAN_AGAIN, TRY_AGAIN)


def _undo(tx: Session, decision: Decision, locale: str) -> Offer:
    job = steering.undoable(tx, decision)
    lines = preview.reversible(tx, job, locale)
    return Offer(TO_TAKE_BACK, lines, STAYS, TAKE_BACK, _reason(job))


OFFERS = {"retry": _retry, "undo": _undo}


def _reason(job: Job) -> Reason | None:
    return all_tasks()[job.task].reason(job.bindings)


def _shown(card: w.Card, event: Event) -> OpenDialog | UpdateDialog:
    return UpdateDialog(card) if event.dialog is Dialog.SUBMIT else OpenDialog(card)


def locale_of(event: Event) -> str | None:
    """Return the language of the tapped card; None where the button names none that there is."""
    return foreign.named(foreign.LOCALE, event.parameters.get("locale"))


def page_of(event: Event) -> int:
    """Return which page of a list is asked for; the first one, unless the button names another."""
    page = event.parameters.get("page", "0")
    return int(page) if page.isdecimal() and len(page) < 6 else 0


def demand_decide(tx: Session, event: Event, job: Job, permissions: Permissions) -> ApprovalRule:
    """Return the rule for the job's plan.

    Raises MayNotApprove if the person may not decide by it, and PermissionsUncertain.
    """
    plan = jobs.plan_of(tx, job)
    sums = all_tasks()[job.task].sums(plan) if plan else ()
    rule = permissions.approval_of(job.task, sums)
    if not rule.allows(event.user.email):
        raise MayNotApprove
    return rule


def demand_stop(tx: Session, event: Event, job: Job, permissions: Permissions) -> None:
    """Demand what it takes to discard or stop a job: to have written its request, or to decide.

    Raises as ``demand_decide`` does.
    """
    if event.user.name not in authors.of(tx, job):
        demand_decide(tx, event, job, permissions)


def job_tapped(tx: Session, event: Event) -> Job:
    """Return the job that the button names, locked for a decision. Raises JobUnknown."""
    return job_here(tx, event, event.parameters.get("job", ""), locked=True)


def decision_of(event: Event, job: str | None = None, plan: str | None = None) -> Decision:
    """Return who decides about which plan: the tapped button is bound to both."""
    return Decision(
        job=event.parameters.get("job", "") if job is None else job,
        plan=event.parameters.get("plan", "") if plan is None else plan,
        person=event.user.name,
        person_name=event.user.display_name,
    )


def _typed_reason(event: Event) -> str:
    return " ".join("".join(event.inputs.get(REASON) or ()).split())[:LONGEST]
