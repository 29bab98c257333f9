"""A worker is struck anywhere on an effect's way; what people see in the end is the same."""

from pathlib import Path

import pytest

from effects.registry import KINDS
from simulator.office import PROJECTS_FOLDER_ID
from tests.chaos.cases import play_all
from tests.chaos.crash import KILL, STOP
from tests.chaos.house import House

ONE_PER_CLASS = ("drive.file", "disk.file")


def _runs() -> list[object]:
    return [
        pytest.param(database, kind, marks=() if often else pytest.mark.chaos)
        for database in ("sqlite", "postgres")
        for kind in KINDS
        for often in [database == "sqlite" or kind in ONE_PER_CLASS]
    ]


@pytest.mark.parametrize("deed", [KILL, STOP])
@pytest.mark.parametrize(("house", "kind"), _runs(), indirect=["house"])
def test_wherever_a_worker_is_struck_everything_is_made_once_and_told_once(
    house: House, kind: str, deed: str
) -> None:
    house.work_at(_place(house, kind))
    wrong = play_all(house, kind, deed)
    assert not wrong, "\n\n".join(wrong)


def _place(house: House, kind: str) -> str:
    if kind.startswith("drive."):
        return f"drive:{PROJECTS_FOLDER_ID}"
    disk: Path = house.folder / "disk"
    disk.mkdir(exist_ok=True)
    return f"disk:{disk}"
