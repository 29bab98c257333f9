"""The proxy's bounds fit those of the bot behind it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.admission import Limits
from bot.app import BODY_CAP
from kakari.web_server import HEAD_BYTES, HEAD_SECONDS

CADDYFILE = Path(__file__).parents[2] / "deploy" / "Caddyfile"
SAID = dict(re.findall(r"^\s*(\w+) ([\w.]+)$", CADDYFILE.read_text(encoding="utf-8"), re.MULTILINE))
UNITS = {"s": 1, "m": 60, "KB": 1000, "MiB": 1024**2}


def value(name: str) -> float:
    number, unit = re.fullmatch(r"(\d+)(\w+)", SAID[name]).groups()  # type: ignore[union-attr]
    return float(number) * UNITS[unit]


def test_the_proxy_takes_what_the_bot_takes_and_no_more() -> None:
    assert value("max_size") == BODY_CAP
    assert value("max_header_size") <= HEAD_BYTES


def test_a_client_has_an_end_to_its_head_its_body_its_silence_and_its_reading() -> None:
    limits = Limits()
    assert limits.body_seconds < value("read_body") <= 10
    assert value("read_header") <= 10
    assert value("idle") <= 60
    assert limits.answer_seconds < value("response_header_timeout") < value("write") <= 60


def test_the_proxy_lets_go_of_a_silent_connection_before_the_bot_does() -> None:
    assert value("keepalive") < HEAD_SECONDS


def test_browsers_are_told_to_come_by_https_alone() -> None:
    text = CADDYFILE.read_text(encoding="utf-8")
    assert re.search(r'^\s*header Strict-Transport-Security "max-age=\d{8,}"$', text, re.MULTILINE)


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed here")
def test_caddy_can_read_it(tmp_path: Path) -> None:
    environment = os.environ | {
        "PUBLIC_HOST": "kakari.example.com",
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(CADDYFILE)]
    done = subprocess.run(
        command, check=False, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
