"""The schedule file: which sheet is kept in step, what its columns are called, who is told.

docs/schedule.md is the page for whoever writes the file.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from errors.settings import ScheduleFileBroken

IN_ADDRESS = re.compile(r"/spreadsheets/d/([A-Za-z0-9_-]+)")

Names = Mapping[str, tuple[str, ...]]
"""By the name of a field, or ``key``: what its column may be called."""

HEADERS: Names = {
    "key": ("案件番号", "案件No", "案件No.", "管理番号", "Project number", "Project No.", "Key"),
    "customer": ("得意先", "お客様", "顧客", "客先", "Customer", "Client"),
    "name": ("件名", "案件名", "品名", "Name", "Project", "Subject"),
    "ordered": ("受注日", "Ordered", "Order date"),
    "due": ("納期", "期日", "締切", "Due", "Due date", "Deadline"),
    "person": ("担当", "担当者", "Person", "Person in charge", "Owner", "Assignee"),
    "state": ("状態", "状況", "ステータス", "進捗", "State", "Status"),
    "amount": ("金額", "受注金額", "Amount", "Price"),
    "note": ("備考", "メモ", "Note", "Notes", "Remarks"),
}
FINISHED = ("完了", "納品済", "納品済み", "検収済", "検収済み", "取消", "中止", "失注")
FINISHED_EN = ("done", "finished", "delivered", "closed", "cancelled")


class ScheduleFile(BaseModel):
    """What the file says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    spreadsheet: str
    """Google's id of it."""
    tab: str | None = None
    """The tab's name at the first sync; None: the first one."""
    space: Annotated[str, Field(pattern=r"^spaces/[A-Za-z0-9_-]+$")]
    """Where what the clock finds is told, and the digest is posted."""
    language: Literal["ja", "en"] = "ja"
    """Of what is told there."""
    every_minutes: Annotated[float, Field(gt=0)] = 5
    digest: time | None = None
    """When the morning digest is posted; None: not at all."""
    country: str = "JP"
    """Whose holidays are no business days (ISO 3166)."""
    finished: tuple[str, ...] = FINISHED + FINISHED_EN
    """The states in which a project is neither due nor overdue."""
    columns: dict[str, tuple[str, ...]] = {}
    """By field, what its column is called in this office, instead of what Kakari knows."""

    @field_validator("spreadsheet")
    @classmethod
    def _id_of(cls, value: str) -> str:
        found = IN_ADDRESS.search(value)
        value = found[1] if found else value
        if not re.fullmatch(r"[A-Za-z0-9_-]{10,100}", value):
            msg = "paste the sheet's address, or the id in it"
            raise ValueError(msg)
        return value

    @field_validator("columns")
    @classmethod
    def _known(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        unknown = ", ".join(value.keys() - HEADERS.keys())
        if unknown:
            msg = f"there is no field {unknown}, only {', '.join(HEADERS)}"
            raise ValueError(msg)
        return value

    @property
    def names(self) -> Names:
        """What each column may be called."""
        return {**HEADERS, **self.columns}

    def is_finished(self, state: str) -> bool:
        return state.casefold() in (each.casefold() for each in self.finished)


def read(path: Path) -> ScheduleFile:
    """Read the file. Raises ScheduleFileBroken, which says what is wrong where."""
    try:
        with path.open("rb") as file:
            return ScheduleFile.model_validate(tomllib.load(file))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ScheduleFileBroken(file=path, problem=f"{place}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise ScheduleFileBroken(file=path, problem=str(error)) from error
