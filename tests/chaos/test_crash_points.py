"""A worker is struck anywhere on an effect's way; what people see in the end is the same."""

from itertools import product
from pathlib import Path

import pytest

from effects.registry import KINDS
from simulator.office import PROJECTS_FOLDER_ID
from tests.chaos.cases import play_all
from tests.chaos.crash import APPLY, KILL, STOP, UNDO
from tests.chaos.house import House

OFTEN = {
    ("sqlite", "drive.folder", KILL),
    ("sqlite", "drive.file", STOP),
    ("sqlite", "disk.folder", STOP),
    ("sqlite", "disk.file", KILL),
    ("postgres", "drive.file", KILL),
}
"""What ``make test`` has time for."""


def _runs() -> list[object]:
    """Return what is struck; ``make chaos`` runs all of it."""
    runs = []
    for database, kind, way, deed in product(
        ("sqlite", "postgres"), KINDS, (APPLY, UNDO), (KILL, STOP)
    ):
        often = way == APPLY and (database, kind, deed) in OFTEN
        marks = () if often else pytest.mark.chaos
        runs.append(pytest.param(database, kind, way, deed, marks=marks))
    return runs


@pytest.mark.timeout(300)  # nine victims side by side, on whatever machine CI has
@pytest.mark.parametrize(("house", "kind", "way", "deed"), _runs(), indirect=["house"])
def test_wherever_a_worker_is_struck_everything_is_done_once_and_told_once(
    house: House, kind: str, way: str, deed: str
) -> None:
    house.work_at(_place(house, kind))
    wrong = play_all(house, kind, way, deed)
    assert not wrong, "\n\n".join(wrong)


def _place(house: House, kind: str) -> str:
    if kind.startswith("drive."):
        return f"drive:{PROJECTS_FOLDER_ID}"
    disk: Path = house.folder / "disk"
    disk.mkdir(exist_ok=True)
    return f"disk:{disk}"
