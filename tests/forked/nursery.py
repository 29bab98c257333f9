"""Starts Kakari's processes by forking one that has everything loaded already.

To load Python, Google's client and Copier takes over a second of a core, and tests start hundreds
of processes. What runs in them is the command itself.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from kakari.demo.processes import Processes
from tests.forked import process

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([process.__name__, process.PRELOAD])
_one_at_a_time = threading.Lock()
"""Each start asks after all other processes, and of two threads that ask at once one reads how it
ended and the other nothing, which counts as another end."""


class Forked:
    """A forked process, to be handled as one of ``subprocess``."""

    def __init__(self, child: BaseProcess) -> None:
        self.child = child
        assert child.pid is not None
        self.pid = child.pid

    def poll(self) -> int | None:
        with _one_at_a_time:
            return self.child.exitcode

    def wait(self, timeout: float | None = None) -> int:
        wait([self.child.sentinel], timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(self.child.name, timeout or 0)
        return code

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(self.pid, signum)


class Nursery(Processes):
    """Processes, of which those that run a command of ours are forked."""

    def __init__(self, logs: Path, prepare: process.Prepare | None = None) -> None:
        super().__init__(logs)
        self.prepare = prepare

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        kakari = [sys.executable, "-m", "kakari"]
        if [*command[:3]] != kakari:
            super().start(name, command, environment)
            return
        self.logs.mkdir(parents=True, exist_ok=True)
        child = _context.Process(
            target=process.run,
            name=name,
            args=(list(command[3:]), dict(environment), self._log(name), self.prepare),
            daemon=True,  # a test run that breaks off does not wait for it
        )
        with _one_at_a_time:
            child.start()
        self.running[name] = Forked(child)  # type: ignore[assignment]  # what is called of it fits

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"
