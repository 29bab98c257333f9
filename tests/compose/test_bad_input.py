"""What a deployer gets wrong ends a container with one sentence that says what to do."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.compose.docker import ROOT, Compose, DockerError
from tests.compose.installation import Installation
from tests.scenario.room import Room

pytestmark = [pytest.mark.compose, pytest.mark.timeout(600)]

OWNER = 4242


@pytest.fixture
def compose(struck: dict[str, Room], open_house: Installation) -> Compose:
    """The stack; meanwhile the job of a killed worker waits for its turn."""
    return open_house.compose


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A folder with the demo's secrets, to be spoilt."""
    return Path(shutil.copytree(ROOT / "deploy" / "demo" / "secrets", tmp_path / "secrets"))


def sentence(compose: Compose, process: str, *options: str, **variables: str) -> str:
    """Run a process that has to end by itself; return the one line it says."""
    said = compose("run", "--rm", "--no-deps", "-T", *options, process, ok=False, **variables)
    assert "Traceback" not in said
    (line,) = [line for line in said.splitlines() if line.startswith("kakari:")]
    return line


@pytest.mark.parametrize("process", ["migrate", "bot", "worker", "clock"])
def test_a_misspelt_setting_is_named_by_each_process(compose: Compose, process: str) -> None:
    said = sentence(compose, process, "--env=KAKARI_REDIS_ULR=redis://redis:6379/0")
    assert "KAKARI_REDIS_ULR is not a setting of Kakari (did you mean KAKARI_REDIS_URL?)" in said


def test_a_setting_that_is_missing_is_named(compose: Compose) -> None:
    assert "KAKARI_PROJECT_PLACE" in sentence(compose, "migrate", "--env=KAKARI_PROJECT_PLACE=")


def test_a_simulator_beside_an_address_of_the_world_is_refused(compose: Compose) -> None:
    public = "--env=KAKARI_ENDPOINT_URL=https://kakari.example.com/chat"
    assert "with KAKARI_SIMULATOR_URL" in sentence(compose, "migrate", public)


def test_a_wrong_password_of_the_database_is_named(compose: Compose, secrets: Path) -> None:
    (secrets / "kakari_database_password").write_text("wrong\n")
    said = sentence(compose, "migrate", SECRETS_FOLDER=str(secrets))
    assert "password authentication failed" in said
    assert "check KAKARI_DATABASE_URL and KAKARI_DATABASE_PASSWORD" in said


def test_a_wrong_password_of_redis_is_named(compose: Compose, secrets: Path) -> None:
    (secrets / "kakari_redis_password").write_text("wrong\n")
    said = sentence(compose, "worker", SECRETS_FOLDER=str(secrets))
    assert "KAKARI_REDIS_PASSWORD" in said


@pytest.fixture
def forgetful(compose: Compose) -> Iterator[None]:
    """A Redis that keeps nothing on disk, for the length of a test."""
    cli = 'REDISCLI_AUTH="$(cat /run/secrets/kakari_redis_password)" redis-cli config set'
    compose("exec", "-T", "redis", "sh", "-c", f"{cli} appendonly no")
    yield
    compose("exec", "-T", "redis", "sh", "-c", f"{cli} appendonly yes")


def test_a_redis_that_forgets_is_refused(compose: Compose, forgetful: None) -> None:
    assert "start it with --appendonly yes" in sentence(compose, "worker")


def test_doctor_names_all_that_is_wrong_at_once(compose: Compose, forgetful: None) -> None:
    wrong = (
        "--env=KAKARI_REDIS_ULR=redis://redis:6379/0",
        "--env=KAKARI_ENDPOINT_URL=http://bot:8080/chat/",
        "--env=KAKARI_PROJECT_PLACE=drive:1KAKARI-NOBODY-SHARES-THIS-FOLDER",
    )
    told = compose("run", "--rm", "--no-deps", "-T", *wrong, "worker", "doctor", ok=False)
    click.echo(told)
    found = {line.split()[1] for line in told.splitlines() if line.startswith("✘")}
    assert found == {"settings", "redis-keeps", "endpoint", "project-place"}


def test_a_secret_that_is_not_there_is_named_by_docker(compose: Compose, secrets: Path) -> None:
    (secrets / "google_key").unlink()
    with pytest.raises(DockerError, match=str(secrets / "google_key")):
        compose("run", "--rm", "--no-deps", "-T", "worker", SECRETS_FOLDER=str(secrets))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to somebody else")
def test_secrets_of_another_user_are_named_and_read_once_kakari_runs_as_that_user(
    compose: Compose, secrets: Path
) -> None:
    for secret in secrets.iterdir():
        os.chown(secret, OWNER, OWNER)
        secret.chmod(0o600)
    said = sentence(compose, "migrate", SECRETS_FOLDER=str(secrets))
    assert "Kakari may not read /run/secrets/kakari_database_app_password" in said
    assert f"Set CONTAINER_USER in .env to {OWNER}:{OWNER}" in said
    own = {"SECRETS_FOLDER": str(secrets), "CONTAINER_USER": f"{OWNER}:{OWNER}"}
    assert "up to date" in compose("run", "--rm", "--no-deps", "-T", "migrate", **own)
