"""Every setting of Kakari, as an environment variable ``KAKARI_<NAME>``."""

import difflib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url

from errors.asking import UnusableName
from errors.settings import (
    SettingMissing,
    SettingsError,
    SettingWrong,
    UnknownSetting,
)
from kakari import secret_files
from kakari.addresses import has_port, is_database_url, origin_of
from tasks.file_name import file_name
from workspace.origins import Origins

PREFIX = "KAKARI_"
TOGETHER = frozenset({"endpoint_url", "simulator_url"})
"""The settings that one rule is about."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        secrets_dir=secret_files.FOLDER if secret_files.FOLDER.is_dir() else None,
        extra="forbid",
        frozen=True,
    )

    database_url: str = Field(
        "sqlite:///var/kakari.db", description="The ledger: sqlite:///… or postgresql+psycopg://…"
    )
    database_password: SecretStr | None = Field(
        None, description="PostgreSQL's password, where it shall not stand in the URL."
    )
    database_app_role: str | None = Field(
        None,
        pattern=r"^[a-z_][a-z0-9_]{0,62}$",
        description="For “kakari migrate” alone: PostgreSQL's role of all other processes, which "
        "gets what they need and no more (deploy.md).",
    )
    database_app_password: SecretStr | None = Field(
        None, description="For “kakari migrate” alone: the password that role gets."
    )
    redis_url: str = Field(
        "redis://127.0.0.1:6379/0", description="Redis or Valkey: the bell and the shared quotas."
    )
    redis_password: SecretStr | None = Field(
        None, description="Redis's password, where it shall not stand in the URL."
    )
    endpoint_url: str = Field(
        description="The bot's HTTPS address as typed into Google's Chat API configuration.",
        examples=["https://kakari.example.com/chat"],
    )
    project_number: str = Field(
        pattern=r"^\d{6,20}$",
        description="The number of the Google Cloud project of the Chat app.",
        examples=["123456789012"],
    )
    google_key_file: Path = Field(
        description="The service account's key, a JSON file.", examples=["/run/secrets/google_key"]
    )
    permissions: Path = Field(
        Path("permissions.toml"), description="The file that says who may do what (permissions.md)."
    )
    project_place: str = Field(
        pattern=r"^(drive:[A-Za-z0-9_-]+|disk:/.*)$",
        description="Where project folders go: drive:FOLDER-ID or disk:/absolute/path.",
        examples=["drive:1AbCdEfGhIjKlMnOpQrStUvWxYz"],
    )
    project_number_pattern: str = Field(
        "P-{year}-{number:04}", description="How a project number is written."
    )
    templates: Path = Field(Path("templates"), description="The folder with the templates.")
    schedule: Path | None = Field(
        None, description="The file that says which sheet is kept in step (schedule.md)."
    )
    document_sheets: Path | None = Field(
        None,
        description="The file that says where documents are registered, and where prices and "
        "parties stand (invoices.md).",
    )
    time_zone: str = Field(
        "Asia/Tokyo", description="The office's: which year a number is of, and when 15:30 is."
    )
    drive_writes_per_second: float = Field(
        3.0, gt=0, description="Drive's sustained writes for one account (Google's advice: 3)."
    )
    drive_writes_burst: int = Field(
        120, ge=1, description="How many Drive writes may go at once before that rate holds."
    )
    job_attempts: int = Field(
        3, ge=1, description="Attempts of workers without any new outcome until a job fails."
    )
    lease_seconds: float = Field(
        30.0, ge=0.5, description="How long a worker may be silent until its job is another's."
    )
    takeover_seconds: float = Field(
        15.0, ge=0.5, description="How soon after that another worker, or another clock, goes on."
    )
    open_requests: int = Field(
        50, ge=1, description="How many requests a person may have open at a time."
    )
    approval_reminds_hours: float = Field(
        24.0, gt=0, description="After how long the space is reminded of a plan that waits."
    )
    approval_expires_hours: float = Field(
        168.0, gt=0, description="After how long a plan that nobody decided on expires."
    )
    admin_space: str | None = Field(
        None,
        pattern=r"^spaces/[A-Za-z0-9_-]+$",
        description="Gets what can be told neither in its space nor in a direct message, and is told "
        "when the permissions file cannot be used.",
    )
    backup_key_file: Path | None = Field(
        None, description="The key that backups are sealed with, a file (backup.md)."
    )
    bot_host: str = Field("127.0.0.1", description="The address the bot listens on.")
    bot_port: int = Field(8080, ge=0, le=65535, description="The port the bot listens on.")
    stop_grace_seconds: float | None = Field(
        None,
        gt=0,
        description="How long Docker waits for a worker to end, as compose.yml has it.",
    )
    pulse_file: Path | None = Field(
        None,
        description="Touched by a process that does its work, for the healthcheck; one whose work "
        "hangs ends itself, to be started again.",
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="console for people, json for machines."
    )
    simulator_url: str | None = Field(
        None, description="A simulator in place of Google. Only for trying Kakari out."
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            msg = "there is no such time zone; Asia/Tokyo is one"
            raise ValueError(msg) from error
        return value

    @field_validator("project_number_pattern")
    @classmethod
    def _usable_pattern(cls, value: str) -> str:
        try:
            written = {value.format(year=y, number=n) for y in (2026, 2027) for n in (1, 2)}
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            msg = "write it as P-{year}-{number:04}"
            raise ValueError(msg) from error
        if len(written) != 4:  # some are the same; numbers begin again at 1 each year
            msg = "it must hold both {year} and {number}"
            raise ValueError(msg)
        try:
            file_name(value.format(year=2026, number=1))
        except UnusableName as error:
            raise ValueError(str(error)) from error
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_address(cls, value: str) -> str:
        if not value.startswith(("redis://", "rediss://", "unix://")) or not has_port(value):
            msg = (
                "write it as redis://:password@host:6379/0, a # or / in the password as %23 or %2F"
            )
            raise ValueError(msg)
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")) or not is_database_url(
            value
        ):
            msg = "write it as sqlite:///file or postgresql+psycopg://user:password@host/name"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _simulator_only_where_nobody_reaches_it(self) -> Self:
        # Whoever names the simulator names whose signatures count, so it never goes with an
        # address that the world can reach; and Google calls nothing but https.
        if not self.simulator_url:
            if urlsplit(self.endpoint_url).scheme != "https":
                msg = "KAKARI_ENDPOINT_URL must begin with https://"
                raise ValueError(msg)
            return self
        try:
            Origins.simulator(self.simulator_url)
            Origins.simulator(origin_of(self.endpoint_url))
        except SettingsError as error:
            msg = f"with KAKARI_SIMULATOR_URL both addresses are this machine's: {error}"
            raise ValueError(msg) from error
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def ledger_url(self) -> URL:
        """The ledger's address, with its password."""
        url = make_url(self.database_url)
        if self.database_password is None or url.get_backend_name() == "sqlite":
            return url
        return url.set(password=self.database_password.get_secret_value())


