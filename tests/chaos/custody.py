"""Spaces whose jobs are kept for one worker until it has died.

A victim takes only what belongs to the spaces in its own custody, and the other workers and the
clock leave that alone until the victim is struck. It knows of those spaces' projects only, too. So
many cases can go on side by side in one installation. A space is given into custody as a file
``<keeper>/<space>``, which all processes see.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import InstrumentedAttribute, ORMExecuteState, Session, with_loader_criteria

from ledger import leases, owed, projects
from ledger.models import Job, OwedMessage
from ledger.projects import Project

SPACES = "spaces/"


class Custody:
    """One process's view of who keeps what; ``keeper`` is None for all but the victims."""

    def __init__(self, folder: Path, keeper: str | None = None) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.keeper = keeper

    def take(self, keeper: str, space: str) -> None:
        """Keep a space's jobs for that worker; from then on nobody else claims one."""
        file = self.folder / keeper / space.removeprefix(SPACES)
        file.parent.mkdir(parents=True, exist_ok=True)
        with self._unchanged(fcntl.LOCK_EX):
            file.touch()

    def release(self, keeper: str) -> None:
        """Let everybody have the jobs of its spaces."""
        for file in (self.folder / keeper).glob("*"):
            file.unlink(missing_ok=True)

    def narrow(self) -> None:
        """Have this process claim jobs, take messages and see projects only as custody says."""
        self._narrow(leases, "claim", Job, Job.space)
        self._narrow(owed, "due_spaces", OwedMessage, OwedMessage.space)
        self._narrow(owed, "take_due", OwedMessage, OwedMessage.space)
        self._narrow(projects, "every", Project, Project.space)

    def _narrow(
        self, module: ModuleType, name: str, entity: type, space: InstrumentedAttribute[str]
    ) -> None:
        """Put a condition to what a function of the ledger selects."""
        real = getattr(module, name)

        @wraps(real)
        def narrowed(tx: Session, *args: Any) -> Any:
            with self._unchanged(fcntl.LOCK_SH):
                criteria = with_loader_criteria(entity, self._free(space))

                def add(execution: ORMExecuteState) -> None:
                    if execution.is_select:
                        execution.statement = execution.statement.options(criteria)  # type: ignore[attr-defined]

                event.listen(tx, "do_orm_execute", add)
                try:
                    return real(tx, *args)
                finally:
                    event.remove(tx, "do_orm_execute", add)

        setattr(module, name, narrowed)

    def _free(self, space: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        if self.keeper is not None:
            return space.in_(SPACES + file.name for file in (self.folder / self.keeper).glob("*"))
        return space.not_in(SPACES + file.name for file in self.folder.glob("*/*"))

    @contextmanager
    def _unchanged(self, how: int) -> Iterator[None]:
        """Let nothing be taken between the look at what is free and the claim.

        A victim need not: nobody takes from it, and it could be stopped meanwhile.
        """
        if self.keeper is not None:
            yield
            return
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, how)
            yield
