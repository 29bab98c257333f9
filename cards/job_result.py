"""What a job posts into its thread besides its card: its end, and that its plan still waits.

Edits of a card notify nobody, so these are messages of their own.
"""

from typing import Any

from cards import widgets as w
from cards.job_card import ICONS, MOVED, NAMED, OPEN, PREVIEWED, JobView, made_of, written_by
from cards.sentences import Sentence

DONE = Sentence("{subject}: done ({summary})", "{subject}: 完了しました（{summary}）")
ASKS = Sentence(
    "{n} to decide: please answer on the card.", "確認が {n} 件あります。カードでお答えください。"
)
FAILED = Sentence("{subject}: could not be done. {why}", "{subject}: 完了できませんでした。{why}")
GO_ON = Sentence(
    "Once that is mended, “Go on” on the card does the rest.",
    "原因が解消したら、カードの「続きから再開」で残りを進められます。",
)
TRY_AGAIN = Sentence(
    "Once that is mended, use “Try again” on the card.",
    "原因が解消したら、カードの「もう一度試す」を押してください。",
)
STOPPED = Sentence(
    "{subject}: stopped by {who} after {done} of {total}. On the card, “Go on” does the rest and"
    " “Undo” takes these back.",
    "{subject}: {who}さんが中止しました（{total} 件中 {done} 件まで作成済み）。"
    "カードの「続きから再開」で残りを進めるか、「元に戻す」で作成済みのものを取り消せます。",
)
STOPPED_BEFORE = Sentence(
    "{subject}: stopped by {who} before anything was made.",
    "{subject}: {who}さんが中止しました。何も作成していません。",
)
UNDONE = Sentence("{subject}: taken back ({undone}).", "{subject}: 元に戻しました（{undone} 件）。")
PARTLY_UNDONE = Sentence(
    "{subject}: {undone} taken back, {left} left as they are. The card says why.",
    "{subject}: {undone} 件を元に戻し、{left} 件はそのまま残しました。理由はカードに表示しています。",
)
EXPIRED = Sentence(
    "{subject}: nobody decided in time, so nothing was made. “Ask again” on the card starts anew.",
    "{subject}: 期限までに承認されなかったため、実行しませんでした。"
    "カードの「もう一度依頼する」でやり直せます。",
)
UNSURE = Sentence(
    "{subject}: it is not known whether “{what}” happened. Please look, and answer on the card.",
    "{subject}: 「{what}」が実行されたか分かりません。ご確認のうえ、カードで回答してください。",
)
STILL_WAITS = Sentence("“{subject}” still waits for a decision", "「{subject}」はまだ承認待ちです")
UNTIL = Sentence("can be approved until {until}", "承認期限: {until}")


def result_message(view: JobView) -> dict[str, Any]:
    """Return what is posted into the thread at a job's end."""
    icon = "notifications" if view.result else ICONS[view.state]
    text = _result(view)
    parts = [w.line(text, icon=icon)]
    parts += [w.paragraph(why) for why in view.also_failed[:PREVIEWED]]
    if view.state == "failed":
        parts.append(w.paragraph(_way_on(view)))
    parts += [w.paragraph(each) for each in view.standing]
    if view.state == "done" and not view.approvers and view.result is None:
        parts += [w.paragraph(each) for each in view.notes]  # nobody has seen them before
    if view.link and view.link.startswith("http"):
        parts.append(w.buttons(w.link_button(OPEN.say(view.locale), view.link)))
    elif view.link:
        parts.append(w.line(view.link, icon="folder"))
    return _posted(view, "result", text, parts)


def reminder_message(view: JobView, until: str | None) -> dict[str, Any]:
    """Return what reminds of a plan that waits; ``until`` says when it expires, if it does."""
    text = STILL_WAITS.say(view.locale, subject=view.subject)
    below = [written_by(view)]
    below += [UNTIL.say(view.locale, until=until)] if until else []
    line = w.line(text, icon=ICONS["waiting"], bottom=" · ".join(below))
    return _posted(view, "reminder", text, [line])


def _posted(view: JobView, role: str, text: str, parts: list[w.Widget]) -> dict[str, Any]:
    if view.moved:
        parts.append(w.paragraph(MOVED.say(view.locale)))
    message = w.message({"sections": [w.section(*parts)]}, role, text)
    # Only a mention in the text notifies somebody who does not follow the thread.
    wrote = [each for each in (view.asker_id, *view.editor_ids[-NAMED:]) if each]
    return message | ({"text": " ".join(f"<{each}>" for each in wrote)} if wrote else {})


def _result(view: JobView) -> str:
    if view.questions and view.state == "done":
        asks = ASKS.say(view.locale, n=len(view.questions))
        done = DONE.say(view.locale, subject=view.subject, summary=view.summary)
        return f"{done} {asks}" if view.summary else f"{view.title}: {asks}"
    if view.result is not None:
        return view.result
    if view.state == "unsure" and view.question is None:
        return f"{view.subject}: {view.failure}"
    sentences = {
        "failed": FAILED,
        "cancelled": STOPPED if view.done else STOPPED_BEFORE,
        "undone": PARTLY_UNDONE if view.left else UNDONE,
        "expired": EXPIRED,
        "unsure": UNSURE,
    }
    return sentences.get(view.state, DONE).say(
        view.locale,
        subject=view.subject,
        summary=view.summary,
        why=view.failure,
        what=view.question_line,
        who=view.cancelled_by,
        done=view.done,
        total=view.total,
        undone=view.undone,
        left=len(view.left),
    )


def _way_on(view: JobView) -> str:
    """Say how much of a failed job's plan is there, and what a person can do now."""
    made = made_of(view)
    if not view.can_retry:
        return made
    way = GO_ON if view.begun else TRY_AGAIN
    return f"{made}\n{way.say(view.locale)}"
