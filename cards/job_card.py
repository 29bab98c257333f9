"""A job's one card: what would be done, how far it is, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cards import widgets as w
from cards.sentences import Sentence

HEADLINES = {
    "planning": Sentence("Looking at what has to be done…", "必要な作業を確認しています…"),
    "waiting": Sentence("Shall I go ahead?", "この内容で進めてよろしいですか？"),
    "queued": Sentence("Waiting for a worker", "作業の順番を待っています"),
    "running": Sentence("Working on it", "作業中です"),
    "done": Sentence("Done", "完了しました"),
    "failed": Sentence("Could not be done", "完了できませんでした"),
    "cancelled": Sentence("Discarded; nothing was made", "取りやめました（何も作成していません）"),
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
APPLY = Sentence("Apply", "実行する")
EDIT = Sentence("Edit", "修正する")
DISCARD = Sentence("Discard", "やめる")
SHOW_ALL = Sentence("Show all ({n})", "すべて表示（{n}件）")
OPEN = Sentence("Open", "開く")
AND_MORE = Sentence(
    "and {n} more: “Show all” lists every one", "ほか {n} 件は「すべて表示」で確認できます"
)
CANCEL = Sentence("Stop", "中止する")
RETRY = Sentence("Go on…", "続きから再開…")
UNDO = Sentence("Undo…", "元に戻す…")
AGAIN = Sentence("Ask again", "もう一度依頼する")
HAPPENED = Sentence("It happened", "実行されていた")
DID_NOT = Sentence("It did not", "実行されていない")
STOPPING = Sentence("Stopping…", "中止しています…")
STOPPED = Sentence("Stopped", "中止しました")
STOPPED_AFTER = Sentence(
    "stopped by {who} after {done} of {total}", "中止: {who}さん・{total} 件中 {done} 件まで完了"
)
APPROVALS = Sentence(
    "approved by {who}; {missing} more needed", "承認: {who}さん（あと {missing} 人）"
)
TAKEN_BACK = Sentence(
    "{undone} taken back, {left} left", "{undone} 件を元に戻し、{left} 件は残しました"
)
TAKEN_BACK_BY = Sentence("taken back by {who}", "元に戻した人: {who}さん")
TAKING_BACK = Sentence("{undone} of {total} taken back", "{total} 件中 {undone} 件を元に戻しました")
LEFT = Sentence("Left as they are:", "そのまま残したもの:")
PROGRESS = Sentence("{done} of {total}", "{total} 件中 {done} 件")
ASKED_BY = Sentence("asked by {who}", "依頼者: {who}さん")
APPLIED_BY = Sentence("applied by {who}", "承認: {who}さん")
DISCARDED_BY = Sentence("discarded by {who}", "取りやめ: {who}さん")
RESULT = Sentence("{subject}: done ({summary})", "{subject}: 完了しました（{summary}）")
FAILURE = Sentence("{subject}: could not be done. {why}", "{subject}: 完了できませんでした。{why}")

CANCELLED_RESULT = Sentence(
    "{subject}: stopped after {done} of {total}. “Undo” on the card takes these back.",
    "{subject}: {total} 件中 {done} 件で中止しました。カードの「元に戻す」で作成前の状態に戻せます。",
)
UNDONE_RESULT = Sentence(
    "{subject}: taken back ({undone}); {left} left as they are.",
    "{subject}: 元に戻しました（{undone} 件）。{left} 件は残しています。",
)
EXPIRED_RESULT = Sentence(
    "{subject}: nobody decided in time, so nothing was made. “Ask again” on the card starts anew.",
    "{subject}: 期限までに承認されなかったため、実行しませんでした。カードの「もう一度依頼する」でやり直せます。",
)
UNSURE_RESULT = Sentence(
    "{subject}: it is not known whether “{what}” happened. Please look, and answer on the card.",
    "{subject}: 「{what}」が実行されたか分かりません。ご確認のうえ、カードで回答してください。",
)
NOTHING_MADE = Sentence("Nothing was made.", "何も作成していません。")
PARTLY_MADE = Sentence(
    "{done} of {total} were made before that and are still there.",
    "{total} 件中 {done} 件はすでに作成済みで、そのまま残っています。",
)
PLANNED_AGAIN = Sentence(
    "The template has changed since this was approved, so please look at the new plan.",
    "承認後にテンプレートが変更されたため、内容を作り直しました。もう一度ご確認ください。",
)
STILL_WAITS = Sentence("“{subject}” still waits for a decision", "「{subject}」はまだ承認待ちです")
UNTIL = Sentence("can be approved until {until}", "承認期限: {until}")
MOVED = Sentence(
    "This could not be posted where it was asked. Please check that Kakari is still in that space.",
    "依頼元のスペースに投稿できなかったため、こちらにお送りしています。そのスペースに Kakari が参加しているかご確認ください。",
)

PREVIEWED = 8
"""How many of a plan's lines a card shows at once; a phone's screen holds about as many."""


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
    plan_hash: str | None = None
    planned_again: bool = False
    """Whether this plan replaces one that was approved."""
    summary: str = ""
    lines: tuple[str, ...] = ()
    done: int = 0
    total: int = 0
    waits_for: str | None = None
    failure: str | None = None
    link: str | None = None
    decided_by: str | None = None
    """Who decided last; of a job that is done, who approved it."""
    approvers: tuple[str, ...] = ()
    """Who has approved a plan that more people have to approve."""
    missing: int = 0
    """How many more have to."""
    cancelled_by: str | None = None
    begun: bool = False
    """Whether the plan was approved."""
    can_retry: bool = False
    can_undo: bool = False
    undone: int = 0
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


def job_card(view: JobView, url: str) -> w.Card:
    """Draw the card; its buttons call back to ``url`` and are bound to the plan's hash."""
    icon = "schedule" if view.begins else ICONS[view.state]
    status = [w.line(_headline(view), icon=icon, bottom=_below(view))]
    if view.failure:
        status.append(w.paragraph(view.failure))
        status.append(w.paragraph(_made(view)))
    if view.planned_again and view.state == "waiting":
        status.append(w.paragraph(PLANNED_AGAIN.say(view.locale)))
    if view.question:
        status.append(w.paragraph(view.question_line))
    if view.moved:
        status.append(w.paragraph(MOVED.say(view.locale)))
    sections = [w.section(*status)]
    if view.left:
        sections.append(w.section(*_some(view.left, view.locale), header=LEFT.say(view.locale)))
    if view.lines and view.state in ("waiting", "queued"):
        sections.append(w.section(*_some(view.lines, view.locale), header=view.summary))
    offered = _buttons(view, url)
    if offered:
        sections.append(w.section(w.buttons(*offered)))
    return w.card(
        f"{view.title}: {view.subject}",
        *sections,
        subtitle=ASKED_BY.say(view.locale, who=view.asker),
    )


