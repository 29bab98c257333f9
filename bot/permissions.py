"""Who may do what by the permissions file as it is now, and which jobs a tap reaches."""

import hashlib
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import structlog
from sqlalchemy.orm import Session

from bot import permission_file
from bot.event import Event
from bot.rules import ApprovalRule, Rules
from errors.asking import (
    AskingError,
    JobUnknown,
    NotAllowed,
    PermissionsLapsed,
    PermissionsUncertain,
)
from errors.settings import PermissionsUnread, SettingsError
from ledger import jobs
from ledger.models import Job
from money.amount import Money

GRACE = 15 * 60.0
"""Seconds for which people may still ask by the last good rules, once the file is not usable."""
SETTLED = 2.0
"""Seconds after which another change of a file has another time in its stamp for certain."""

log = structlog.get_logger()

Stamp = tuple[int, ...] | None


@dataclass(frozen=True)
class Flaw:
    """Why the file as it was saved last cannot be used."""

    error: SettingsError
    save: str
    """What tells this save from another one: the hash of what the file says, or why it says none."""
    since: float
    """When a reading failed for the first time after a good one, on the monotonic clock."""


@dataclass(frozen=True)
class Reading:
    """The file as it was looked at last."""

    stamp: Stamp
    rules: Rules
    """What the last good save says."""
    save: str = ""
    settled: bool = True
    """Whether a file of the same stamp is the same file."""
    flaw: Flaw | None = None


class Permissions:
    """The rules of the permissions file, read again when it has changed.

    While the file has a mistake in it or is away, the last good rules hold for asking, for
    ``GRACE`` seconds, and nobody may approve or change anything.
    """

    def __init__(
        self,
        path: Path,
        tasks: Collection[str],
        queries: Collection[str],
        read: "tuple[Stamp, Rules] | Reading",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._tasks = tasks
        self._queries = queries
        self._clock = clock
        self._reading = read if isinstance(read, Reading) else Reading(*read)

    @classmethod
    def load(
        cls,
        path: Path,
        tasks: Collection[str],
        queries: Collection[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> Self:
        """Read the file for the first time. Raises SettingsError, which says where it is wrong."""
        stamp = _stamp(path)  # before reading: a change meanwhile is seen the next time
        settled, data = _settled(stamp), permission_file.contents(path)
        rules = permission_file.parse(data, path, tasks, queries)
        return cls(path, tasks, queries, Reading(stamp, rules, _save(data), settled), clock)

    @property
    def rules(self) -> Rules:
        """The rules by which people may ask, as the file says now, or has said until lately."""
        now = self.reading()
        if now.flaw is not None and self._clock() - now.flaw.since >= GRACE:
            return Rules.of_nobody(now.rules)
        return now.rules

    @property
    def flaw(self) -> Flaw | None:
        """Why the file cannot be used as it is now; None where it can."""
        return self.reading().flaw

    def reading(self) -> Reading:
        """Look at the file, and read it if it may have changed."""
        was, stamp = self._reading, _stamp(self._path)
        if stamp != was.stamp or not was.settled:
            self._reading = self._anew(stamp, was)
        return self._reading

    def _anew(self, stamp: Stamp, was: Reading) -> Reading:
        settled, save = _settled(stamp), ""
        try:
            data = permission_file.contents(self._path)
            save = _save(data)
            if save == was.save:
                return replace(was, stamp=stamp, settled=settled)
            rules = permission_file.parse(data, self._path, self._tasks, self._queries)
        except PermissionsUnread as error:  # perhaps only now, such as with too many open files
            return self._kept(replace(was, stamp=stamp, save=str(error), settled=False), was, error)
        except SettingsError as error:
            return self._kept(replace(was, stamp=stamp, save=save, settled=settled), was, error)
        log.info("permissions.read")
        return Reading(stamp, rules, save, settled)

    def _kept(self, now: Reading, was: Reading, error: SettingsError) -> Reading:
        """Return the reading of a save that cannot be used: the last good rules stay."""
        if now.save != was.save:
            log.error("permissions.kept", why=str(error))
        since = was.flaw.since if was.flaw else self._clock()
        return replace(now, flaw=Flaw(error, now.save, since))

    def allow(self, event: Event) -> bool:
        """Say whether this person may talk to Kakari at all, and from this space."""
        here = event.space
        space = None if here is None or here.is_direct_message else here.name
        return all(step.yes for step in self.rules.talking(event.user.email, space))

    def refusal(self, event: Event) -> AskingError:
        """Return what to say to a person who is not allowed: to one of the office, why."""
        now = self.reading()
        named = now.rules.talking(event.user.email, None)[0].yes
        return PermissionsLapsed() if named and now.flaw else NotAllowed()

    def demand_certain(self) -> None:
        """Raise PermissionsUncertain while the file cannot be used: rights may have been taken."""
        if self.flaw is not None:
            raise PermissionsUncertain

    def may_ask(self, email: str, name: str) -> bool:
        """Say whether a person may ask for a task, or may use a query."""
        return self.rules.asking(email, name).yes

    def demand_ask(self, event: Event, name: str) -> None:
        """Raise NotAllowed unless the person may ask for this task, or use this query."""
        if not self.may_ask(event.user.email, name):
            raise NotAllowed

    def askable(self, event: Event, names: Iterable[str]) -> list[str]:
        """Return those of the tasks and queries that the person may ask for."""
        rules = self.rules  # looked up once, and not with each name
        return [name for name in names if rules.asking(event.user.email, name).yes]

    def may_see(self, email: str, task: str) -> bool:
        """Say whether a person may be told of others' requests for a task.

        Whoever may ask for it or approve it may, and who may see the audit.
        """
        rules = self.rules
        approving = any(rule.allows(email) for rule in rules.approvals[task])
        return approving or rules.asking(email, task).yes or rules.auditing(email).yes

    def demand_see(self, event: Event, task: str, *, own: bool) -> None:
        """Raise NotAllowed unless the person may be told of a request for a task."""
        if not own and not self.may_see(event.user.email, task):
            raise NotAllowed

    def may_audit(self, email: str) -> bool:
        return self.rules.auditing(email).yes

    def approval(self, task: str, amount: float | None) -> ApprovalRule:
        """Return who approves a request for a task of this amount in yen.

        Raises PermissionsUncertain.
        """
        self.demand_certain()
        return self.rules.approval(task, amount)

    def approval_of(self, task: str, sums: Iterable[Money]) -> ApprovalRule:
        """Return who approves a request for a task about these sums. Raises PermissionsUncertain."""
        return self.approval(task, self.rules.counted(sums))


def job_here(tx: Session, event: Event, job_id: str, *, locked: bool = False) -> Job:
    """Return a job of the space that the event comes from. Raises JobUnknown.

    Where something is decided about it, it is ``locked`` first: so what is looked at for the
    decision, such as its plan's amount and who wrote it, is what is decided about.

    A job's buttons are on its card and its card is in its space. The id in them comes from the
    person's own Chat, which could be made to send another one.
    """
    job = jobs.find(tx, job_id, locked=locked)
    if event.space is None or event.space.name != job.space:
        raise JobUnknown
    return job


def _save(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _stamp(path: Path) -> Stamp:
    """Return what is another after every change of the file; None where it is away."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev, found.st_ctime_ns


def _settled(stamp: Stamp) -> bool:
    """Say whether the file was changed so long ago that one more change shows in its stamp."""
    return stamp is None or time.time() - stamp[-1] / 1e9 > SETTLED
