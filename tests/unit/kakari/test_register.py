"""The register is searched, handed over with its files, and checked."""

import csv
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import text

from kakari.cli import main
from kakari.inspection import KINDS
from ledger.database import Ledger
from tasks.document.document import DocumentKind
from tests.unit.kakari.test_settings import GOOD
from tests.unit.ledger.test_documents import SUZUKI, draft, issued, party, take_back


def kakari(ledger: Ledger, *command: str) -> Result:
    url = ledger.url.render_as_string(hide_password=False)
    env = GOOD | {"KAKARI_DATABASE_URL": url}
    return CliRunner().invoke(main, ["documents", *command], env=env)


def rows(ledger: Ledger, *command: str) -> list[dict[str, str]]:
    outcome = kakari(ledger, *command)
    assert outcome.exit_code == 0, outcome.output
    return list(csv.DictReader(outcome.output.removeprefix("\ufeff").splitlines()))


def test_documents_are_searched_and_handed_over_with_their_files(
    ledger: Ledger, tmp_path: Path
) -> None:
    name = f"=HYPERLINK {SUZUKI}"
    issued(ledger, draft(party(ledger), 1), draft(party(ledger, name), 2, name, amount=999))
    both = rows(ledger, "--since", "2026-11-01", "--until", "2026-11-30")
    assert [row["number"][-4:] for row in both] == ["0001", "0002"]
    found = rows(ledger, "--party", "富士", "--from", "1000", "--files", str(tmp_path / "out"))
    (row,) = found
    assert (row["amount"], row["state"], row["kind"]) == ("131200", "issued", "invoice")
    (file,) = (tmp_path / "out").iterdir()
    assert file.name == f"20261130_{row['number']}.pdf"
    assert file.read_bytes() == f"%PDF {row['number']}".encode()
    assert rows(ledger, "--to", "999")[0]["party"] == f"'{name}"
    assert rows(ledger, "--kind", "quote") == rows(ledger, "--currency", "EUR") == []
    assert set(KINDS) == set(DocumentKind)


def test_a_void_document_is_listed_with_its_reason(ledger: Ledger) -> None:
    job = issued(ledger, draft(party(ledger)), draft(party(ledger), 2))
    take_back(ledger, job, "=二重に作成")
    assert [(row["state"], row["reason"]) for row in rows(ledger)] == [("void", "'=二重に作成")] * 2


def test_a_document_that_was_changed_is_found_out(ledger: Ledger, owner: Ledger) -> None:
    issued(ledger, draft(party(ledger)))
    assert kakari(ledger, "--check").exit_code == 0
    with owner.write() as tx:
        if owner.url.get_backend_name() == "sqlite":
            tx.execute(text("DROP TRIGGER documents_UPDATE"))
        else:
            tx.execute(text("SET LOCAL session_replication_role = replica"))
        tx.execute(text("UPDATE documents SET data = '{}'"))
    outcome = kakari(ledger, "--check")
    assert outcome.exit_code == 1
    assert "is not what was issued" in outcome.output
