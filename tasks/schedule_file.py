"""The schedule file: which sheet is kept in step, what its columns are called, who is told.

docs/schedule.md is the page for whoever writes the file.
"""

from datetime import time
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from errors.settings import ScheduleFileBroken
from tasks.sheet_place import Names, SheetPlace, read_file

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


class ScheduleFile(SheetPlace):
    """What the file says; its tab is called so at the first sync."""

    HEADERS: ClassVar[Names] = HEADERS

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

    def is_finished(self, state: str) -> bool:
        return state.casefold() in (each.casefold() for each in self.finished)


def read(path: Path) -> ScheduleFile:
    """Read the file. Raises ScheduleFileBroken, which says what is wrong where."""
    return read_file(path, ScheduleFile, ScheduleFileBroken)
