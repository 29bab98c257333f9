"""Docker, as the checks use it: each call is one a person could type."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 300.0
"""Seconds a call may take: a first build loads everything."""


class DockerError(Exception):
    """A call failed; the message is the end of what it said."""


def docker(*arguments: str, env: dict[str, str] | None = None, ok: bool = True) -> str:
    """Call docker and return what it said, errors too if they are ``ok``."""
    done = subprocess.run(
        ["docker", *arguments],
        cwd=ROOT,
        env=os.environ | (env or {}),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if ok else subprocess.STDOUT,
        timeout=PATIENCE,
        check=False,
    )
    if ok and done.returncode:
        raise DockerError(f"docker {' '.join(arguments)}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


def no_engine() -> str | None:
    """Say why there is no engine, if there is none."""
    try:
        docker("compose", "version")
        docker("info")
    except (OSError, DockerError) as error:
        return f"no Docker engine with compose: {error}"
    return None


class Compose:
    """One project of compose.yml: a name, a file with settings, and what is its own."""

    def __init__(self, name: str, settings: Path, profile: str = "demo") -> None:
        self.name = name
        self.settings = settings
        self.profile = profile

    def __call__(self, *arguments: str, ok: bool = True, **variables: str) -> str:
        own = {"COMPOSE_PROJECT_NAME": self.name, "ENV_FILE": str(self.settings), **variables}
        return docker("compose", f"--env-file={self.settings}", *arguments, env=own, ok=ok)

    def containers(self, service: str, *, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002 - docker's own word
        """Return what Docker knows of a service's containers, the running ones unless ``all``."""
        ids = self("ps", "--quiet", *(["--all"] if all else []), service).split()
        found: list[dict[str, Any]] = json.loads(docker("inspect", *ids)) if ids else []
        return found

    def address(self, service: str) -> str:
        """Return the address of a service within its project, which this machine reaches, too."""
        (container,) = self.containers(service)
        return str(container["NetworkSettings"]["Networks"][f"{self.name}_inside"]["IPAddress"])

    def ended(self, service: str) -> int:
        """Wait until a service's one container has ended; return its exit code."""
        (container,) = self.containers(service, all=True)
        return int(docker("wait", container["Id"]))

    def logs(self, *services: str) -> Sequence[str]:
        """Return the lines of services, each behind its container's name."""
        clear = "\x1b[2K"  # compose draws, terminal or not
        return self("logs", "--no-color", *services).replace(clear, "").splitlines()

    def remove(self) -> None:
        """Remove everything that this project has made, but for its image."""
        self("down", "--volumes", "--remove-orphans", "--timeout=5")
