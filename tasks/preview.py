"""A plan in words: how many of what, and every single line; and the card's view of a job."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from babel.dates import format_skeleton
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from cards.job_card import Follow, JobView
from cards.sentences import Sentence
from effects.base import Reversal
from effects.registry import kind
from ledger import approvals, audit, authors, jobs, steering, work
from ledger.models import EffectState, Job, JobState
from ledger.plan import Effect, Plan, bind
from tasks.registry import all_tasks

BEGINS = Sentence("At {time} on {day}", "{day} {time} の予定です")
MARKS = {EffectState.DONE: " ✓", EffectState.UNDONE: " ↩"}
EXPLAINED = (EffectState.LEFT, EffectState.FAILED)
"""The states that bear a reason instead of a mark."""
TOLD_IN_FULL = (JobState.FAILED, JobState.CANCELLED, JobState.UNDONE)
"""The states in which some effects of the plan are there and others are not."""
LINKED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.UNDONE)
ASKING = (JobState.DONE, JobState.FAILED)
"""The states in which the card asks what the job has left to people."""
DECIDED = (JobState.CANCELLED, JobState.UNDONE)
REMAINING = (EffectState.PLANNED, EffectState.INTENDED, EffectState.FAILED)
THERE = (EffectState.DONE, EffectState.INTENDED, EffectState.UNDOING)
LABELS = {
    Reversal.FINAL: Sentence("cannot be taken back", "元に戻せません"),
    Reversal.COMPENSABLE: Sentence("made good for, both stay visible", "訂正として残ります"),
}
INDENT = "\u3000"
"""The ideographic space: Chat folds ordinary ones."""


def summary(plan: Plan, locale: str) -> str:
    """Return “12 folders, 60 files”."""
    counted = Counter(effect.kind for effect in plan.effects)
    comma = "、" if locale.startswith("ja") else ", "
    return comma.join(kind(name).noun.count(n, locale) for name, n in counted.items())


def lines(
    plan: Plan,
    bindings: Mapping[str, str],
    marks: Mapping[str, str] | None = None,
    only: Container[str] | None = None,
) -> list[str]:
    """Return one line for each effect, drawn as the tree of what waits for what.

    Slots that are not bound yet show as ``####``. An effect bears its mark; ``only`` leaves out
    the others.
    """
    words = {slot.name: slot.shown for slot in plan.slots} | dict(bindings)
    below: defaultdict[str, list[Effect]] = defaultdict(list)
    for effect in plan.effects:
        below[effect.after[-1] if effect.after else ""].append(effect)

    def drawn(under: str, depth: int) -> Iterator[str]:
        for effect in below[under]:
            if only is None or effect.key in only:
                mark = (marks or {}).get(effect.key, "")
                yield f"{INDENT * depth}{_line(effect, words)}{mark}"
            yield from drawn(effect.key, depth + 1)

    return list(drawn("", 0))


def _line(effect: Effect, words: Mapping[str, str]) -> str:
    of = kind(effect.kind)
    bound = effect.model_copy(update={"data": bind(effect.data, words)})
    return f"{of.sign} {of.line(of.data(bound))}"


def remaining(tx: Session, job: Job, locale: str) -> list[str]:
    """Return the lines of what a retry would still do."""
    return _some(tx, job, locale, REMAINING)


def reversible(tx: Session, job: Job, locale: str) -> list[str]:
    """Return the lines of what an undo would take back, each that cannot be with a word."""
    return _some(tx, job, locale, THERE, label=True)


def _some(
    tx: Session, job: Job, locale: str, states: Container[EffectState], *, label: bool = False
) -> list[str]:
    plan = jobs.plan_of(tx, job)
    if plan is None:
        return []
    steps = [step for step in work.steps(tx, job.id) if step.state in states]
    labels = {
        step.effect.key: f" ({LABELS[reversal].say(locale)})"
        for step in steps
        if label and (reversal := kind(step.effect.kind).reversal) in LABELS
    }
    return lines(plan, job.bindings, labels, {step.effect.key for step in steps})


def view(tx: Session, job: Job, locale: str | None = None) -> JobView:
    """Return what the job's card says now, in the asker's language or another."""
    locale = locale or job.locale
    language = "ja" if locale.startswith("ja") else "en"
    plan = jobs.plan_of(tx, job)
    counts = work.counts(tx, job.id)
    link = work.link(tx, job.id, plan.headline) if plan and plan.headline else None
    failure = (job.failure or {}).get(language)
    marks, left, refusals = _told(tx, job, language) if job.state in TOLD_IN_FULL else ({}, (), ())
    wrote = authors.of(tx, job)
    given = tuple(approvals.approved_by(tx, job).values()) if plan else ()
    decided_by = approvals.decided_by(tx, job.id) if job.state in DECIDED else None
    undone = job.state == JobState.UNDONE
    why = tx.scalar(select(audit.reason(job.id))) if undone else None
    question = _question(tx, job)
    reversed_ = counts.keys() & steering.REVERSED
    stopped = job.state in (JobState.FAILED, JobState.UNSURE) or (
        job.state == JobState.CANCELLED and counts
    )
    task = all_tasks()[job.task]
    numbers = job.bindings.values() if len(job.bindings) == 1 else ()
    begins = result = None
    if plan and plan.not_before and job.scheduled:
        begins = begins_at(plan.not_before, language)
    follow = None
    if job.state == JobState.DONE:
        if following := task.follows(job.bindings):
            label = following.label.say(locale)
            follow = Follow(label, following.task, following.text)
        with suppress(ValidationError):  # an earlier release may have asked for less
            result = task.result(task.Request.model_validate(job.request), locale)
    notes = tuple(note.say(locale) for note in plan.notes) if plan else ()
    if job.state == JobState.DONE and result is None and plan and not plan.effects and notes:
        result = notes[0]
    return JobView(
        job=job.id,
        task=job.task,
        title=task.title.say(locale),
        # Once it is given out, people know a project or a document by its number.
        subject=" ".join([*numbers, job.subject]),
        state=job.state,
        locale=locale,
        asker=job.asker_name,
        asker_id=job.asker,
        asked_before=tuple(wrote.before.values()),
        editors=tuple(wrote.editors.values()),
        editor_ids=tuple(wrote.editors),
        planned_again=job.planned_again,
        plan_hash=job.plan_hash,
        summary=summary(plan, locale) if plan else "",
        lines=(*task.told(plan, locale), *lines(plan, job.bindings, marks)) if plan else (),
        done=counts[EffectState.DONE],
        total=_total(job, counts),
        waits_for=(job.waits_for or {}).get(language),
        failure=failure,
        also_failed=tuple(why for why in refusals if stopped and why != failure),
        link=link if job.state in LINKED else None,
        decided_by=decided_by,
        reason=why and why[language],
        approvers=given if job.state in (JobState.WAITING, JobState.DONE) else (),
        missing=max(job.approvals_needed - len(given), 0),
        cancelled_by=job.cancelled_by,
        begun=bool(counts),
        can_retry=bool(stopped and not reversed_ and not question),
        can_undo=steering.can_undo(job, counts) and _reversible(plan),
        undone=counts[EffectState.UNDONE],
        standing=tuple(task.standing(tx, job, locale)) if stopped else (),
        left=left,
        question=question.key if question else None,
        question_line=_line(question, job.bindings) if question else "",
        moved=job.moved is not None,
        begins=begins,
        result=result,
        notes=notes,
        questions=tuple(task.questions(tx, job, locale)) if job.state in ASKING else (),
        can_edit=task.dialog,
        follow=follow,
    )


def _told(
    tx: Session, job: Job, language: str
) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """Return the mark of each effect, a line for each that was left, and why any was refused."""
    marks, left, refusals = {}, [], []
    for step in work.steps(tx, job.id):
        marks[step.effect.key] = MARKS.get(step.state, "")
        if step.state in EXPLAINED:
            why = (step.error or {}).get(language, "")
            marks[step.effect.key] = f" – {why}"
            if step.state == EffectState.LEFT:
                left.append(f"{_line(step.effect, {})} – {why}")
            else:
                refusals.append(why)
    return marks, tuple(left), tuple(dict.fromkeys(refusals))


def _reversible(plan: Plan | None) -> bool:
    """Say whether the plan has anything in it that can be taken back at all."""
    kinds = {effect.kind for effect in plan.effects} if plan else set()
    return any(kind(name).reversal is not Reversal.FINAL for name in kinds)


def _total(job: Job, counts: work.Counts) -> int:
    """Return how many effects there are to do, or while the job is taken back, to take back."""
    if job.state != JobState.UNDOING:
        return counts.total()
    return sum(counts[state] for state in (*THERE, EffectState.UNDONE, EffectState.LEFT))


def question_of(tx: Session, job: Job) -> str | None:
    """Return the key of the effect that the card asks about, whether it happened."""
    question = _question(tx, job)
    return question.key if question else None


def _question(tx: Session, job: Job) -> Effect | None:
    """Return the effect of which a person has to say whether it happened."""
    if job.state != JobState.UNSURE:
        return None
    open_ = (s.effect for s in work.steps(tx, job.id) if s.state == EffectState.INTENDED)
    return next((effect for effect in open_ if not kind(effect.kind).identity), None)


def effect_lines(tx: Session, job_id: str) -> dict[str, str]:
    """Return one line for each effect of an approved plan, by its key."""
    return {step.effect.key: _line(step.effect, {}) for step in work.steps(tx, job_id)}


def begins_at(moment: datetime, locale: str) -> str:
    """Say when, in ``moment``'s own zone. A card stands for long, so it names the day."""
    language = "ja" if locale.startswith("ja") else "en"
    day = format_skeleton("yMMMEd", moment, locale=language)
    return BEGINS.say(language, day=day, time=f"{moment:%H:%M}")
