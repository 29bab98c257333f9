"""The tasks there are: each folder beside this file that has a TASK."""

import difflib
import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from typing import Any

import tasks
from reading.text import normal
from tasks.base import Task


@cache
def all_tasks() -> dict[str, Task[Any]]:
    """Return the tasks by name, in the order of their command ids."""
    modules = [
        importlib.import_module(f"tasks.{module.name}")
        for module in pkgutil.iter_modules(tasks.__path__)
        if module.ispkg
    ]
    found = [module.TASK for module in modules if hasattr(module, "TASK")]
    return {task.name: task for task in sorted(found, key=lambda task: task.command_id)}


def by_command(command_id: int) -> Task[Any] | None:
    return next((t for t in all_tasks().values() if t.command_id == command_id), None)


def plain(word: str) -> str:
    """Return a word as it is compared: in full width, with a slash or in capitals, it is one."""
    return normal(word).lstrip("/").casefold()


def by_word(word: str) -> Task[Any] | None:
    """Return the task that a person calls by this word in a mention."""
    named = plain(word)
    return next(
        (t for t in all_tasks().values() if named in (t.name, *map(str.casefold, t.words))), None
    )


def meant(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a mistyped one may have meant."""
    close = difflib.get_close_matches(plain(word), list(known), n=1, cutoff=0.6)
    return close[0] if close else None
