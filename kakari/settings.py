"""Every setting of Kakari, as an environment variable ``KAKARI_<NAME>``."""

import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from errors.asking import UnusableName
from errors.settings import SettingsError, UnknownSetting
from tasks.file_name import file_name
from workspace.origins import Origins

PREFIX = "KAKARI_"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    database_url: str = Field(
        "sqlite:///var/kakari.db", description="The ledger: sqlite:///… or postgresql+psycopg://…"
    )
    redis_url: str = Field(
        "redis://127.0.0.1:6379/0", description="Redis or Valkey: the bell and the shared quotas."
    )
    endpoint_url: str = Field(
        description="The bot's HTTPS address as typed into Google's Chat API configuration."
    )
    project_number: str = Field(
        pattern=r"^\d{6,20}$", description="The number of the Google Cloud project of the Chat app."
    )
    google_key_file: Path = Field(description="The service account's key, a JSON file.")
    permissions: Path = Field(
        Path("permissions.toml"), description="The file that says who may do what (permissions.md)."
    )
    project_place: str = Field(
        pattern=r"^(drive:[A-Za-z0-9_-]+|disk:/.*)$",
        description="Where project folders go: drive:FOLDER-ID or disk:/absolute/path.",
    )
    project_number_pattern: str = Field(
        "P-{year}-{number:04}", description="How a project number is written."
    )
    templates: Path = Field(Path("templates"), description="The folder with the templates.")
    schedule: Path | None = Field(
        None, description="The file that says which sheet is kept in step (schedule.md)."
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
    approval_reminds_hours: float = Field(
        24.0, gt=0, description="After how long the space is reminded of a plan that waits."
    )
    approval_expires_hours: float = Field(
        168.0, gt=0, description="After how long a plan that nobody decided on expires."
    )
    admin_space: str | None = Field(
        None,
        pattern=r"^spaces/[A-Za-z0-9_-]+$",
        description="Gets what can be told neither in its space nor in a direct message.",
    )
    bot_host: str = Field("127.0.0.1", description="The address the bot listens on.")
    bot_port: int = Field(8080, ge=0, le=65535, description="The port the bot listens on.")
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
        if not value.startswith(("redis://", "rediss://", "unix://")):
            msg = "write it as redis://host:6379/0"
            raise ValueError(msg)
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
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


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def load() -> Settings:
    """Read the settings from the environment. Raises SettingsError, which names the variable."""
    refuse_unknown(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else ""
        said = "is not set" if first["type"] == "missing" else f"– {first['msg']}"
        raise SettingsError(problem=f"{name} {said}".strip()) from error


def refuse_unknown(names: Iterable[str]) -> None:
    """Refuse a ``KAKARI_…`` variable that is no setting: most likely it is a misspelt one.

    pydantic-settings passes over variables that it does not know.
    """
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in names:
        if name.startswith(PREFIX) and name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            raise UnknownSetting(
                name=name,
                hint=f" (did you mean {close[0]}?)" if close else "",
                hint_ja=f"（{close[0]} のことですか？）" if close else "",
            )
