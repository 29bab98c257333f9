"""A job's one card: what would be done, how far it is, what came of it."""

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
    "undoing": Sentence("Taking it back", "取り消しています"),
    "undone": Sentence("Taken back", "取り消しました"),
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
PROGRESS = Sentence("{done} of {total}", "{total} 件中 {done} 件")
ASKED_BY = Sentence("asked by {who}", "依頼者: {who}さん")
APPLIED_BY = Sentence("applied by {who}", "承認: {who}さん")
DISCARDED_BY = Sentence("discarded by {who}", "取りやめ: {who}さん")
RESULT = Sentence("{subject}: done ({summary})", "{subject}: 完了しました（{summary}）")
FAILURE = Sentence("{subject}: could not be done. {why}", "{subject}: 完了できませんでした。{why}")

NOTHING_MADE = Sentence("Nothing was made.", "何も作成していません。")
PARTLY_MADE = Sentence(
    "{done} of {total} were made before that and are still there.",
    "{total} 件中 {done} 件はすでに作成済みで、そのまま残っています。",
)
PLANNED_AGAIN = Sentence(
    "The template has changed since this was approved, so please look at the new plan.",
    "承認後にテンプレートが変更されたため、内容を作り直しました。もう一度ご確認ください。",
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
    sections = [w.section(*status)]
    if view.lines and view.state in ("waiting", "queued"):
        sections.append(w.section(*_preview(view), header=view.summary))
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
    if view.state == "failed":
        text = FAILURE.say(view.locale, subject=view.subject, why=view.failure)
        icon = "error"
    elif view.result is not None:
        text, icon = view.result, "notifications"
    else:
        text = RESULT.say(view.locale, subject=view.subject, summary=view.summary)
        icon = "check_circle"
    parts = [w.line(text, icon=icon)]
    if view.state == "failed":
        parts.append(w.paragraph(_made(view)))
    if view.link and view.link.startswith("http"):
        parts.append(w.buttons(w.link_button(OPEN.say(view.locale), view.link)))
    elif view.link:
        parts.append(w.line(view.link, icon="folder"))
    message = w.message({"sections": [w.section(*parts)]}, "result", text)
    # Only a mention in the text notifies somebody who does not follow the thread.
    return message | ({"text": f"<{view.asker_id}>"} if view.asker_id else {})


def _headline(view: JobView) -> str:
    return view.begins or HEADLINES[view.state].say(view.locale)


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
    if view.state == "done":
        parts = [view.summary]
        if view.decided_by:
            parts.append(APPLIED_BY.say(view.locale, who=view.decided_by))
        return " · ".join(parts)
    if view.state == "cancelled" and view.decided_by:
        return DISCARDED_BY.say(view.locale, who=view.decided_by)
    return None


def _preview(view: JobView) -> list[w.Widget]:
    shown = w.paragraph("\n".join(view.lines[:PREVIEWED]))
    hidden = len(view.lines) - PREVIEWED
    if hidden <= 0:
        return [shown]
    return [shown, w.paragraph(AND_MORE.say(view.locale, n=hidden))]


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
    if view.state in ("done", "failed") and view.link and view.link.startswith("http"):
        offered.append(w.link_button(OPEN.say(view.locale), view.link))
    if view.lines:
        show = w.Action(url, "show", {**bound, "page": "0"}, opens_dialog=True)
        offered.append(w.button(SHOW_ALL.say(view.locale, n=len(view.lines)), show))
    return offered
