"""A process of our own that works with what an office's templates say, and can do nothing else.

A template can be made to need any time and any memory, on purpose or by a slip. So what works with
one is a process that is killed when it needs too much of either. Its environment holds no secret,
and every address leads nowhere. It reads an order a line, and answers each with a line and the
bytes that line tells of. It ends when it has been idle for a while, and is started again.
"""

import atexit
import json
import math
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

IDLE = 60.0
"""Seconds without an order after which the process ends: its libraries take memory."""
PATIENCE = 2.0
"""Seconds for a process to be gone that has closed its end of the pipe."""
MOST_LINE = 64 * 1024 * 1024
MOST_BYTES = 512 * 1024 * 1024
"""Of an answer's line, and of the bytes after it, that are taken."""
NOWHERE = "http://127.0.0.1:9"
"""What the process is told to reach every address by: the port that discards what it gets."""
NO_HOME = "/dev/null"
PROXIES = ("http_proxy", "https_proxy", "all_proxy")

Answer = tuple[dict[str, Any], list[bytes]]


class Overrun(Exception):
    """The process needed too much time or memory for an order, and is no more."""


class Confined:
    """A process that runs while it is needed."""

    def __init__(self, module: str, idle: float = IDLE) -> None:
        """Name the module that the process runs."""
        self._module = module
        self._idle = idle
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._rest: threading.Timer | None = None
        self._own: tempfile.TemporaryDirectory[str] | None = None
        atexit.register(self.close)

    @cached_property
    def folder(self) -> Path:
        """A folder for what the process is to read."""
        self._own = tempfile.TemporaryDirectory(prefix="kakari-confined-")
        return Path(self._own.name)

    def ask(self, order: Mapping[str, Any], deadline: float) -> Answer:
        """Return the answer to an order, which may take so many seconds. Raises Overrun."""
        with self._one_at_a_time:
            if self._owner != os.getpid():  # a fork has the other's process, and must not ask it
                self._process, self._owner = None, os.getpid()
            try:
                return self._ask(order, deadline) or self._ask_again(order, deadline)
            finally:
                self._end_when_idle()

    def close(self) -> None:
        """End the process and take its folder away."""
        atexit.unregister(self.close)
        with self._one_at_a_time:
            if self._owner == os.getpid():
                self._end()
                if self._own is not None:
                    self._own.cleanup()

    def _end(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _ask_again(self, order: Mapping[str, Any], deadline: float) -> Answer:
        """Ask once more: a process may have been killed, or held up, for no fault of the order."""
        answer = self._ask(order, deadline)
        if answer is None:
            raise Overrun
        return answer

    def _ask(self, order: Mapping[str, Any], deadline: float) -> Answer | None:
        """Return the answer; None if the process came to no end. Raises Overrun where it says why.

        The system itself ends what takes too much of the processor, by a signal of its own.
        """
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Timer(deadline, process.kill)
        late.start()
        try:
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline(MOST_LINE) or "null")
            sizes = answer.pop("sizes", ()) if answer is not None else ()
            if answer is not None and sum(sizes) <= MOST_BYTES:
                parts = [process.stdout.read(size) for size in sizes]
                if [len(part) for part in parts] == list(sizes):
                    return answer, parts
        except (BrokenPipeError, ValueError):  # killed before, or while, it wrote its answer
            pass
        finally:
            late.cancel()
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        ended = process.returncode
        self._end()
        if ended == -signal.SIGXCPU:
            raise Overrun
        return None

    def _end_when_idle(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        if self._process is None:
            return

        def end() -> None:
            with self._one_at_a_time:
                if self._rest is rest:  # else another order came while we waited
                    self._end()

        self._rest = rest = threading.Timer(self._idle, end)
        rest.daemon = True
        rest.start()

    def _start(self) -> subprocess.Popen[bytes]:
        here = Path(__file__).parent
        environment = {"PATH": "", "PYTHONPATH": str(here.parent), "HOME": NO_HOME}
        environment |= {"PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2"}
        environment |= dict.fromkeys([*PROXIES, *map(str.upper, PROXIES)], NOWHERE)
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd="/",
            env=environment,
        )


def serve(answer: Callable[[dict[str, Any]], Answer], *, memory: int, seconds: int) -> None:
    """Answer orders until nobody gives any: what the process itself does.

    It may take so many bytes, and so many seconds of the processor for an order that does not say
    itself how many.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who gives the orders
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit(resource.RLIMIT_DATA, memory)
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints is no answer
    for line in sys.stdin.buffer:
        order = json.loads(line)
        granted = int(order.get("seconds", seconds))
        _limit(resource.RLIMIT_CPU, math.ceil(time.process_time()) + granted)
        head, parts = answer(order)
        out.write(json.dumps({**head, "sizes": [len(part) for part in parts]}).encode() + b"\n")
        for part in parts:
            out.write(part)
        out.flush()


def _limit(of: int, most: int) -> None:
    hard = resource.getrlimit(of)[1]
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(of, (soft, hard))
