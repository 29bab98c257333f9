"""Spaces whose jobs are kept for one worker until it has died.

A victim takes only what belongs to the spaces in its own custody, and the other workers and the
clock leave that alone until the victim is struck. So many cases can go on side by side in one
installation. A space is given into custody before anything is asked for there, as a file
``<keeper>/<space>``, which all processes see.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import InstrumentedAttribute, ORMExecuteState, Session, with_loader_criteria

from ledger import leases, owed
from ledger.models import Job, OwedMessage

SPACES = "spaces/"


class Custody:
    """One process's view of who keeps what; ``keeper`` is None for all but the victims."""

    def __init__(self, folder: Path, keeper: str | None = None) -> None:
        self.folder = folder
        self.keeper = keeper

    def take(self, keeper: str, space: str) -> None:
        """Keep a space's jobs for that worker."""
        file = self.folder / keeper / space.removeprefix(SPACES)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()

    def release(self, keeper: str) -> None:
        """Let everybody have the jobs of its spaces."""
        for file in (self.folder / keeper).glob("*"):
            file.unlink(missing_ok=True)

    def narrow(self) -> None:
        """Have this process claim jobs and take messages only as custody says."""
        _narrow(leases, "claim", Job, lambda: self._free(Job.space))
        _narrow(owed, "take_due", OwedMessage, lambda: self._free(OwedMessage.space))

    def _free(self, space: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        if self.keeper is not None:
            return space.in_(SPACES + file.name for file in (self.folder / self.keeper).glob("*"))
        return space.not_in(SPACES + file.name for file in self.folder.glob("*/*"))


def _narrow(
    module: ModuleType, name: str, entity: type, free: Callable[[], ColumnElement[bool]]
) -> None:
    """Put a condition to what a function of the ledger selects."""
    real = getattr(module, name)

    @wraps(real)
    def narrowed(tx: Session, *args: Any) -> Any:
        criteria = with_loader_criteria(entity, free())

        def add(execution: ORMExecuteState) -> None:
            if execution.is_select:
                execution.statement = execution.statement.options(criteria)  # type: ignore[attr-defined]

        event.listen(tx, "do_orm_execute", add)
        try:
            return real(tx, *args)
        finally:
            event.remove(tx, "do_orm_execute", add)

    setattr(module, name, narrowed)
