"""The register of documents as CSV, with their files: what a tax inspector asks for."""

from pathlib import Path
from typing import BinaryIO

from kakari import private_files
from kakari.csv_table import CsvTable
from ledger import documents
from ledger.database import Ledger
from ledger.documents import Search
from money.amount import Money

HEADER = ("number", "kind", "state", "issued", "party", "amount", "currency", "about", "reason")
MOST = 100_000
"""Documents that one search lists."""


def export(ledger: Ledger, wanted: Search, out: BinaryIO, into: Path | None = None) -> None:
    """Write a line for each document that is found; ``into`` gets the files.

    The amount is what is searched by: with tax, in whole units. The reason is why it is void.
    """
    with CsvTable(out, HEADER) as table, ledger.read() as tx:
        for found in documents.search(tx, wanted, MOST):
            row = found.row
            amount = Money(row.amount, row.currency).units
            table.add(
                (
                    row.number,
                    row.kind,
                    found.state,
                    row.issued,
                    row.party_name,
                    amount,
                    row.currency,
                    row.about or "",
                    found.why or "",
                )
            )
            if into is not None and documents.stored(tx, [row.number]):
                name = f"{row.issued:%Y%m%d}_{row.number}.pdf"
                with private_files.written(into / name) as file:
                    file.write(documents.pdf(tx, row.number))
