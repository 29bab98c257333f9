"""Child processes that never outlive the one that started them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from kakari import private_files
from kakari.orphans import end_with_parent

GRACE = 20.0
"""Seconds a process has to end by itself."""
POLL = 0.05


class NotReadyError(Exception):
    """A process did not come up; the message holds the end of its log."""


class Processes:
    """Starts processes with a log file each, and ends exactly those."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        private_files.make_folder(self.logs)
        with open(self.logs / f"{name}.log", "ab", opener=private_files.opener) as log:
            self.running[name] = subprocess.Popen(  # noqa: S603 - our own commands only
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A Ctrl-C in the terminal goes to us alone: we end them in the right order.
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one system call, no locks
            )

    def wait_until(self, name: str, ready: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until the process is ready. Raises NotReadyError if it ended or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            # What has ended just now may have done so because it was ready, as a migration is.
            ended = self.running[name].poll() is not None and not ready()
            if ended or time.monotonic() > deadline:
                raise NotReadyError(f"{name} did not start:\n{self.tail(name)}")
            time.sleep(POLL)

    def tail(self, name: str, lines: int = 20) -> str:
        text = (self.logs / f"{name}.log").read_text(errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def signal(self, name: str, signum: signal.Signals) -> None:
        self.running[name].send_signal(signum)

    def stop(self, *names: str) -> None:
        """End these processes together, gently at first."""
        ending = [process for name in names if (process := self.running.pop(name, None))]
        for process in ending:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in ending:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            # Its whole session: a web server has children of its own, and if it was killed they
            # are still there.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop_all(self) -> None:
        """End everything, the last started first."""
        for name in reversed(list(self.running)):
            self.stop(name)
