"""Who may ask Kakari for anything at all, and which jobs a tap reaches.

Nobody may, unless the settings name them.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.event import Event
from errors.asking import JobUnknown
from ledger import jobs
from ledger.models import Job


@dataclass(frozen=True)
class ApprovalRule:
    own_request: bool = True
    approvals: int = 1

    def allows(self, email: str) -> bool:
        return True


@dataclass(frozen=True)
class Permissions:
    """The domains, people and spaces that the settings allow.

    A person must be named by e-mail or by domain; where spaces are named, the event must come
    from one of them or from a direct message.
    """

    domains: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    spaces: frozenset[str] = frozenset()

    def approval(self, task: str, amount: int | None) -> ApprovalRule:
        return ApprovalRule()

    def allow(self, event: Event) -> bool:
        email = event.user.email.casefold()
        _, at, domain = email.rpartition("@")
        if not at or not (email in self.people or domain in self.domains):
            return False
        if not self.spaces or event.space is None or event.space.is_direct_message:
            return True
        return event.space.name in self.spaces


def job_here(tx: Session, event: Event, job_id: str) -> Job:
    """Return a job of the space that the event comes from. Raises JobUnknown.

    A job's buttons are on its card and its card is in its space. The id in them comes from the
    person's own Chat, which could be made to send another one.
    """
    job = jobs.find(tx, job_id)
    if event.space is None or event.space.name != job.space:
        raise JobUnknown
    return job
