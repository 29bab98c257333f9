"""A job's one card: what would be done, how far it is, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cards import questions as q
from cards import widgets as w
from cards.questions import Question
from cards.sentences import Sentence

HEADLINES = {
    "planning": Sentence("Looking at what has to be done…", "必要な作業を確認しています…"),
    "waiting": Sentence("Shall I go ahead?", "この内容で進めてよろしいですか？"),
    "queued": Sentence("Waiting for a worker", "作業の順番を待っています"),
    "running": Sentence("Working on it", "作業中です"),
    "done": Sentence("Done", "完了しました"),
    "failed": Sentence("Could not be done", "完了できませんでした"),
    "cancelled": Sentence("Stopped", "中止しました"),
    "unsure": Sentence("Please look whether this happened", "実行されたかどうかご確認ください"),
    "expired": Sentence("Nobody decided in time", "期限までに承認されませんでした"),
    "undoing": Sentence("Taking it back", "元に戻しています"),
    "undone": Sentence("Taken back", "元に戻しました"),
}
ICONS = {
    "planning": "search",
    "waiting": "fact_check",
    "queued": "hourglass_empty",
    "running": "autorenew",
    "done": "check_circle",
    "failed": "error",
    "cancelled": "cancel",
    "unsure": "help",
    "expired": "timer_off",
    "undoing": "undo",
    "undone": "undo",
}
LATER = "schedule"
"""The icon of what begins at a time that has not come."""
APPLY = Sentence("Apply", "実行する")
EDIT = Sentence("Edit", "修正する")
DISCARD = Sentence("Discard", "取りやめる")
SHOW_ALL = Sentence("Show all ({n})", "すべて表示（{n}件）")
OPEN = Sentence("Open", "開く")
AND_MORE = Sentence(
    "and {n} more: “Show all” lists every one", "ほか {n} 件は「すべて表示」で確認できます"
)
CANCEL = Sentence("Stop", "中止する")
RETRY = Sentence("Go on…", "続きから再開…")
ANEW = Sentence("Try again…", "もう一度試す…")
UNDO = Sentence("Undo…", "元に戻す…")
AGAIN = Sentence("Ask again", "もう一度依頼する")
HAPPENED = Sentence("It happened", "実行されていた")
DID_NOT = Sentence("It did not", "実行されていない")
STOPPING = Sentence("Stopping…", "中止しています…")
STOPPED_AFTER = Sentence(
    "stopped by {who} after {done} of {total}",
    "中止: {who}さん（{total} 件中 {done} 件まで作成済み）",
)
STOPPED_BEFORE = Sentence(
    "stopped by {who} before anything was made", "中止: {who}さん（何も作成していません）"
)
DISCARDED = Sentence("Discarded; nothing was made", "取りやめました（何も作成していません）")
PARTLY_UNDONE = Sentence("Partly taken back", "一部を残して元に戻しました")
APPROVALS = Sentence(
    "approved by {who}; {missing} more needed", "承認: {who}さん（あと {missing} 人）"
)
TAKEN_BACK = Sentence("{undone} taken back", "{undone} 件を元に戻しました")
TAKEN_BACK_BUT = Sentence(
    "{undone} taken back, {left} left", "{undone} 件を元に戻し、{left} 件は残しました"
)
TAKEN_BACK_BY = Sentence("taken back by {who}", "元に戻した人: {who}さん")
REASON = Sentence("reason: {why}", "理由: {why}")
LEFT = Sentence("Left as they are:", "そのまま残したもの:")
PROGRESS = Sentence("{done} of {total}", "{total} 件中 {done} 件")
ASKED_BY = Sentence("asked by {who}", "依頼者: {who}さん")
ASKED_BEFORE_BY = Sentence("first asked by {who}", "はじめの依頼: {who}さん")
EDITED_BY = Sentence("edited by {who}", "変更: {who}さん")
BY_ITSELF = Sentence("by itself", "自動実行")
APPLIED_BY = Sentence("applied by {who}", "承認: {who}さん")
DISCARDED_BY = Sentence("discarded by {who}", "取りやめ: {who}さん")
NOTHING_MADE = Sentence("Nothing was made.", "何も作成していません。")
PARTLY_MADE = Sentence(
    "{done} of {total} were made before that and are still there.",
    "{total} 件中 {done} 件はすでに作成済みで、そのまま残っています。",
)
PLANNED_AGAIN = Sentence(
    "What this rests on (a template, the date, another document) has changed, so please look at the"
    " new plan.",
    "前提（テンプレート・日付・もとの書類など）が変わったため、内容を作り直しました。もう一度ご確認ください。",
)
MOVED = Sentence(
    "This could not be posted where it was asked. Please check that Kakari is still in that space.",
    "依頼元のスペースに投稿できなかったため、こちらにお送りしています。そのスペースに Kakari が参加しているかご確認ください。",
)

STOPPABLE = ("planning", "queued", "running", "unsure")
LISTED = ("waiting", "queued")
"""The states in which the card itself shows the plan's first lines."""
PREVIEWED = 8
"""How many of a plan's lines a card shows at once; a phone's screen holds about as many."""


