"""Where a request's time goes: the front desk in this process, one request after another.

A process of its own, with the settings of a stack in its environment and the requests in a file.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect
from werkzeug.test import EnvironBuilder

import bot.app
from bot.desk import Desk
from bot.signature import Signature
from kakari.bootstrap import desk_app, ledger_of
from kakari.settings import load
from ledger.bell import Bell
from ledger.database import Ledger
from tests.bench.report import percentile

WARM_UP = 30
STAGES = {
    "signature": (Signature, "check"),
    "parse the event": (bot.app, "parse"),
    "forms and commands": (Desk, "_meaning"),
    "ledger transaction": (Ledger, "write"),
    "its commit and fsync": (DefaultDialect, "do_commit"),
    "bell": (Bell, "ring"),
}

took: defaultdict[str, list[float]] = defaultdict(list)


def _timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            took[name].append(time.perf_counter() - began)

    return timed


class _Timed:
    """A context manager that is timed from its opening to its end."""

    def __init__(self, name: str, inner: Any) -> None:
        self.name, self.inner = name, inner

    def __enter__(self) -> Any:
        self.began = time.perf_counter()
        return self.inner.__enter__()

    def __exit__(self, *error: object) -> Any:
        try:
            return self.inner.__exit__(*error)
        finally:
            took[self.name].append(time.perf_counter() - self.began)


def main(file: Path) -> dict[str, float]:
    """Return the median seconds of each stage."""
    prepared = json.loads(file.read_text())
    for name, (owner, attribute) in STAGES.items():
        function = getattr(owner, attribute)
        opened = name == "ledger transaction"
        setattr(owner, attribute, _opening(name, function) if opened else _timed(name, function))
    settings = load()
    app = desk_app(settings, ledger_of(settings))
    for number, (headers, body) in enumerate(prepared["requests"]):
        if number == WARM_UP:
            took.clear()
        builder = EnvironBuilder(prepared["path"], method="POST", data=body, headers=headers)
        environ, said = builder.get_environ(), list[str]()
        began = time.perf_counter()
        b"".join(app.wsgi_app(environ, lambda status, *_, said=said: said.append(status)))
        took["in all"].append(time.perf_counter() - began)
        assert said == ["200 OK"], said
    return {name: percentile(took[name], 0.5) for name in ("in all", *STAGES) if took[name]}


def _opening(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: _Timed(name, function(*args))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
