"""Dialogs: a request's pages one after another, and at the end the job; or one line says it all."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from bot.answer import Answer, Said, notice, opens_dialog, say
from bot.decisions import decision_of, demand_stop
from bot.event import Event
from bot.permissions import Permissions, job_here
from bot.reply import CloseDialog, Nothing, OpenDialog, Post, UpdateDialog
from bot.wire import foreign, replies_to
from cards import widgets as w
from cards.form import form_card
from cards.sentences import Sentence
from errors.asking import AskingError, TooManyOpen
from ledger import approvals, jobs
from ledger.database import Ledger, new_id, now
from ledger.models import Job
from tasks.base import Answers, Request, Setting, Task, Walk
from tasks.form import fields_of, sentences, typed
from tasks.registry import all_tasks

ACCEPTED = Sentence(
    "Accepted. The plan comes in a moment.", "受け付けました。まもなく内容を表示します。"
)
UNHEARD = Sentence(
    "Accepted. The queue is away just now; it starts by itself when it is back.",
    "受け付けました。ただいま処理を開始できません。復旧し次第、自動で始めます。",
)
BEFORE = Sentence("This has been accepted already.", "この内容はすでに受け付けています。")
OPEN_FORM = Sentence("Open the form", "フォームを開く")
CARRIED = 16_000
"""Bytes of earlier pages that a dialog carries at the most."""


@dataclass(frozen=True)
class Form:
    """A dialog on its way: what it asks for, and the pages done so far.

    It travels in the dialog's own button, where the person could change it: so each page is
    checked again with every step, and nothing but the person's own request depends on it.
    """

    task: Task[Any]
    form: str
    thread: str | None
    walk: Walk[Any]
    """The pages done so far, and the one that is asked for."""
    job: str | None = None
    """The waiting job whose request is edited, and the plan that was looked at."""
    plan: str = ""

    def parameters(self) -> dict[str, str]:
        carried = {
            "task": self.task.name,
            "form": self.form,
            "pages": json.dumps(self.walk.answers, ensure_ascii=False),
        }
        carried |= {"thread": self.thread} if self.thread else {}
        return carried | ({"job": self.job, "plan": self.plan} if self.job else {})


@dataclass(frozen=True)
class Forms:
    """The front desk's forms; ``url`` is where their buttons call."""

    url: str
    setting: Setting
    ledger: Ledger
    permissions: Permissions
    open_requests: int | None = None
    """How many a person may have open at a time."""

    def ask(self, event: Event, task: Task[Any], text: str) -> Answer:
        """Open the task's dialog; where none can open, offer a button that does.

        Raises NotAllowed, as the steps that follow do: the person's rights may change meanwhile.
        """
        self.permissions.demand_ask(event, task.name)
        if not task.dialog:
            return self._take(event, task, text)
        start = task.walk((), self.setting)
        form = Form(task, new_id(), _thread(event) or event.thread, start)
        first = start.page.model_fields if start.page else {}
        given = {name: said for name, said in event.parameters.items() if name in first}
        values = {**task.prefill(text), **given}
        with self.ledger.read() as tx:
            values |= task.recall(tx, (), values)
        if opens_dialog(event):
            return say(OpenDialog(self._draw(form, event.user.locale, values)))
        locale = event.user.locale
        parameters = {"task": task.name, "text": text[:200]}
        parameters |= {"thread": event.thread} if event.thread else {}
        opens = w.Action(self.url, "ask", parameters, opens_dialog=True)
        button = w.buttons(w.button(OPEN_FORM.say(locale), opens, filled=True))
        offer = w.card(
            task.title.say(locale), w.section(w.paragraph(task.about.say(locale)), button)
        )
        return say(
            Post(w.message(offer, "ask", task.title.say(locale)), private_to=event.user.name)
        )

    def edit(self, event: Event) -> Answer:
        """Open the dialog of a job that waits for approval, filled with its request."""
        plan = event.parameters.get("plan", "")
        with self.ledger.read() as tx:
            job = self._editable(tx, event, event.parameters.get("job", ""), plan)
        task = all_tasks()[job.task]
        start = task.walk((), self.setting)
        form = Form(task, new_id(), job.thread, start, job=job.id, plan=plan)
        return say(OpenDialog(self._draw(form, event.user.locale, self._was(form))))

    def step(self, event: Event) -> Answer:
        """Take one page's answers: show it again with what is wrong, or go on."""
        form = self._carried(event)
        locale = event.user.locale
        page = form.walk.page
        if page is None:
            raise AskingError
        answers = typed(page, event.inputs)
        try:
            walk = form.task.walk((*form.walk.answers, answers), self.setting)
        except ValidationError as error:
            return say(
                UpdateDialog(self._draw(form, locale, answers, sentences(page, error, locale)))
            )
        if walk.request is not None:
            return self._write(event, form, answers, walk.request)
        form = replace(form, walk=walk)
        return say(UpdateDialog(self._draw(form, locale, self._was(form))))

    def _take(self, event: Event, task: Task[Any], text: str) -> Answer:
        """Write down what is asked for in one line; the job's card is the answer."""
        unheard = notice(event, UNHEARD.say(event.user.locale))
        accepted = Nothing() if Nothing in replies_to(event) else CloseDialog()

        def answer(tx: Session) -> Said:
            # Here, since a second delivery may come when the time that was typed has passed.
            request = task.parse(text, now(), self.setting)
            jobs.ask(tx, _asked(event, task, request, event.thread), self.open_requests)
            return Said(accepted, ring=True, unheard=unheard)

        return answer

    def _write(self, event: Event, form: Form, answers: Answers, request: Request) -> Answer:
        """Write the request down; where that cannot be, its last page stays as it was typed."""
        body = request.model_dump(mode="json")
        locale = event.user.locale
        accepted = CloseDialog(ACCEPTED.say(locale))
        unheard = CloseDialog(UNHEARD.say(locale))
        # The same form with other words in it is another request: a person has corrected it.
        sent = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]

        def answer(tx: Session) -> Said:
            if form.job is not None:
                self._editable(tx, event, form.job, form.plan)
                decision = decision_of(event, form.job, form.plan)
                approvals.edit(tx, decision, body, form.task.subject(request))
                return Said(accepted, ring=True, unheard=unheard)
            thread = form.thread or event.thread
            asked = _asked(event, form.task, request, thread, f"{form.form}:{sent}")
            try:
                fresh = jobs.ask(tx, asked, self.open_requests)
            except TooManyOpen as error:
                return Said(UpdateDialog(self._draw(form, locale, answers, note=error.say(locale))))
            if not fresh:
                return Said(CloseDialog(BEFORE.say(locale)))
            return Said(accepted, ring=True, unheard=unheard)

        return answer

    def _carried(self, event: Event) -> Form:
        """Read the form out of the button that was tapped; raises AskingError where it is spoilt."""
        given = event.parameters
        task = all_tasks().get(given.get("task", ""))
        pages = given.get("pages", "[]")
        if task is None or not given.get("form") or len(pages.encode()) > CARRIED:
            raise AskingError
        self.permissions.demand_ask(event, task.name)
        job, plan = given.get("job"), given.get("plan", "")
        if job is not None:
            with self.ledger.read() as tx:
                if self._editable(tx, event, job, plan).task != task.name:
                    raise AskingError
        try:
            walk = task.walk(tuple(foreign.packed(pages)), self.setting)
        except (ValueError, TypeError, RecursionError) as error:
            raise AskingError from error
        return Form(
            task,
            given["form"][:40],
            _thread(event),
            walk,
            job=job,
            plan=plan,
        )

    def _editable(self, tx: Session, event: Event, job_id: str, plan: str) -> Job:
        """Return the job that waits with this plan, if the person may have it say something else.

        Whoever may ask for its task may, if they wrote its request or may discard it. Raises
        NotAllowed, MayNotApprove, PermissionsUncertain, and what ``approvals.waiting`` raises.
        """
        job = job_here(tx, event, job_id, locked=True)
        self.permissions.demand_ask(event, job.task)
        demand_stop(tx, event, job, self.permissions)
        return approvals.waiting(tx, job.id, plan)

    def _was(self, form: Form) -> Answers:
        """Return what the edited job's request, or else the ledger, says on the form's next page."""
        done = form.walk.answers
        with self.ledger.read() as tx:
            if form.job is not None:
                request = form.task.Request.model_validate(jobs.find(tx, form.job).request)
                was = form.task.pages(request)
                if len(done) < len(was):
                    return was[len(done)]
            return form.task.recall(tx, done, {})

    def _draw(
        self,
        form: Form,
        locale: str,
        values: Answers | None = None,
        errors: dict[str, str] | None = None,
        note: str | None = None,
    ) -> w.Card:
        assert form.walk.page is not None
        send = w.Action(self.url, "form", form.parameters())
        fields = fields_of(form.walk.page, locale, values, errors)
        return form_card(form.task.title.say(locale), fields, locale, send, note)


def _asked(
    event: Event, task: Task[Any], request: Request, thread: str | None, form: str | None = None
) -> jobs.Asked:
    """Return the request as the ledger takes it. Raises AskingError outside of any space."""
    if event.space is None:
        raise AskingError
    return jobs.Asked(
        id=new_id(),
        task=task.name,
        request=request.model_dump(mode="json"),
        subject=task.subject(request),
        asker=event.user.name,
        asker_name=event.user.display_name,
        locale=event.user.locale,
        space=event.space.name,
        thread=thread,
        form=form,
    )


def _thread(event: Event) -> str | None:
    """Return the thread that the form was asked for in, if it is one of this space."""
    named = foreign.named(foreign.THREAD, event.parameters.get("thread"))
    here = named and event.space and named.startswith(f"{event.space.name}/")
    return named if here else None
