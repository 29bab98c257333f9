"""What the audit tells people: the latest jobs, and everything that was noted of one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cards import widgets as w
from cards.job_card import APPLIED_BY, HEADLINES, ICONS, OPEN, asked_by
from cards.lists import BYTES, page_card
from cards.sentences import Sentence

AUDIT = Sentence("Who asked, who approved, what came of it", "依頼・承認・実行結果の記録")
NONE = Sentence("Nothing has been asked for here yet.", "ここではまだ依頼がありません。")
SHOW = Sentence("Show the record", "記録を見る")
LATEST = Sentence(
    "Only the latest {n} are listed. For another one, write its number or words of its subject "
    "behind /audit.",
    "最新の {n} 件です。ほかの依頼は、/audit の後に番号か件名の言葉を付けて探せます。",
)
COUNTED = Sentence("{what}: {n}", "{what}: {n}件")
WHO = Sentence("{who}", "{who}さん")
PLAN = Sentence("plan {plan}", "内容 {plan}")
PLAN_DIGITS = 8
"""Hexadecimal digits of a plan's hash that tell one plan of a job from another."""

WORDS = {
    "asked": Sentence("Asked", "依頼"),
    "planned": Sentence("Plan made", "内容を作成"),
    "edited": Sentence("Request edited", "依頼を修正"),
    "approved": Sentence("Approved", "承認"),
    "discarded": Sentence("Discarded", "取りやめ"),
    "reminded": Sentence("Reminded", "承認待ちをお知らせ"),
    "expired": Sentence("Expired: nobody decided in time", "承認期限切れ"),
    "cancelled": Sentence("Cancelled", "中止"),
    "retried": Sentence("Retried", "再実行"),
    "unsure": Sentence("Asked whether an effect happened", "実行されたかどうかの確認待ち"),
    "answered": Sentence("Answered whether it happened", "実行されたかどうかを回答"),
    "done": Sentence("Done", "完了"),
    "failed": Sentence("Failed", "失敗"),
    "undo_asked": Sentence("Undo asked for", "元に戻すよう依頼"),
    "undone": Sentence("Undone", "元に戻す作業が完了"),
    "asked_again": Sentence("Asked again", "再依頼"),
    "restored": Sentence("Restored from a backup", "バックアップから復元"),
    "effect.done": Sentence("Carried out", "実行済み"),
    "effect.failed": Sentence("Not carried out", "実行できず"),
    "effect.undone": Sentence("Taken back", "元に戻し済み"),
    "effect.left": Sentence("Left as it is", "そのまま残したもの"),
}
"""The audit's words as people read them; of effects also those that are counted."""


@dataclass(frozen=True)
class Past:
    """A job in the list, in the words of one locale."""

    job: str
    title: str
    state: str
    asker: str
    approved_by: Sequence[str]
    outcomes: Mapping[str, int]
    """How many effects came to what, by the audit's word."""
    link: str | None
    asked_before: Sequence[str] = ()
    editors: Sequence[str] = ()
    """Who wrote the request besides the asker."""


@dataclass(frozen=True)
class Entry:
    """One note of a job's record."""

    at: str
    what: str
    who: str | None = None
    plan: str | None = None
    effect: str | None = None
    why: str | None = None
    link: str | None = None


def list_card(name: str, found: Sequence[Past], locale: str, url: str, *, more: bool) -> w.Card:
    """Draw a list of jobs, as many as a card has room for; ``more`` says there are others."""
    sections = [_listed(past, locale, url) for past in found]
    while len(json.dumps(sections, ensure_ascii=False).encode()) > BYTES:
        sections.pop()
        more = True
    if not sections:
        sections = [w.section(w.paragraph(NONE.say(locale)))]
    elif more:
        sections.append(w.section(w.paragraph(LATEST.say(locale, n=len(sections)))))
    return w.card(name, *sections, subtitle=AUDIT.say(locale))


def record_card(
    title: str, record: Sequence[Entry], page: int, locale: str, turn: w.Action
) -> w.Card:
    """Draw one page of a job's record; ``turn`` asks for another."""
    return page_card(title, [_line(entry, locale) for entry in record], page, locale, turn)


def _listed(past: Past, locale: str, url: str) -> w.Widget:
    people = [asked_by(past.asker, locale, past.asked_before, past.editors)]
    people += [APPLIED_BY.say(locale, who=who) for who in past.approved_by]
    counts = [
        COUNTED.say(locale, what=WORDS[what].say(locale), n=n)
        for what, n in sorted(past.outcomes.items())
    ]
    told = w.paragraph("\n".join(" · ".join(part) for part in (people, counts) if part))
    show = w.Action(url, "audit", {"job": past.job, "page": "0"}, opens_dialog=True)
    offered = [w.button(SHOW.say(locale), show)]
    if past.link and past.link.startswith("http"):
        offered.append(w.link_button(OPEN.say(locale), past.link))
    state = HEADLINES[past.state].say(locale)
    line = w.line(past.title, icon=ICONS[past.state], bottom=state)
    return w.section(line, told, w.buttons(*offered))


def _line(entry: Entry, locale: str) -> w.Markup:
    """Return a note as one line: when, what, and of the rest what there is."""
    told = [
        entry.who and WHO.say(locale, who=entry.who),
        entry.effect,
        entry.plan and PLAN.say(locale, plan=entry.plan[:PLAN_DIGITS]),
        entry.why,
    ]
    parts = [w.escape(f"{entry.at} {WORDS[entry.what].say(locale)}")]
    parts += [w.escape(each) for each in told if each]
    if entry.link:
        opens = entry.link.startswith("http")
        parts.append(w.link(OPEN.say(locale), entry.link) if opens else w.escape(entry.link))
    return w.Markup(" · ".join(parts).replace("\n", " "))
