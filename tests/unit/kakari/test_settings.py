"""What a deployer mistypes is named, before anything starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from errors.settings import SettingsError, UnknownSetting
from kakari import settings
from kakari.cli import main

GOOD = {
    "KAKARI_ENDPOINT_URL": "https://kakari.example.com/chat",
    "KAKARI_PROJECT_NUMBER": "123456789012",
    "KAKARI_GOOGLE_KEY_FILE": "/etc/kakari/key.json",
    "KAKARI_PROJECT_PLACE": "drive:1AbC-d_9",
}
PROCESSES = ["bot", "worker", "clock", "migrate"]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Set what has to be set, and nothing else."""
    for name in [name for name in os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_few_settings_that_have_no_default_are_enough(
    environment: pytest.MonkeyPatch,
) -> None:
    loaded = settings.load()
    assert loaded.google_key_file == Path("/etc/kakari/key.json")
    assert loaded.permissions == Path("permissions.toml")


@pytest.mark.parametrize("name", GOOD)
def test_a_setting_that_is_missing_is_named(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.delenv(name)
    with pytest.raises(SettingsError) as refused:
        settings.load()
    assert str(refused.value).startswith(f"{name} is not set: set it, such as {name}=")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PROJECT_NUMBER", "kakari-demo", "KAKARI_PROJECT_NUMBER"),
        ("PROJECT_PLACE", "/srv/projects", "KAKARI_PROJECT_PLACE"),
        ("PROJECT_PLACE", "disk:projects", "KAKARI_PROJECT_PLACE"),
        ("PROJECT_PLACE", "drive:", "KAKARI_PROJECT_PLACE"),
        ("PROJECT_NUMBER_PATTERN", "P-{year}", "it must hold"),
        ("PROJECT_NUMBER_PATTERN", "P-{yaer}-{number}", "P-{year}-{number:04}"),
        ("PROJECT_NUMBER_PATTERN", "{year}/{number}", "it holds “/”"),
        ("TIME_ZONE", "Fuji", "Asia/Tokyo"),
        ("TIME_ZONE", "../etc/passwd", "Asia/Tokyo"),
        ("BOT_PORT", "80800", "KAKARI_BOT_PORT"),
        ("BOT_PORT", "eighty", "KAKARI_BOT_PORT"),
        ("DRIVE_WRITES_PER_SECOND", "0", "KAKARI_DRIVE_WRITES_PER_SECOND"),
        ("LOG_FORMAT", "xml", "KAKARI_LOG_FORMAT"),
        ("SIMULATOR_URL", "http://127.0.0.1:8480", "KAKARI_SIMULATOR_URL"),
    ],
)
def test_a_setting_that_cannot_be_is_named_with_what_would_do(
    environment: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    environment.setenv(f"KAKARI_{name}", value)
    with pytest.raises(SettingsError) as refused:
        settings.load()
    assert said in str(refused.value)


def test_the_simulator_goes_with_an_address_of_this_machine_only(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("KAKARI_SIMULATOR_URL", "http://127.0.0.1:8480")
    environment.setenv("KAKARI_ENDPOINT_URL", "http://127.0.0.1:8080/chat")
    assert settings.load().simulator_url == "http://127.0.0.1:8480"


def test_a_misspelt_setting_is_refused_with_what_it_may_have_meant(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("KAKARI_PERMISSION", "permissions.toml")
    with pytest.raises(UnknownSetting) as refused:
        settings.load()
    hint = "KAKARI_PERMISSION is not a setting of Kakari (did you mean KAKARI_PERMISSIONS?)"
    assert str(refused.value) == f"{hint}."
    assert "KAKARI_PERMISSIONS のことですか" in refused.value.say("ja")


def test_all_that_is_wrong_is_found_at_once_and_the_rest_is_read(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.delenv("KAKARI_GOOGLE_KEY_FILE")
    environment.setenv("KAKARI_ENDPOINT_URL", "http://kakari.example.com/chat")
    environment.setenv("KAKARI_DATABASE_URL", "postgresql+psycopg://kakari:p:w@db:x/kakari")
    environment.setenv("KAKARI_BOT_PROT", "8080")
    environment.setenv("KAKARI_BOT_HOST", "::")
    found = settings.read()
    assert [str(problem) for problem in found.problems] == [
        "KAKARI_BOT_PROT is not a setting of Kakari (did you mean KAKARI_BOT_PORT?).",
        "KAKARI_DATABASE_URL is not right: write it as sqlite:///file or postgresql+psycopg://user:password@host/name.",
        "KAKARI_GOOGLE_KEY_FILE is not set: set it, such as KAKARI_GOOGLE_KEY_FILE=/run/secrets/google_key.",
        "Kakari’s settings are not right: KAKARI_ENDPOINT_URL must begin with https://.",
    ]
    assert found.settings.bot_host == "::"
    wrong = {"database_url", "google_key_file", "endpoint_url", "simulator_url"}
    assert set(settings.Settings.model_fields) - found.usable == wrong


def test_every_setting_that_must_be_set_has_an_example_that_will_do() -> None:
    required = {k: v for k, v in settings.Settings.model_fields.items() if v.is_required()}
    examples = {name: (field.examples or [])[0] for name, field in required.items()}
    assert settings.Settings(**examples).bot_port == 8080


@pytest.mark.parametrize("process", PROCESSES)
def test_each_process_refuses_a_misspelt_setting(
    environment: pytest.MonkeyPatch, process: str
) -> None:
    environment.setenv("KAKARI_REDIS_ULR", "redis://127.0.0.1:6379/0")
    outcome = CliRunner().invoke(main, [process])
    assert outcome.exit_code == 1
    assert "KAKARI_REDIS_ULR is not a setting of Kakari (did you mean KAKARI_REDIS_URL?)" in (
        outcome.output
    )


@pytest.mark.parametrize("process", PROCESSES)
def test_each_process_names_a_setting_that_is_missing(
    environment: pytest.MonkeyPatch, process: str
) -> None:
    environment.delenv("KAKARI_PROJECT_PLACE")
    outcome = CliRunner().invoke(main, [process])
    assert outcome.exit_code == 1
    assert "KAKARI_PROJECT_PLACE is not set" in outcome.output


@pytest.mark.parametrize("process", ["bot", "worker", "clock"])
def test_each_process_names_a_ledger_that_was_not_migrated(
    environment: pytest.MonkeyPatch, tmp_path: Path, process: str
) -> None:
    environment.setenv("KAKARI_DATABASE_URL", f"sqlite:///{tmp_path / 'ledger.db'}")
    outcome = CliRunner().invoke(main, [process])
    assert outcome.exit_code == 1
    assert "run “kakari migrate”" in outcome.output


@pytest.mark.parametrize("process", PROCESSES)
def test_each_process_names_a_ledger_that_cannot_be_opened(
    environment: pytest.MonkeyPatch, tmp_path: Path, process: str
) -> None:
    (tmp_path / "file").touch()
    environment.setenv("KAKARI_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'ledger.db'}")
    outcome = CliRunner().invoke(main, [process])
    assert outcome.exit_code == 1
    assert "check KAKARI_DATABASE_URL" in outcome.output


def test_the_bot_names_a_permissions_file_that_is_not_there_and_a_mistake_in_it(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    permissions = tmp_path / "rules.toml"
    environment.setenv("KAKARI_DATABASE_URL", f"sqlite:///{tmp_path / 'ledger.db'}")
    environment.setenv("KAKARI_PERMISSIONS", str(permissions))
    assert CliRunner().invoke(main, ["migrate"]).exit_code == 0
    outcome = CliRunner().invoke(main, ["bot"])
    assert outcome.exit_code == 1
    assert f"{permissions} cannot be read (No such file or directory)" in outcome.output
    permissions.write_text("[tasks.projekt]\nask = []\napprove = []\n")
    outcome = CliRunner().invoke(main, ["bot"])
    assert outcome.exit_code == 1
    assert f"{permissions}, tasks.projekt: there is no projekt, only project" in outcome.output


def test_what_a_deployer_sees_of_it_is_one_line() -> None:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    refused = subprocess.run(
        [sys.executable, "-m", "kakari", "bot"],
        env=environment | GOOD | {"KAKARI_BOT_PROT": "8080"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "KAKARI_BOT_PROT" in refused.stderr