def card_message(view: JobView, url: str) -> dict[str, Any]:
    fallback = f"{view.title}: {view.subject} – {_headline(view)}"
    return w.message(job_card(view, url), "job", fallback)


def result_message(view: JobView) -> dict[str, Any]:
    """Return what is posted into the thread at a job's end: edits of a card notify nobody."""
    icon = "notifications" if view.result else ICONS[view.state]
    text = _result(view)
    parts = [w.line(text, icon=icon)]
    if view.state == "failed":
        parts.append(w.paragraph(_made(view)))
    if view.link and view.link.startswith("http"):
        parts.append(w.buttons(w.link_button(OPEN.say(view.locale), view.link)))
    elif view.link:
        parts.append(w.line(view.link, icon="folder"))
    if view.moved:
        parts.append(w.paragraph(MOVED.say(view.locale)))
    message = w.message({"sections": [w.section(*parts)]}, "result", text)
    # Only a mention in the text notifies somebody who does not follow the thread.
    return message | ({"text": f"<{view.asker_id}>"} if view.asker_id else {})


def _result(view: JobView) -> str:
    if view.result is not None:
        return view.result
    sentence = {
        "failed": FAILURE,
        "cancelled": CANCELLED_RESULT,
        "undone": UNDONE_RESULT,
        "expired": EXPIRED_RESULT,
        "unsure": UNSURE_RESULT,
    }.get(view.state, RESULT)
    return sentence.say(
        view.locale,
        subject=view.subject,
        summary=view.summary,
        why=view.failure,
        what=view.question_line,
        done=view.done,
        total=view.total,
        undone=view.undone,
        left=len(view.left),
    )


def _headline(view: JobView) -> str:
    if view.state == "running" and view.cancelled_by:
        return STOPPING.say(view.locale)
    if view.state == "cancelled" and view.begun:
        return STOPPED.say(view.locale)
    return view.begins or HEADLINES[view.state].say(view.locale)


