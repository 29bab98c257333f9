"""What is answered at once from the ledger, to the asker alone: /jobs, /audit, /status, /help."""

from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.answer import NAME, Answer, Said, privately
from bot.audit import audit, turn
from bot.event import Event
from bot.find import QUERY as FIND
from bot.orders import ORDERS
from bot.permissions import Permissions
from bot.query import AtHand, Query, visible
from bot.reply import Reply
from bot.schedule import QUERY as SCHEDULE
from cards import widgets as w
from cards.audit_card import AUDIT
from cards.job_card import HEADLINES, ICONS, LATER
from cards.sentences import Sentence
from ledger import owed
from ledger.database import now
from ledger.models import Job, JobState
from tasks.preview import begins_at
from tasks.registry import all_tasks

LISTED = 10
JOBS = Sentence("The latest requests", "最近の依頼")
NO_JOBS = Sentence(
    "Nothing has been asked for yet. /help shows what there is.",
    "まだ依頼はありません。/help でできることを確認できます。",
)
AGO = Sentence("{time} ago", "{time}前")
WORKING = Sentence("Ready; workers: {n}.", "受付は正常です（ワーカー {n} 台）。")
NOBODY = Sentence(
    "No worker is running. What you ask for is kept, and starts when one is back.",
    "ワーカーが動いていません。依頼は保管され、復旧後に自動で始まります。",
)
LOST = Sentence("Messages that could not be delivered: {n}", "届けられなかったメッセージ: {n} 件")
QUEUE_AWAY = Sentence(
    "The queue is away. What you ask for is kept, and starts when it is back.",
    "ただいま処理を開始できません。依頼は保管され、復旧後に自動で始まります。",
)
COUNTS = Sentence(
    "{waiting} waiting for a decision · {later} for later · {queued} in the queue"
    " · {running} being worked on",
    "承認待ち {waiting} 件・予定 {later} 件・順番待ち {queued} 件・作業中 {running} 件",
)
HELP = Sentence("What I can do", "できること")
MENTION = Sentence(
    "In a space you can also write “@Kakari project”.",
    "スペースでは「@Kakari 案件」のように話しかけても使えます。",
)
ABOUT_JOBS = Sentence("The latest requests and how far they are", "最近の依頼と進み具合")
ABOUT_STATUS = Sentence("Whether Kakari is at work", "Kakari の稼働状況")
ABOUT_HELP = Sentence("What Kakari can do", "できることの一覧")


def jobs(event: Event, at_hand: AtHand) -> Answer:
    """List the jobs of the space, or in a direct message the asker's own."""

    def reply(tx: Session) -> Reply:
        found = tx.scalars(
            select(Job).where(visible(event, at_hand)).order_by(Job.asked_at.desc()).limit(LISTED)
        ).all()
        locale = event.user.locale
        lines = [_line(job, locale, at_hand.zone) for job in found]
        if not lines:
            return _privately(event, JOBS, w.paragraph(NO_JOBS.say(locale)))
        return _privately(event, JOBS, *lines)

    return lambda tx: Said(reply(tx))


def status(event: Event, at_hand: AtHand) -> Answer:
    """Say whether somebody works, and how much is on its way."""
    workers = at_hand.bell.listeners()
    heard = QUEUE_AWAY if workers is None else WORKING if workers else NOBODY

    def reply(tx: Session) -> Reply:
        by_state = select(Job.state, func.count().label("jobs")).group_by(Job.state)
        counted = {row.state: row.jobs for row in tx.execute(by_state)}
        later = tx.scalar(select(func.count()).where(Job.scheduled)) or 0
        counts = COUNTS.say(
            event.user.locale,
            waiting=counted.get(JobState.WAITING, 0),
            later=later,
            queued=counted.get(JobState.QUEUED, 0) + counted.get(JobState.PLANNING, 0) - later,
            running=counted.get(JobState.RUNNING, 0),
        )
        says = heard.say(event.user.locale, n=workers)
        lines = [w.line(says, icon="monitor_heart", bottom=counts)]
        if lost := owed.undeliverable(tx):
            lines.append(w.line(LOST.say(event.user.locale, n=lost), icon="error"))
        return _privately(event, ABOUT_STATUS, *lines)

    return lambda tx: Said(reply(tx))


def help_card(event: Event, permissions: Permissions, lead: str | None = None) -> Reply:
    """Show every command that the person may use; ``lead`` stands before them."""
    locale = event.user.locale
    tasks = all_tasks()
    lines = [w.paragraph(lead)] if lead else []
    lines += [
        w.line(f"/{name}", icon="task_alt", bottom=tasks[name].about.say(locale))
        for name in permissions.askable(event, tasks)
    ]
    lines += [
        w.line(f"/{name}", icon="search", bottom=QUERIES[name].about.say(locale))
        for name in permissions.askable(event, QUERIES)
    ]
    lines.append(w.paragraph(MENTION.say(locale)))
    return _privately(event, HELP, *lines)


def _help(event: Event, at_hand: AtHand) -> Answer:
    return lambda _tx: Said(help_card(event, at_hand.permissions))


def _line(job: Job, locale: str, zone: ZoneInfo) -> w.Widget:
    passed = format_timedelta(
        now() - job.asked_at, locale="ja" if locale.startswith("ja") else "en"
    )
    title = all_tasks()[job.task].title.say(locale)
    icon, state = ICONS[job.state], HEADLINES[job.state].say(locale)
    if job.not_before and job.scheduled:
        icon, state = LATER, begins_at(job.not_before.astimezone(zone), locale)
    return w.line(
        f"{title}: {job.subject}",
        icon=icon,
        bottom=f"{state} · {AGO.say(locale, time=passed)}",
    )


def _privately(event: Event, title: Sentence, *lines: w.Widget) -> Reply:
    card = w.card(NAME, w.section(*lines), subtitle=title.say(event.user.locale))
    return privately(event, card, w.message(card, "answer", title.say(event.user.locale)))


QUERIES = {
    query.name: query
    for query in (
        Query("jobs", 101, ABOUT_JOBS, ("依頼", "一覧"), jobs),
        Query("audit", 104, AUDIT, ("監査", "履歴"), audit, turn),
        Query("status", 102, ABOUT_STATUS, ("状態", "状況"), status),
        Query("help", 103, ABOUT_HELP, ("ヘルプ", "使い方"), _help),
        SCHEDULE,
        FIND,
        *ORDERS,
    )
}
