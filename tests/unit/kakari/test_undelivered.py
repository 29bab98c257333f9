"""The operator sees what could not be delivered, and owes it anew."""

from click.testing import CliRunner

from kakari.cli import main
from ledger import owed
from ledger.database import Ledger
from tests.unit.kakari.test_settings import GOOD
from tests.unit.ledger.office import show_plan

WHY = {"en": "This space refuses.", "ja": "このスペースには書き込めません。"}


def kakari(ledger: Ledger, *command: str) -> str:
    url = ledger.url.render_as_string(hide_password=False)
    outcome = CliRunner().invoke(main, [*command], env=GOOD | {"KAKARI_DATABASE_URL": url})
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def test_what_was_given_up_is_listed_with_its_job_space_and_reason(ledger: Ledger) -> None:
    assert "Every message was delivered" in kakari(ledger, "undelivered")
    job, _ = show_plan(ledger)
    with ledger.write() as tx:
        card = owed.take_due(tx, "worker", 30)
        assert card is not None
        owed.give_up(tx, card, WHY)
    listed = kakari(ledger, "undelivered")
    assert all(word in listed for word in (job, "card", "spaces/AAA", WHY["en"]))
    assert listed == kakari(ledger, "undelivered"), "to look changes nothing"


def test_what_was_given_up_can_be_owed_anew(ledger: Ledger) -> None:
    show_plan(ledger)
    with ledger.write() as tx:
        card = owed.take_due(tx, "worker", 30)
        assert card is not None
        owed.give_up(tx, card, WHY)
    assert "They are owed anew." in kakari(ledger, "undelivered", "--again")
    with ledger.write() as tx:
        again = owed.take_due(tx, "worker", 30)
    assert again is not None
    assert again.message_id == card.message_id
    assert "Every message was delivered" in kakari(ledger, "undelivered")
