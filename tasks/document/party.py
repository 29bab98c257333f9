"""A party as its task writes it into the ledger, and as documents need it."""

from typing import Any

from ledger.models import PartyRow
from money.bill import Frozen
from money.terms import Terms
from tasks.document.document import Honorific, Recipient


class Party(Frozen):
    name: str
    honorific: Honorific = Honorific.FIRM
    postal: str = ""
    address: tuple[str, ...] = ()
    person: str = ""
    terms: Terms = Terms()
    registration: str | None = None

    @classmethod
    def of(cls, row: PartyRow) -> "Party":
        return cls(name=row.name, **row.details)

    def details(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude={"name"})

    @property
    def recipient(self) -> Recipient:
        return Recipient(
            name=self.name,
            honorific=self.honorific,
            postal=self.postal,
            address=self.address,
            person=self.person,
        )
