"""Where a table of the office's is: which spreadsheet, which tab, what its columns are called."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, field_validator

from errors.settings import SettingsError
from files import plain, toml

IN_ADDRESS = re.compile(r"/spreadsheets/d/([A-Za-z0-9_-]+)")

Names = Mapping[str, tuple[str, ...]]
"""By the name of a field: what its column may be called."""


def _id_of(value: str) -> str:
    found = IN_ADDRESS.search(value)
    value = found[1] if found else value
    if not re.fullmatch(r"[A-Za-z0-9_-]{10,100}", value):
        msg = "paste the sheet's address, or the id in it"
        raise ValueError(msg)
    return value


class SheetPlace(BaseModel):
    """What a settings file says of a table. Each kind of table has its known headers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    HEADERS: ClassVar[Names] = {}
    NEEDED: ClassVar[tuple[str, ...]] = ()
    """The fields that must have a column."""

    spreadsheet: Annotated[str, AfterValidator(_id_of)]
    """Google's id of it."""
    tab: str | None = None
    """The tab's name; None: the first one."""
    columns: dict[str, tuple[str, ...]] = {}
    """By field, what its column is called in this office, instead of what Kakari knows."""

    @field_validator("columns")
    @classmethod
    def _known(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        unknown = ", ".join(value.keys() - cls.HEADERS.keys())
        if unknown:
            msg = f"there is no field {unknown}, only {', '.join(cls.HEADERS)}"
            raise ValueError(msg)
        return value

    @property
    def names(self) -> Names:
        """What each column may be called."""
        return {**self.HEADERS, **self.columns}


M = TypeVar("M", bound=BaseModel)


def read_file(path: Path, model: type[M], broken: type[SettingsError]) -> M:
    """Read a settings file. Raises FileRefused; and ``broken``, which says what is wrong where."""
    try:
        return model.model_validate(toml.parse(plain.read_named(path, toml.MOST_BYTES)))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise broken(file=path, problem=f"{place}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise broken(file=path, problem=str(error)) from error
