"""What a document is about in money, where that decides who approves it."""

import math
from collections.abc import Iterator
from fractions import Fraction

from ledger.plan import Draft
from money.amount import Money
from money.bill import Mode
from tasks.document.said import FrozenDocument


def sums_of(draft: Draft) -> Iterator[Money]:
    """Yield the document's total, and twice what its lines and discounts take off one another.

    So all of it counts as if every line were charged: ten million less nine million is nineteen,
    for both are what somebody should have seen. The sum of absolutes is the absolute sum and
    twice the smaller side; so a document without such lines counts as its total, to the coin.
    """
    yield Money(draft.amount, draft.currency)
    whole = FrozenDocument.model_validate(draft.data)
    bill = whole.document.bill
    on_top = bill.mode is Mode.EXCLUSIVE
    percents = [group.percent for group in whole.groups] if on_top else []
    charged = [bill.amount(line).minor for line in bill.lines]
    charged += [-discount.minor for discount in bill.discounts]
    given, taken = (sum(abs(each) for each in charged if each * sign > 0) for sign in (1, -1))
    with_tax = 1 + Fraction(max(percents, default=0)) / 100
    yield Money(2 * math.ceil(min(given, taken) * with_tax), draft.currency)
