"""A plan in words: how many of what, and every single line; and the card's view of a job."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping
from datetime import datetime

from babel.dates import format_skeleton
from sqlalchemy.orm import Session

from cards.job_card import JobView
from cards.sentences import Sentence
from effects.registry import kind
from ledger import approvals, jobs, work
from ledger.database import now
from ledger.models import Job, JobState
from ledger.plan import Effect, Plan, bind
from tasks.registry import all_tasks

BEGINS = Sentence("At {time} on {day}", "{day} {time} の予定です")
TICK = "✓"
INDENT = "\u3000"
"""The ideographic space: Chat folds ordinary ones."""


def summary(plan: Plan, locale: str) -> str:
    """Return “12 folders, 60 files”."""
    counted = Counter(effect.kind for effect in plan.effects)
    comma = "、" if locale.startswith("ja") else ", "
    return comma.join(kind(name).noun.count(n, locale) for name, n in counted.items())


def lines(plan: Plan, bindings: Mapping[str, str], done: Container[str] = ()) -> list[str]:
    """Return one line for each effect, drawn as the tree of what waits for what.

    Slots that are not bound yet show as ``####``; what is done bears a tick.
    """
    words = {slot.name: slot.shown for slot in plan.slots} | dict(bindings)
    below: defaultdict[str, list[Effect]] = defaultdict(list)
    for effect in plan.effects:
        below[effect.after[-1] if effect.after else ""].append(effect)

    def drawn(under: str, depth: int) -> Iterator[str]:
        for effect in below[under]:
            of = kind(effect.kind)
            bound = effect.model_copy(update={"data": bind(effect.data, words)})
            tick = f" {TICK}" if effect.key in done else ""
            yield f"{INDENT * depth}{of.sign} {of.line(of.data(bound))}{tick}"
            yield from drawn(effect.key, depth + 1)

    return list(drawn("", 0))


def view(tx: Session, job: Job, locale: str | None = None) -> JobView:
    """Return what the job's card says now, in the asker's language or another."""
    locale = locale or job.locale
    plan = jobs.plan_of(tx, job)
    done, total = work.progress(tx, job.id)
    ended = job.state in (JobState.DONE, JobState.FAILED)
    link, ticked = None, set[str]()
    if plan and plan.headline and ended:
        link = work.links(tx, job.id).get(plan.headline)
    if job.state == JobState.FAILED and done:
        ticked = work.done_keys(tx, job.id)
    decided = job.state in (JobState.DONE, JobState.CANCELLED)
    language = "ja" if locale.startswith("ja") else "en"
    task = all_tasks()[job.task]
    begins = result = None
    if plan and plan.not_before and job.state == JobState.QUEUED and plan.not_before > now():
        begins = _begins(plan.not_before, language)
    if job.state == JobState.DONE:
        result = task.result(task.Request.model_validate(job.request), locale)
    return JobView(
        job=job.id,
        task=job.task,
        title=task.title.say(locale),
        # Once it is given out, people know a project by its number.
        subject=" ".join([*job.bindings.values(), job.subject]),
        state=job.state,
        locale=locale,
        asker=job.asker_name,
        asker_id=job.asker,
        planned_again=job.planned_again,
        plan_hash=job.plan_hash,
        summary=summary(plan, locale) if plan else "",
        lines=tuple(lines(plan, job.bindings, ticked)) if plan else (),
        done=done,
        total=total,
        waits_for=(job.waits_for or {}).get(language),
        failure=(job.failure or {}).get(language),
        link=link,
        decided_by=approvals.decided_by(tx, job.id) if decided else None,
        begins=begins,
        result=result,
    )


def _begins(moment: datetime, language: str) -> str:
    """Say when. The card stands for long, so it names the day."""
    day = format_skeleton("yMMMEd", moment, locale=language)
    return BEGINS.say(language, day=day, time=f"{moment:%H:%M}")
