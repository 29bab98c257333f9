"""One way of one kind of effect, and how a victim is struck on it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from effects.base import Kind

APPLY, UNDO = "apply", "undo"
"""The ways that effects go, named as the method of their kind."""
RESULTS = {APPLY: "-result", UNDO: "-result-2"}
"""How the id of the message ends that tells of the way's end."""

Condition = Callable[..., bool]


def _always(*_args: Any, **_options: Any) -> bool:
    return True


@dataclass(frozen=True)
class Spot:
    """Whose way it is that a crash lies on."""

    kind: type[Kind[Any]]
    way: str
    crash: Callable[[], None]

    def before(self, owner: Any, name: str, when: Condition = _always) -> None:
        """Strike before a function, when it is called as meant."""
        real = getattr(owner, name)

        @wraps(real)
        def struck(*args: Any, **options: Any) -> Any:
            if when(*args, **options):
                self.crash()
            return real(*args, **options)

        setattr(owner, name, struck)

    def after(self, owner: Any, name: str, when: Condition = _always) -> None:
        """Strike when a function has returned."""
        real = getattr(owner, name)

        @wraps(real)
        def struck(*args: Any, **options: Any) -> Any:
            answer = real(*args, **options)
            if when(*args, **options):
                self.crash()
            return answer

        setattr(owner, name, struck)

    def on_its_way(self) -> Condition:
        """Return the condition that this thread is just applying or undoing the kind."""
        return inside(self.kind, self.way)

    def told(self, *_args: Any, message_id: str, **_options: Any) -> bool:
        """Say whether it is the end of this way that a message tells of."""
        return message_id.endswith(RESULTS[self.way])


def inside(owner: Any, name: str) -> Condition:
    """Return the condition that this thread is inside the function."""
    here = threading.local()
    real = getattr(owner, name)

    @wraps(real)
    def noted(*args: Any) -> Any:
        here.inside = True
        try:
            return real(*args)
        finally:
            here.inside = False

    setattr(owner, name, noted)
    return lambda *_args, **_options: getattr(here, "inside", False)
