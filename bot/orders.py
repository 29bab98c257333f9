"""The cards' decisions as commands, for a card that has scrolled away: /approve, /cancel and so on.

The answer shows the job's card once more, to the asker alone; its buttons do the rest, bound to
the plan that is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from bot.answer import Answer, Said, notice, privately
from bot.event import Event
from cards import widgets as w
from cards.job_card import JobView, job_card
from cards.sentences import Sentence
from ledger.models import Job, Number
from ledger.steering import CANCELLABLE
from tasks import preview

LOOKED_AT, SHOWN = 50, 3
NONE = Sentence(
    "There is no such request here. Write its number or a word of it after the command, such as"
    " “/{name} P-2026-0001”.",
    "該当する依頼がここにはありません。「/{name} P-2026-0001」のように、番号か件名の一部を続けて入力してください。",
)
MORE = Sentence(
    "There are {n} more. Write the number or a word of it after the command to see another.",
    "ほかにも {n} 件あります。番号か件名の一部を続けて入力すると絞り込めます。",
)


@dataclass(frozen=True)
class Order:
    """A decision that is looked for by command."""

    name: str
    command_id: int
    about: Sentence
    words: tuple[str, ...]
    fits: Callable[[JobView], bool]
    """Whether a job is in a state that the decision is about."""

    def answer(self, event: Event, text: str, url: str) -> Answer:
        """Show the latest jobs of the space that fit, or those that ``text`` names."""

        def answer(tx: Session) -> Said:
            found = tx.scalars(
                select(Job)
                .where(Job.space == (event.space and event.space.name), _named(text))
                .order_by(Job.asked_at.desc())
                .limit(LOOKED_AT)
            )
            locale = event.user.locale
            fitting = [each for job in found if self.fits(each := preview.view(tx, job, locale))]
            if not fitting:
                return Said(notice(event, NONE.say(locale, name=self.name)))
            cards = [job_card(each, url) for each in fitting[:SHOWN]]
            if (hidden := len(fitting) - SHOWN) > 0:
                more = w.section(w.paragraph(MORE.say(locale, n=hidden)))
                cards[-1]["sections"].append(more)
            message = {
                "cardsV2": [{"cardId": f"job-{n}", "card": card} for n, card in enumerate(cards)],
                "fallbackText": self.about.say(locale),
            }
            return Said(privately(event, cards[0], message))

        return answer


def _named(text: str) -> ColumnElement[bool]:
    """Return the condition that a job bears this number or has these words in its subject."""
    ref = text.strip()
    if not ref:
        return true()
    numbered = select(Number.job_id).where(Number.written == ref)
    return or_(Job.id.in_(numbered), Job.subject.contains(ref, autoescape=True))


ORDERS = {
    order.name: order
    for order in (
        Order(
            "approve",
            105,
            Sentence("Decide about a plan that waits", "承認待ちの依頼を確認する"),
            ("承認",),
            lambda view: view.state == "waiting",
        ),
        Order(
            "cancel",
            106,
            Sentence("Stop a request", "依頼を中止する"),
            ("中止", "キャンセル"),
            lambda view: view.state in (*CANCELLABLE, "waiting"),
        ),
        Order(
            "retry",
            107,
            Sentence("Go on with one that stopped", "止まった依頼を再開する"),
            ("再開", "再実行"),
            lambda view: view.can_retry,
        ),
        Order(
            "undo",
            108,
            Sentence("Take back what a request made", "実行した内容を取り消す"),
            ("取り消し", "取消"),
            lambda view: view.can_undo,
        ),
    )
}
