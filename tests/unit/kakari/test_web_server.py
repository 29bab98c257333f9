"""How many connections the web server takes, by what the system allows its process."""

import json
import subprocess
import sys

import pytest

from kakari.web_server import CONNECTIONS, FILES

LOOK = """
import json, resource, sys
soft, hard = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
from kakari.web_server import server
made = server("nowhere:app", "127.0.0.1", 0)
print(json.dumps([made.backpressure, resource.getrlimit(resource.RLIMIT_NOFILE)[0]]))
"""
ENOUGH = CONNECTIONS + FILES


@pytest.mark.parametrize(
    ("soft", "hard", "expected"),
    [
        (1024, ENOUGH + 10, CONNECTIONS),
        (ENOUGH + 5, ENOUGH + 10, CONNECTIONS),
        (1024, 2048, 2048 - FILES),
        (1024, 1024, 1024 - FILES),
        (256, 256, 128),
    ],
)
def test_there_is_a_file_for_each_connection(soft: int, hard: int, expected: int) -> None:
    command = [sys.executable, "-c", LOOK, str(soft), str(hard)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    connections, allowed = json.loads(done.stdout)
    assert connections == expected
    assert allowed >= min(ENOUGH, hard)