NAMED = 5
"""How many people a line names."""
OTHERS = Sentence("{n} more", "ほか {n} 名の皆")


@dataclass(frozen=True)
class Follow:
    """A button that opens another task's form, filled in with what was done."""

    label: str
    task: str
    text: str


@dataclass(frozen=True)
class JobView:
    """Everything a card says of a job, in the words of one locale."""

    job: str
    task: str
    title: str
    subject: str
    state: str
    locale: str
    asker: str
    asker_id: str = ""
    """Chat's name of the asker, whom the result mentions."""
    asked_before: tuple[str, ...] = ()
    """Who had asked for it before the asker asked again."""
    editors: tuple[str, ...] = ()
    """Who else has edited the request."""
    editor_ids: tuple[str, ...] = ()
    """Chat's names of these, whom the result mentions, too."""
    plan_hash: str | None = None
    planned_again: bool = False
    """Whether this plan replaces one that was approved."""
    summary: str = ""
    lines: tuple[str, ...] = ()
    done: int = 0
    total: int = 0
    """How many effects there are to do, or while it is taken back, to take back."""
    waits_for: str | None = None
    failure: str | None = None
    also_failed: tuple[str, ...] = ()
    """Why else effects were refused that were sent together; each reason once."""
    link: str | None = None
    decided_by: str | None = None
    """Who discarded it or took it back."""
    reason: str | None = None
    """Why it was taken back, where that was asked for."""
    approvers: tuple[str, ...] = ()
    """Who has approved the plan, which may want more people or be done."""
    missing: int = 0
    """How many more have to."""
    cancelled_by: str | None = None
    """Who stopped it, or has asked to."""
    begun: bool = False
    """Whether the plan was approved."""
    can_retry: bool = False
    can_undo: bool = False
    undone: int = 0
    standing: tuple[str, ...] = ()
    """What stands, and what does not, of a job that ended half-way."""
    left: tuple[str, ...] = ()
    """What an undo left as it is, a line each with the reason."""
    question: str | None = None
    """The key of an effect of which a person has to say whether it happened."""
    question_line: str = ""
    moved: bool = False
    """Whether its own space refused it, so that it is told in another one."""
    begins: str | None = None
    """When the work begins, where that is later."""
    result: str | None = None
    """What is told at the end, where that is more than what was done."""
    notes: tuple[str, ...] = ()
    """What the look has found that is no effect."""
    questions: tuple[Question, ...] = ()
    """What the job has left to people."""
    can_edit: bool = True
    """Whether a dialog asks for what the job is to do."""
    follow: Follow | None = None


def job_card(view: JobView, url: str) -> w.Card:
    """Draw the card; its buttons call back to ``url`` and are bound to the plan's hash."""
    icon = LATER if view.begins else ICONS[view.state]
    status = [w.line(_headline(view), icon=icon, bottom=_below(view))]
    if view.failure:
        status.append(w.paragraph(view.failure))
    if view.also_failed:
        status += _some(view.also_failed, view.locale)
    if view.failure and view.state == "failed":
        status.append(w.paragraph(made_of(view)))
    if view.planned_again and view.state == "waiting":
        status.append(w.paragraph(PLANNED_AGAIN.say(view.locale)))
    if view.question:
        status.append(w.paragraph(view.question_line))
    if view.moved:
        status.append(w.paragraph(MOVED.say(view.locale)))
    status += [w.paragraph(note) for note in (*view.standing, *view.notes)]
    sections = [w.section(*status)]
    if view.questions:
        bound = {"job": view.job, "locale": view.locale}
        sections.append(q.section(view.questions, view.locale, url, bound))
    if view.left:
        sections.append(w.section(*_some(view.left, view.locale), header=LEFT.say(view.locale)))
    if _lists(view):
        sections.append(w.section(*_some(view.lines, view.locale), header=view.summary))
    offered = _buttons(view, url)
    if offered:
        sections.append(w.section(w.buttons(*offered)))
    return w.card(
        f"{view.title}: {view.subject}",
        *sections,
        subtitle=written_by(view),
    )


def card_message(view: JobView, url: str) -> dict[str, Any]:
    fallback = f"{view.title}: {view.subject} – {_headline(view)}"
    return w.message(job_card(view, url), "job", fallback)


def _lists(view: JobView) -> bool:
    """Say whether the card itself shows the plan's lines: at the end, if nobody saw them before."""
    unseen = view.state == "done" and not view.approvers
    return bool(view.lines) and (view.state in LISTED or unseen)


def _headline(view: JobView) -> str:
    if view.state == "running" and view.cancelled_by:
        return STOPPING.say(view.locale)
    if view.state == "cancelled" and not view.cancelled_by:
        return DISCARDED.say(view.locale)
    if view.state == "undone" and view.left:
        return PARTLY_UNDONE.say(view.locale)
    return view.begins or HEADLINES[view.state].say(view.locale)


