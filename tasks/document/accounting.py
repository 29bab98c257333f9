"""The port to an accounting service: what has to happen so that a document is in the books.

Now there is one: Kakari's own register. One for freee or another service returns its effects,
too, after that of the register; the tasks need not know.
"""

from collections.abc import Iterator
from typing import Protocol

from ledger.plan import Draft, Effect


class Books(Protocol):
    """Where documents are entered."""

    def entries(self, draft: Draft, issue: Effect) -> Iterator[Effect]:
        """Yield what enters a document; ``issue`` is the effect that issues it.

        The effects come after ``issue``, have keys of their own, and name the document by its
        slot. The same draft yields the same effects: a person approves their hash.
        """
        ...


class OwnRegister:
    """No service: to issue a document is to enter it, for the ledger's register is the book."""

    def entries(self, draft: Draft, issue: Effect) -> Iterator[Effect]:
        yield from ()
