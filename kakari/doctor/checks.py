"""All there is to look at, in the order in which it is told."""

from kakari.doctor import bell, chat, google, ledger, places, settings, sheets
from kakari.doctor.check import Check
from kakari.settings import Survey


def all_checks(survey: Survey) -> tuple[Check, ...]:
    """Return the checks of an installation with these settings."""
    return (
        *settings.CHECKS,
        *ledger.CHECKS,
        *bell.CHECKS,
        *google.CHECKS,
        *chat.CHECKS,
        *places.checks(survey),
        *sheets.checks(survey),
    )
