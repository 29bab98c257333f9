"""`deploy/pin-images`, with a docker that says what a registry would."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.test_deploy_files import COMPOSE, ROOT

DIGEST = "sha256:" + "ab" * 32
NAMES = dict(re.findall(r"\{([A-Z]+_IMAGE):-([^}]+)\}", COMPOSE))


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with an .env that has one image of its own, and one that was pinned before."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "pin-images", tmp_path / "deploy")
    shutil.copy(ROOT / "compose.yml", tmp_path)
    old = "sha256:" + "00" * 32
    (tmp_path / ".env").write_text(
        f"# 設定\nREDIS_IMAGE=valkey/valkey:8\nPOSTGRES_IMAGE=postgres:17@{old}\nKAKARI_X=a b"
    )
    (tmp_path / ".env").chmod(0o640)
    return tmp_path


def pin(clone: Path, docker: str) -> subprocess.CompletedProcess[str]:
    """Run it with this script in the place of docker."""
    (clone / "bin").mkdir()
    fake = clone / "bin" / "docker"
    fake.write_text(f'#!/bin/sh\necho "$@" >> {clone}/asked\n{docker}\n')
    fake.chmod(0o755)
    environment = os.environ | {"PATH": f"{clone / 'bin'}:{os.environ['PATH']}"}
    environment.pop("ENV_FILE", None)
    return subprocess.run(
        [clone / "deploy" / "pin-images"],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_every_image_is_written_with_its_digest_and_all_else_stays(clone: Path) -> None:
    done = pin(clone, f"echo {DIGEST}")
    assert done.returncode == 0, done.stderr
    wanted = {**NAMES, "REDIS_IMAGE": "valkey/valkey:8"}
    pinned = {name: f"{image}@{DIGEST}" for name, image in wanted.items()}
    lines = (clone / ".env").read_text().splitlines()
    assert lines[:4] == [
        "# 設定",
        f"REDIS_IMAGE={pinned['REDIS_IMAGE']}",
        f"POSTGRES_IMAGE={pinned['POSTGRES_IMAGE']}",
        "KAKARI_X=a b",
    ]
    assert dict(line.split("=", 1) for line in lines[1:] if "_IMAGE" in line) == pinned
    assert (clone / ".env").stat().st_mode & 0o777 == 0o640
    assert "@" not in (clone / "asked").read_text(), "the tag is asked after, not the old digest"


@pytest.mark.parametrize(
    "docker",
    [
        "exit 1",
        "echo 'no such host' >&2; exit 1",
        "echo",
        "echo '<html>'",
        "echo sha256:beef",
        f'case "$*" in *cloudflared*) exit 1 ;; *) echo {DIGEST} ;; esac',
    ],
    ids=["none", "away", "nothing", "a proxy", "too short", "the last of them"],
)
def test_where_one_cannot_be_found_out_nothing_is_changed(clone: Path, docker: str) -> None:
    before = (clone / ".env").read_bytes()
    done = pin(clone, docker)
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("deploy/pin-images: no ")
    assert line.endswith(".env is as it was.")
    assert (clone / ".env").read_bytes() == before
    assert {each.name for each in clone.iterdir()} == {
        ".env",
        "asked",
        "bin",
        "compose.yml",
        "deploy",
    }


def test_without_an_env_it_says_how_to_make_one(clone: Path) -> None:
    (clone / ".env").unlink()
    assert "cp .env.example .env" in pin(clone, "exit 1").stderr