@dataclass(frozen=True)
class Survey:
    """The settings as far as they are right, and what is wrong with the others."""

    settings: Settings
    """Only those in ``usable`` are what the environment says."""
    usable: frozenset[str]
    problems: tuple[SettingsError, ...]


def load() -> Settings:
    """Read the settings from the environment and from secret files.

    Raises SettingsError, which names the variable or the file.
    """
    survey = read()
    for problem in survey.problems:
        raise problem
    return survey.settings


def read() -> Survey:
    """Read the settings from the environment and from secret files, however many are wrong."""
    problems: list[SettingsError] = list(_unknown(os.environ))
    wrong: set[str] = set()
    folder: Any = {}
    try:
        problems += _unknown(name.upper() for name in secret_files.named(PREFIX.lower()))
    except SettingsError as error:
        problems.append(error)
        folder = {"_secrets_dir": ()}  # None would mean the usual one
        wrong.update(name for name in Settings.model_fields if secret_files.has(PREFIX + name))
    while True:
        try:
            # What is wrong passes for right, so that the others are looked at as well.
            passing: Any = {name: _sample(name) for name in wrong}
            settings = Settings(**folder, **passing)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
        else:
            break
        problems += [_problem(each) for each in found if each["loc"] or not wrong & TOGETHER]
        wrong.update(str(name) for each in found for name in each["loc"][:1] or TOGETHER)
    right = {name: getattr(settings, name) for name in Settings.model_fields if name not in wrong}
    return Survey(Settings.model_construct(**right), frozenset(right), tuple(problems))


def _sample(name: str) -> Any:
    field = Settings.model_fields[name]
    return field.examples[0] if field.examples else field.get_default()


def _problem(error: ErrorDetails) -> SettingsError:
    if not error["loc"]:
        return SettingsError(problem=error["ctx"]["error"])
    name = str(error["loc"][0])
    variable = PREFIX + name.upper()
    if error["type"] == "missing":
        return SettingMissing(name=variable, example=_sample(name))
    said = error["ctx"]["error"] if error["type"] == "value_error" else error["msg"]
    return SettingWrong(name=variable, problem=said)


def _unknown(names: Iterable[str]) -> Iterator[UnknownSetting]:
    """Yield the ``KAKARI_…`` variables that are no setting: most likely misspelt ones.

    pydantic-settings passes over variables that it does not know.
    """
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in names:
        if name.startswith(PREFIX) and name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            yield UnknownSetting(
                name=name,
                hint=f" (did you mean {close[0]}?)" if close else "",
                hint_ja=f"（{close[0]} のことですか？）" if close else "",
            )
