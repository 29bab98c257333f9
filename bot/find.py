"""The query /find: documents by number, party, day and amount, as far as the asker may see them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.answer import NAME, Answer, Said, privately
from bot.decisions import page_of
from bot.event import Event
from bot.query import AtHand, Query, on_record, page
from cards import widgets as w
from cards.lists import page_card
from cards.sentences import Sentence
from ledger import documents
from ledger.database import now
from ledger.documents import DocumentState, Found
from ledger.models import Job
from money.amount import Money
from tasks.document.document import NAMES, DocumentKind
from tasks.document.paper import amount
from tasks.document.said import STATES
from tasks.document.sought import sought

FIND = Sentence("Find quotes and invoices", "見積書・請求書などを探す")
MOST = 300
"""Documents that are listed; whoever wants more narrows it down, or asks for the CSV."""
NOTHING = Sentence(
    "There is no such document that you may see here. Write a number, words of the party’s name, a"
    " month or day, an amount or a range, such as “/find 富士 2026-11” or “/find 100000-200000”.",
    "該当する書類はここにはありません。「/find 富士 2026-11」「/find 100000-200000」のように、"
    "番号・取引先名・年月日・金額（範囲も可）で探せます。",
)
NEWEST = Sentence(
    "The newest {n}. Write more behind /find to narrow it down.",
    "新しい順に {n} 件です。/find の後に条件を加えると絞り込めます。",
)


def find(event: Event, at_hand: AtHand) -> Answer:
    """List what answers to everything that was typed, newest first.

    The answer raises NotADay and TooLong.
    """

    def answer(tx: Session) -> Said:
        card = _card(tx, event, at_hand, event.text, opens_dialog=True)
        return Said(privately(event, card, w.message(card, "find", FIND.say(event.user.locale))))

    return answer


def _page(tx: Session, event: Event, at_hand: AtHand) -> w.Card:
    """Return another page of what was found. Raises NotADay and TooLong."""
    return _card(tx, event, at_hand, event.parameters.get("text", ""))


turn = page("find", _page)


def _card(
    tx: Session, event: Event, at_hand: AtHand, text: str, *, opens_dialog: bool = False
) -> w.Card:
    locale = event.user.locale
    wanted = sought(text, now().astimezone(at_hand.zone).date())
    visible = select(Job.id).where(on_record(event, at_hand))
    found = documents.search(tx, wanted, MOST, of_jobs=visible)
    if not found:
        return w.card(NAME, w.section(w.paragraph(NOTHING.say(locale))))
    links = documents.links(tx, [each.row.number for each in found])
    lines = [_line(each, links.get(each.row.number), locale) for each in found]
    turns = w.Action(at_hand.url, "find", {"text": text}, opens_dialog=opens_dialog)
    note = NEWEST.say(locale, n=MOST) if len(found) == MOST else None
    return page_card(FIND.say(locale), lines, page_of(event), locale, turns, note=note)


def _line(found: Found, link: str | None, locale: str) -> w.Markup:
    row = found.row
    opens = link is not None and link.startswith("http")
    told = [
        w.link(row.number, link) if link and opens else w.escape(row.number),
        w.escape(NAMES[DocumentKind(row.kind)].say(locale)),
        w.escape(row.issued.isoformat()),
        w.escape(row.party_name),
        w.escape(amount(Money(row.amount, row.currency))),
    ]
    if found.state is not DocumentState.ISSUED:
        told.append(w.escape(STATES[found.state].say(locale)))
    told += [w.escape(each) for each in (found.why, None if opens else link) if each]
    return w.Markup(" · ".join(told))


QUERY = Query("find", 110, FIND, ("検索", "探す", "書類"), find, turn)
