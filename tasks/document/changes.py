"""What a document says otherwise than the one it came from, or that it corrects."""

from collections.abc import Iterator, Sequence

from cards.sentences import Sentence
from ledger.plan import Note
from money.amount import Money
from money.bill import Line
from tasks.document.document import Document
from tasks.document.paper import amount, number

LISTED = 8
"""Changes that the card names; every line of the new document is in its list."""

SAME = Sentence("Same as {number}: {total}.", "{number} と同じ内容です（{total}）。")
OTHER = Sentence(
    "Unlike {number}: total {was} → {total}", "{number} との違い: 合計 {was} → {total}"
)
PARTY = Sentence("party {was} → {now}", "取引先 {was} → {now}")
ADDED = Sentence("added {line}", "追加 {line}")
REMOVED = Sentence("left out {line}", "削除 {line}")
CHANGED = Sentence("changed {text}: {was} → {now}", "変更 {text}: {was} → {now}")
DISCOUNT = Sentence("discount {was} → {now}", "値引 {was} → {now}")
TERMS = Sentence("prices with or without tax, or their currency", "税込・税抜または通貨")
MORE = Sentence("and {n} more", "ほか {n} 件")


def changes(was: Document, was_total: Money, now: Document, now_total: Money) -> Note:
    """Return what is told of a document that follows from an earlier one."""
    found = list(_changes(was, now))
    totals = {"number": was.number, "was": amount(was_total), "total": amount(now_total)}
    if not found and was_total == now_total:
        return Note(en=SAME.say("en", **totals), ja=SAME.say("ja", **totals))
    en, ja = (_told(found, totals, locale) for locale in ("en", "ja"))
    return Note(en=en, ja=ja)


def _told(found: Sequence[tuple[Sentence, dict[str, str]]], totals: dict[str, str], to: str) -> str:
    told = [OTHER.say(to, **totals)]
    told += [f"・{sentence.say(to, **values)}" for sentence, values in found[:LISTED]]
    if len(found) > LISTED:
        told.append(MORE.say(to, n=len(found) - LISTED))
    return "\n".join(told)


def _changes(was: Document, now: Document) -> Iterator[tuple[Sentence, dict[str, str]]]:
    if was.recipient.name != now.recipient.name:
        yield PARTY, {"was": was.recipient.name, "now": now.recipient.name}
    if (was.bill.mode, was.bill.currency) != (now.bill.mode, now.bill.currency):
        yield TERMS, {}
    left = list(was.bill.lines)
    for line in now.bill.lines:
        before = next((each for each in left if each.text == line.text), None)
        if before is None:
            yield ADDED, {"line": f"{line.text} {_charged(line)}"}
            continue
        left.remove(before)
        if _facts(before) != _facts(line):
            yield CHANGED, {"text": line.text, "was": _charged(before), "now": _charged(line)}
    for line in left:
        yield REMOVED, {"line": f"{line.text} {_charged(line)}"}
    off, off_now = (
        Money(sum(each.minor for each in document.bill.discounts), document.bill.currency)
        for document in (was, now)
    )
    if off != off_now:
        yield DISCOUNT, {"was": amount(off), "now": amount(off_now)}


def _facts(line: Line) -> tuple[object, ...]:
    """Return what matters of a line; the day of supply of what was only offered does not."""
    return line.quantity, line.unit, line.price, line.category, line.withheld


def _charged(line: Line) -> str:
    return f"{number(line.quantity)}{line.unit} × {number(line.price)}"
