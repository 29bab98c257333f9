"""What documents are made with: the deployer's own folder ``templates/documents``."""

from dataclasses import dataclass
from pathlib import Path

from effects.typesetting import Layout
from money.rates import Rates
from tasks.document.issuer import Issuer

TAX_FILE = "tax.toml"


@dataclass(frozen=True)
class Office:
    issuer: Issuer
    rates: Rates
    layout: Layout

    @classmethod
    def read(cls, templates: Path) -> "Office":
        """Read the folder. Raises IssuerFileBroken, TaxFileBroken and FileRefused."""
        folder = templates / "documents"
        rates = Rates.read(folder / TAX_FILE)
        return cls(Issuer.read(folder), rates, Layout.read(folder))
