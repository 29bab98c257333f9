"""Secrets in files, named like their settings: how compose and systemd hand them in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from errors.settings import FileRefused, SecretUnreadable
from kakari import secret_files, settings
from tests.unit.kakari.test_settings import GOOD

SHOW = (
    "from kakari import settings as s; loaded = s.load(); print(loaded.ledger_url.password, loaded)"
)


def shown(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Show the settings, and the database's password apart, with the secrets of ``folder``."""
    plain = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        env={**plain, **GOOD, "CREDENTIALS_DIRECTORY": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_password_in_a_file_is_put_into_the_ledgers_address_and_shown_nowhere(
    tmp_path: Path,
) -> None:
    (tmp_path / "kakari_database_password").write_text("p@ss:word\n")
    url = "postgresql+psycopg://kakari@db/kakari"
    done = shown(tmp_path, KAKARI_DATABASE_URL=url)
    password, _, rest = done.stdout.partition(" ")
    assert password == "p@ss:word", done.stderr
    assert "p@ss" not in rest


def test_a_file_that_is_named_like_no_setting_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kakari_databse_password").write_text("secret\n")
    (tmp_path / "google_key").write_text("{}")
    done = shown(tmp_path)
    assert "KAKARI_DATABSE_PASSWORD is not a setting of Kakari" in done.stderr
    assert "did you mean KAKARI_DATABASE_PASSWORD?" in done.stderr


def test_a_file_of_somebody_else_is_named_with_both_owners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "kakari_redis_password"
    secret.write_text("secret\n")

    def refuse(_file: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    # The tests may run as root, who may read everything.
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(SecretUnreadable) as refused:
        secret_files.named("kakari_", tmp_path)
    owner = f"{secret.stat().st_uid}:{secret.stat().st_gid}"
    assert str(refused.value).startswith(f"Kakari may not read {secret}: the file is user {owner}")


def test_a_file_that_may_not_be_read_leaves_the_other_settings_to_be_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kakari_redis_password").write_text("secret\n")

    def refuse(_file: Path, **_options: str) -> bytes:
        raise PermissionError(13, "Permission denied")

    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(secret_files, "FOLDER", tmp_path)
    monkeypatch.setitem(settings.Settings.model_config, "secrets_dir", tmp_path)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr(Path, "read_text", refuse)
    survey = settings.read()
    assert [type(problem) for problem in survey.problems] == [SecretUnreadable]
    assert set(settings.Settings.model_fields) - survey.usable == {"redis_password"}


def test_a_pipe_is_no_secret_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "kakari_redis_password")
    with pytest.raises(FileRefused, match="kakari_redis_password"):
        secret_files.named("kakari_", tmp_path)
