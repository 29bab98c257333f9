"""The cards' decisions as commands, for a card that has scrolled away: /approve, /cancel and so on.

The answer shows the job's card once more, to the asker alone; its buttons do the rest, bound to
the plan that is shown.
"""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.answer import Answer, Said, notice, privately
from bot.event import Event
from bot.query import AtHand, Query, visible
from cards import widgets as w
from cards.job_card import JobView, job_card
from cards.sentences import Sentence
from ledger import history
from ledger.models import Job
from ledger.steering import CANCELLABLE
from tasks import preview

LOOKED_AT, SHOWN = 50, 3
NONE = Sentence(
    "There is no such request here. Write its number or words of its subject behind the command,"
    " such as “/{name} P-2026-0001”.",
    "該当する依頼がここにはありません。「/{name} P-2026-0001」のように、番号か件名の言葉を付けて入力してください。",
)
MORE = Sentence(
    "There are {n} more. Write the number or words of the subject behind the command.",
    "ほかに {n} 件あります。番号か件名の言葉を付けて入力してください。",
)


def _order(
    name: str,
    command_id: int,
    about: Sentence,
    words: tuple[str, ...],
    fits: Callable[[JobView], bool],
) -> Query:
    """Return the command that shows the space's latest jobs that a decision fits.

    With a number or words of a subject, those among them.
    """

    def order(event: Event, at_hand: AtHand) -> Answer:
        locale = event.user.locale

        def answer(tx: Session) -> Said:
            # A card's buttons are good in its own space only.
            here = Job.space == (event.space and event.space.name)
            found = tx.scalars(
                select(Job)
                .where(here, visible(event, at_hand), history.refers_to(event.text.strip()))
                .order_by(Job.asked_at.desc())
                .limit(LOOKED_AT)
            )
            fitting = [each for job in found if fits(each := preview.view(tx, job, locale))]
            if not fitting:
                return Said(notice(event, NONE.say(locale, name=name)))
            cards = [job_card(each, at_hand.url) for each in fitting[:SHOWN]]
            if (hidden := len(fitting) - SHOWN) > 0:
                more = w.section(w.paragraph(MORE.say(locale, n=hidden)))
                cards[-1]["sections"].append(more)
            message = {
                "cardsV2": [{"cardId": f"job-{n}", "card": card} for n, card in enumerate(cards)],
                "fallbackText": about.say(locale),
            }
            return Said(privately(event, cards[0], message))

        return answer

    return Query(name, command_id, about, words, order)


ORDERS = (
    _order(
        "approve",
        105,
        Sentence("Decide about a plan that waits", "承認待ちの依頼を確認する"),
        ("承認",),
        lambda view: view.state == "waiting",
    ),
    _order(
        "cancel",
        106,
        Sentence("Stop a request", "依頼を中止する"),
        ("中止", "キャンセル"),
        lambda view: view.state in (*CANCELLABLE, "waiting"),
    ),
    _order(
        "retry",
        107,
        Sentence("Go on with a request that stopped", "止まった依頼を再開する"),
        ("再開", "再実行"),
        lambda view: view.can_retry,
    ),
    _order(
        "undo",
        108,
        Sentence("Take back what a request made", "作成したものを元に戻す"),
        ("元に戻す", "取り消し", "取消"),
        lambda view: view.can_undo,
    ),
)
