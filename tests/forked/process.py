"""What runs in a forked process: a command of ``kakari``, as if it had been started by itself."""

import faulthandler
import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from multiprocessing import forkserver
from pathlib import Path

from kakari.cli import main
from kakari.orphans import end_with_parent

PRELOAD = "tests.forked.preload"
SHOW = signal.SIGUSR1
"""Has a process write into its log what each of its threads is doing."""

Prepare = Callable[[str], None]
"""Called with the name of the command before it runs, in its environment."""


def run(
    command: Sequence[str], environment: dict[str, str], log: Path, prepare: Prepare | None
) -> None:
    """Become ``kakari COMMAND`` with this environment, writing to this log."""
    end_with_parent(signal.SIGKILL)  # which ends a stopped process, too
    _let_parent_die()
    os.setsid()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, signal.SIG_DFL)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    faulthandler.register(SHOW, all_threads=True)
    os.environ.clear()
    os.environ.update(environment)
    # A daemon to the tests, which do not wait for it; but a web server has children of its own,
    # which it forks or spawns as in a process that was not forked by a server.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    multiprocessing.set_start_method(None, force=True)
    if prepare is not None:
        prepare(command[0])
    name, *options = command
    chosen = main.commands[name]
    if options or chosen.callback is None:
        chosen.main(options, standalone_mode=False)
    else:  # to parse nothing takes click as long as all the rest of a start
        chosen.callback()


def _let_parent_die() -> None:
    """Close what tells the server that somebody may want to fork still: only the tests do.

    Else it outlives tests that are killed, and with it all that it has forked.
    """
    server = forkserver._forkserver  # type: ignore[attr-defined]
    os.close(server._forkserver_alive_fd)
    server.__init__()  # as in a process that has never had one
