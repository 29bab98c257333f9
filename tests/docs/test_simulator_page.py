"""The example of docs/simulator.md is run as it stands, against a simulator on another port."""

import re
import subprocess
import sys
from pathlib import Path

from simulator.office import SHARED_DRIVE_NAME
from simulator.server import SimulatorServer

PAGE = Path(__file__).parents[2] / "docs" / "simulator.md"


def test_the_example_lists_the_offices_shared_drive(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    simulator = SimulatorServer()
    origin = simulator.start()
    try:
        simulator.world.keys.write_service_account_key(tmp_path / "key.json", origin)
        program = example.replace("http://127.0.0.1:8480", origin)
        done = subprocess.run(
            [sys.executable, "-c", program],
            check=False,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        simulator.stop()
    assert SHARED_DRIVE_NAME in done.stdout, done.stderr
