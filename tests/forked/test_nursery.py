"""What tests start does not outlive them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

TESTS = """
import sys
from pathlib import Path
import psutil
from kakari.demo.stack import Stack
from tests.forked.nursery import Nursery

if __name__ == "__main__":
    stack = Stack(Path(sys.argv[1]), workers=1)
    stack.processes = Nursery(stack.processes.logs)
    stack.start()
    print(*[process.pid for process in psutil.Process().children(recursive=True)], flush=True)
    sys.stdin.read()
"""


def test_all_that_was_started_ends_with_tests_that_are_killed(tmp_path: Path) -> None:
    script = tmp_path / "tests_that_are_killed.py"
    script.write_text(TESTS)
    command = [sys.executable, str(script), str(tmp_path / "stack")]
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as tests:
        assert tests.stdout is not None
        started = [psutil.Process(int(pid)) for pid in tests.stdout.readline().split()]
        assert len(started) > 6
        tests.send_signal(signal.SIGKILL)
    _, there = psutil.wait_procs(started, timeout=20)
    assert [(process.pid, process.cmdline()) for process in there] == []
