"""Who may do what by the permissions file as it is now, and which jobs a tap reaches."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Self

import structlog
from sqlalchemy.orm import Session

from bot import permission_file
from bot.event import Event
from bot.rules import ApprovalRule, Rules
from errors.asking import JobUnknown, NotAllowed
from errors.settings import SettingsError
from ledger import jobs
from ledger.models import Job

log = structlog.get_logger()

Stamp = tuple[int, ...] | None


class Permissions:
    """The rules of the permissions file, read again when it has changed.

    While the file has a mistake in it or is away, the last good rules hold.
    """

    def __init__(
        self,
        path: Path,
        tasks: Collection[str],
        queries: Collection[str],
        read: tuple[Stamp, Rules],
    ) -> None:
        self._path = path
        self._tasks = tasks
        self._queries = queries
        self._read = read

    @classmethod
    def load(cls, path: Path, tasks: Collection[str], queries: Collection[str]) -> Self:
        """Read the file for the first time. Raises SettingsError, which says where it is wrong."""
        stamp = _stamp(path)  # before reading: a change meanwhile is seen the next time
        return cls(path, tasks, queries, (stamp, permission_file.read(path, tasks, queries)))

    @property
    def rules(self) -> Rules:
        """The rules as the file says now."""
        stamp, rules = self._read
        now = _stamp(self._path)
        if now != stamp:
            rules = self._anew() or rules
            self._read = now, rules
        return rules

    def _anew(self) -> Rules | None:
        try:
            rules = permission_file.read(self._path, self._tasks, self._queries)
        except SettingsError as error:
            wrong = str(error)
        else:
            log.info("permissions.read")
            return rules
        log.error("permissions.kept", why=wrong)
        return None

    def allow(self, event: Event) -> bool:
        """Say whether this person may talk to Kakari at all, and from this space."""
        here = event.space
        space = None if here is None or here.is_direct_message else here.name
        return all(step.yes for step in self.rules.talking(event.user.email, space))

    def may_ask(self, email: str, name: str) -> bool:
        """Say whether a person may ask for a task, or may use a query."""
        return self.rules.asking(email, name).yes

    def demand_ask(self, event: Event, name: str) -> None:
        """Raise NotAllowed unless the person may ask for this task, or use this query."""
        if not self.may_ask(event.user.email, name):
            raise NotAllowed

    def askable(self, event: Event, names: Iterable[str]) -> list[str]:
        """Return those of the tasks and queries that the person may ask for."""
        return [name for name in names if self.may_ask(event.user.email, name)]

    def may_see(self, email: str, task: str) -> bool:
        """Say whether a person may be told of others' requests for a task.

        Whoever may ask for it or approve it may, and who may see the audit.
        """
        rules = self.rules
        approving = any(rule.allows(email) for rule in rules.approvals[task])
        return approving or rules.asking(email, task).yes or rules.auditing(email).yes

    def may_audit(self, email: str) -> bool:
        return self.rules.auditing(email).yes

    def approval(self, task: str, amount: int | None) -> ApprovalRule:
        """Return who approves a request for a task; ``amount`` in whole units of the currency."""
        return self.rules.approval(task, amount)


def job_here(tx: Session, event: Event, job_id: str) -> Job:
    """Return a job of the space that the event comes from. Raises JobUnknown.

    A job's buttons are on its card and its card is in its space. The id in them comes from the
    person's own Chat, which could be made to send another one.
    """
    job = jobs.find(tx, job_id)
    if event.space is None or event.space.name != job.space:
        raise JobUnknown
    return job


def _stamp(path: Path) -> Stamp:
    """Return what is another after every change of the file; None where it is away."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
