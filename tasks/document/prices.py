"""The price list (単価表): what the form leaves open of a line is filled in from a sheet."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from cards.sentences import Sentence
from errors.listing import NoPrice, PricedOtherwise, PricedTwice, PriceUnread
from money.amount import YEN
from money.bill import Mode
from money.rates import NAMES, Category
from reading.text import same
from tasks.base import Look
from tasks.document.listing import ListedRow, Listing
from tasks.document.pages import MODES, Head, LinePage
from tasks.document_sheets import PriceSheet

CATEGORIES = {
    **{str(category): category for category in Category},
    **{text: category for category, name in NAMES.items() for text in (name.en, name.ja)},
    **dict.fromkeys(("10%", "標準"), Category.STANDARD),
    **dict.fromkeys(("軽減", "軽減8%", "8%軽減", "8%(軽減)"), Category.REDUCED),
    "免税": Category.ZERO,
    "不課税": Category.OUTSIDE,
}
"""What a category may be called. A bare 8 % may be the old rate or the reduced one."""
IN_YEN = Sentence("in yen", "円建て")
OPEN = (None, "", Category.STANDARD)
"""What a field says that nobody has touched."""


def priced(lines: Sequence[LinePage], head: Head, look: Look) -> tuple[LinePage, ...]:
    """Return the lines with what the price list says where the form says nothing.

    Raises NoPrice, PriceUnread, PricedTwice, PricedOtherwise, and as ``Listing.read`` does.
    """
    place = look.setting.document_sheets.prices
    if place is None or all(line.price is not None for line in lines):
        return tuple(lines)
    listing = Listing.read(place, look.google_sheets)
    known: defaultdict[str, list[ListedRow]] = defaultdict(list)
    for row in listing.rows:
        known[same(row.text("name") or "")].append(row)
    return tuple(_filled(line, known[same(line.text)], head, place) for line in lines)


def in_yen(text: str, currency: str) -> PricedOtherwise:
    """Return that a price is known in yen, and the document is in another currency."""
    return _otherwise(text, IN_YEN, Sentence(f"in {currency}", f" {currency} 建て"))


def _filled(line: LinePage, rows: Sequence[ListedRow], head: Head, place: PriceSheet) -> LinePage:
    """Return a line with what its row says of it; one whose price was typed is left as it is."""
    if line.price is not None:
        return line
    if not rows:
        raise NoPrice(text=line.text)
    if len(rows) > 1:
        raise PricedTwice(text=line.text, rows="、".join(str(row.number) for row in rows))
    _demand_fitting(line, head, place)
    given = {name: value for name, value in _said(rows[0]) if getattr(line, name) in OPEN}
    try:
        return LinePage.model_validate(line.model_dump() | given)
    except ValidationError as error:
        field = str(error.errors(include_url=False)[0]["loc"][0])
        raise _unread(rows[0], field) from error


def _demand_fitting(line: LinePage, head: Head, place: PriceSheet) -> None:
    if head.currency != YEN:
        raise in_yen(line.text, head.currency)
    known = Mode.INCLUSIVE if place.with_tax else Mode.EXCLUSIVE
    if head.mode not in (known, Mode.UNTAXED):
        raise _otherwise(line.text, MODES[known], MODES[head.mode])


def _otherwise(text: str, known: Sentence, wanted: Sentence) -> PricedOtherwise:
    return PricedOtherwise(
        text=text, known=known.en, known_ja=known.ja, wanted=wanted.en, wanted_ja=wanted.ja
    )


def _said(row: ListedRow) -> Iterator[tuple[str, Any]]:
    """Yield what a row says of a line's fields. Raises NoPrice and PriceUnread."""
    price = row.text("price")
    if price is None:
        raise _unread(row, "price")
    if not price:
        raise NoPrice(text=row.text("name"))
    yield "price", price
    if unit := row.text("unit"):
        yield "unit", unit
    if said := row.text("category"):
        category = _CATEGORIES.get(same(said))
        if category is None:
            raise _unread(row, "category")
        yield "category", category


def _unread(row: ListedRow, field: str) -> PriceUnread:
    return PriceUnread(cell=row.address(field), said=" ".join(str(row.cell(field)).split())[:50])


_CATEGORIES: Mapping[str, Category] = {same(name): each for name, each in CATEGORIES.items()}