def made_of(view: JobView) -> str:
    """Say how much of a failed job's plan is there."""
    if not view.done:
        return NOTHING_MADE.say(view.locale)
    return PARTLY_MADE.say(view.locale, done=view.done, total=view.total)


def _below(view: JobView) -> str | None:
    locale = view.locale
    if view.waits_for:
        return view.waits_for
    match view.state:
        case "running":
            return PROGRESS.say(locale, done=view.done, total=view.total)
        case "waiting" if view.approvers:
            who = names(view.approvers, locale)
            return APPROVALS.say(locale, who=who, missing=view.missing)
        case "done":
            by = APPLIED_BY.say(locale, who=names(view.approvers, locale)) if view.approvers else ""
            return " · ".join(filter(None, (view.summary, by)))
        case "undoing":
            return PROGRESS.say(locale, done=view.undone, total=view.total)
        case "undone":
            back = TAKEN_BACK_BUT if view.left else TAKEN_BACK
            parts = [back.say(locale, undone=view.undone, left=len(view.left))]
            if view.decided_by:
                parts.append(TAKEN_BACK_BY.say(locale, who=view.decided_by))
            if view.reason:
                parts.append(REASON.say(locale, why=view.reason))
            return " · ".join(parts)
        case "cancelled" if view.cancelled_by:
            stopped = STOPPED_AFTER if view.done else STOPPED_BEFORE
            return stopped.say(locale, who=view.cancelled_by, done=view.done, total=view.total)
        case "cancelled" if view.decided_by:
            return DISCARDED_BY.say(locale, who=view.decided_by)
    return None


def written_by(view: JobView) -> str:
    """Say who asked, and who else wrote what is asked for."""
    return asked_by(view.asker, view.locale, view.asked_before, view.editors)


def asked_by(who: str, locale: str, before: Sequence[str] = (), editors: Sequence[str] = ()) -> str:
    """Say who has asked; what the clock has begun was asked for by nobody."""
    said = [ASKED_BY.say(locale, who=who) if who else BY_ITSELF.say(locale)]
    others = ((ASKED_BEFORE_BY, before), (EDITED_BY, editors))
    said += [each.say(locale, who=names(people, locale)) for each, people in others if people]
    return ("、" if locale.startswith("ja") else ", ").join(said)


def names(people: Sequence[str], locale: str) -> str:
    """Return people in a row, for a sentence whose Japanese ends them with 「さん」.

    Of more than a line has room for, the latest and how many there are besides.
    """
    shown = people[-NAMED:]
    if hidden := len(people) - len(shown):
        shown = (*shown, OTHERS.say(locale, n=hidden))
    return ("さん、" if locale.startswith("ja") else ", ").join(shown)


def _some(lines: Sequence[str], locale: str) -> list[w.Widget]:
    shown = w.paragraph("\n".join(lines[:PREVIEWED]))
    hidden = len(lines) - PREVIEWED
    if hidden <= 0:
        return [shown]
    return [shown, w.paragraph(AND_MORE.say(locale, n=hidden))]


def _buttons(view: JobView, url: str) -> list[w.Widget]:
    bound = {"job": view.job, "plan": view.plan_hash or "", "locale": view.locale}

    def tap(label: Sentence, action: str, *, filled: bool = False, **more: str) -> w.Widget:
        return w.button(label.say(view.locale), w.Action(url, action, bound | more), filled=filled)

    def open_(label: str, action: str, *, filled: bool = False, **more: str) -> w.Widget:
        opens = w.Action(url, action, bound | more, opens_dialog=True)
        return w.button(label, opens, filled=filled)

    offered = []
    if view.state == "waiting":
        offered = [
            tap(APPLY, "apply", filled=True),
            *([open_(EDIT.say(view.locale), "edit")] if view.can_edit else []),
            tap(DISCARD, "discard"),
        ]
    if view.question:
        offered += [
            tap(HAPPENED, "happened", effect=view.question),
            tap(DID_NOT, "did_not", effect=view.question),
        ]
    if view.state in STOPPABLE and not view.cancelled_by:
        offered.append(tap(CANCEL, "cancel"))
    if view.link and view.link.startswith("http"):
        offered.append(w.link_button(OPEN.say(view.locale), view.link))
    if view.follow:
        asks = {"task": view.follow.task, "text": view.follow.text}
        opens = w.Action(url, "ask", asks, opens_dialog=True)
        offered.append(w.button(view.follow.label, opens))
    if view.can_retry:
        label = (RETRY if view.begun else ANEW).say(view.locale)
        offered.append(open_(label, "show", what="retry", filled=True))
    if view.can_undo:
        offered.append(open_(UNDO.say(view.locale), "show", what="undo"))
    if view.state in ("undone", "expired") or (view.state == "cancelled" and not view.begun):
        offered.append(tap(AGAIN, "again"))
    if len(view.lines) > PREVIEWED or (view.lines and not _lists(view)):
        every = SHOW_ALL.say(view.locale, n=len(view.lines))
        offered.append(open_(every, "show", page="0"))
    return offered
