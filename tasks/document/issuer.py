"""Who issues the documents: ``issuer.toml`` in the documents' templates."""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from errors.document import SellerNotRegistered
from errors.money import MoneyError
from errors.settings import IssuerFileBroken
from files import plain, toml
from money.bill import Frozen
from money.registration import registration_number
from money.rounding import Rounding

FILE = "issuer.toml"

Text = Annotated[str, Field(min_length=1, max_length=200)]


class Registration(Frozen):
    """Since when, and until when, the seller issues qualified invoices."""

    number: Annotated[str, AfterValidator(registration_number)]
    since: Annotated[date, Field(alias="from")]
    until: Annotated[date | None, Field(alias="to")] = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class Issuer(Frozen):
    name: Text
    postal: str = ""
    address: tuple[Text, ...] = ()
    contact: tuple[Text, ...] = ()
    """Lines with telephone, mail and the like."""
    bank: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    """What stands on every invoice."""
    registration: Registration | None = None
    """None: exempt from consumption tax."""
    individual: bool = False
    """Whether payers withhold income tax of its fees."""
    tax_rounding: Rounding = Rounding.DOWN
    line_rounding: Rounding = Rounding.DOWN
    logo: str | None = None
    seal: str | None = None
    sample: bool = False
    """Whether the file is still the one that comes with Kakari, of a made-up firm."""

    @classmethod
    def read(cls, folder: Path) -> "Issuer":
        """Read the file. Raises FileRefused, and IssuerFileBroken, which says what is wrong."""
        try:
            found = toml.parse(plain.read(folder.parent, Path(folder.name, FILE), toml.MOST_BYTES))
            issuer = cls.model_validate(found)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            raise IssuerFileBroken(file=FILE, problem=problem) from error
        except (OSError, ValueError, MoneyError) as error:  # of TOML, of UTF-8, of the number
            raise IssuerFileBroken(file=FILE, problem=error) from error
        for image in filter(None, (issuer.logo, issuer.seal)):
            if Path(image).name != image or not (folder / image).is_file():
                raise IssuerFileBroken(file=FILE, problem=f"{image} is not there")
        return issuer

    def number_for(self, days: tuple[date, ...]) -> str | None:
        """Return the number that documents about these days of supply bear, if any.

        Raises SellerNotRegistered if it is registered, but not for all of them.
        """
        if self.registration is None:
            return None
        for day in days:
            if not self.registration.holds(day):
                raise SellerNotRegistered(day=day, since=self.registration.since)
        return self.registration.number