def reminder_message(view: JobView, until: str | None) -> dict[str, Any]:
    """Return what reminds of a plan that waits; ``until`` says when it expires, if it does."""
    text = STILL_WAITS.say(view.locale, subject=view.subject)
    below = [ASKED_BY.say(view.locale, who=view.asker)]
    below += [UNTIL.say(view.locale, until=until)] if until else []
    parts = [w.line(text, icon=ICONS["waiting"], bottom=" · ".join(below))]
    parts += [w.paragraph(MOVED.say(view.locale))] if view.moved else []
    message = w.message({"sections": [w.section(*parts)]}, "reminder", text)
    return message | {"text": f"<{view.asker_id}>"}


def _made(view: JobView) -> str:
    """Say how much of a failed job's plan is there."""
    if not view.done:
        return NOTHING_MADE.say(view.locale)
    return PARTLY_MADE.say(view.locale, done=view.done, total=view.total)


def _below(view: JobView) -> str | None:
    if view.waits_for:
        return view.waits_for
    if view.state == "running":
        return PROGRESS.say(view.locale, done=view.done, total=view.total)
    if view.state == "waiting" and view.approvers:
        who = ", ".join(view.approvers)
        return APPROVALS.say(view.locale, who=who, missing=view.missing)
    if view.state == "undoing":
        total = view.done + view.undone + len(view.left)
        return TAKING_BACK.say(view.locale, undone=view.undone, total=total)
    if view.state == "undone":
        parts = [TAKEN_BACK.say(view.locale, undone=view.undone, left=len(view.left))]
        if view.decided_by:
            parts.append(TAKEN_BACK_BY.say(view.locale, who=view.decided_by))
        return " · ".join(parts)
    if view.state == "cancelled" and view.begun:
        who = view.cancelled_by or ""
        return STOPPED_AFTER.say(view.locale, who=who, done=view.done, total=view.total)
    if view.state == "done":
        parts = [view.summary]
        if view.decided_by:
            parts.append(APPLIED_BY.say(view.locale, who=view.decided_by))
        return " · ".join(parts)
    if view.state == "cancelled" and view.decided_by:
        return DISCARDED_BY.say(view.locale, who=view.decided_by)
    return None


def _some(lines: Sequence[str], locale: str) -> list[w.Widget]:
    shown = w.paragraph("\n".join(lines[:PREVIEWED]))
    hidden = len(lines) - PREVIEWED
    if hidden <= 0:
        return [shown]
    return [shown, w.paragraph(AND_MORE.say(locale, n=hidden))]


def _buttons(view: JobView, url: str) -> list[w.Widget]:
    bound = {"job": view.job, "plan": view.plan_hash or ""}
    offered = []
    if view.state == "waiting":
        apply = w.Action(url, "apply", bound)
        discard = w.Action(url, "discard", bound)
        edit = w.Action(url, "edit", bound, opens_dialog=True)
        offered = [
            w.button(APPLY.say(view.locale), apply, filled=True),
            w.button(EDIT.say(view.locale), edit),
            w.button(DISCARD.say(view.locale), discard),
        ]
    if view.state in ("planning", "queued", "running") and not view.cancelled_by:
        offered.append(w.button(CANCEL.say(view.locale), w.Action(url, "cancel", bound)))
    if view.question:
        asked = bound | {"effect": view.question}
        offered += [
            w.button(HAPPENED.say(view.locale), w.Action(url, "happened", asked)),
            w.button(DID_NOT.say(view.locale), w.Action(url, "did_not", asked)),
        ]
    if view.state in ("done", "failed") and view.link and view.link.startswith("http"):
        offered.append(w.link_button(OPEN.say(view.locale), view.link))
    if view.can_retry:
        retry = w.Action(url, "show", {**bound, "what": "retry"}, opens_dialog=True)
        offered.append(w.button(RETRY.say(view.locale), retry, filled=True))
    if view.can_undo:
        undo = w.Action(url, "show", {**bound, "what": "undo"}, opens_dialog=True)
        offered.append(w.button(UNDO.say(view.locale), undo))
    if view.state in ("undone", "expired") or (view.state == "cancelled" and not view.begun):
        offered.append(w.button(AGAIN.say(view.locale), w.Action(url, "again", bound)))
    if view.lines:
        show = w.Action(url, "show", {**bound, "page": "0"}, opens_dialog=True)
        offered.append(w.button(SHOW_ALL.say(view.locale, n=len(view.lines)), show))
    return offered
