"""A worker is struck anywhere on an effect's way; what people see in the end is the same."""

from itertools import product
from pathlib import Path

import pytest

from effects.base import Reversal
from effects.registry import KINDS
from simulator.office import PROJECTS_FOLDER_ID
from tests.chaos.calls import IN_LEDGER
from tests.chaos.cases import play_all
from tests.chaos.crash import CALL_SENT, KILL, POINTS, STOP
from tests.chaos.house import House
from tests.chaos.sheet import SYNCED
from tests.chaos.spot import APPLY, UNDO

NOT_YET = ("document", "party")
"""The kinds that no house of ours makes so far; docs/when-things-die.md says so."""
OFTEN = {
    ("sqlite", "drive.folder", KILL),
    ("sqlite", "drive.file", STOP),
    ("sqlite", "disk.folder", STOP),
    ("sqlite", "disk.file", KILL),
    ("sqlite", "project.enter", KILL),
    ("sqlite", "project.values", KILL),
    ("sqlite", "sheet.row", KILL),
    ("postgres", "drive.file", KILL),
    ("postgres", "disk.file", STOP),
}
"""What `make test` has time for: each kind on SQLite, one of a class on PostgreSQL."""
SOME_POINTS = {"sheet.row": ("call sent", "call applied"), "project.values": ("call applied",)}
"""Where `make test` strikes the kinds whose cases cannot be played side by side."""


def _runs() -> list[object]:
    """Return what is struck; ``make chaos`` runs all of it."""
    runs = []
    for database, kind, way, deed in product(
        ("sqlite", "postgres"), KINDS, (APPLY, UNDO), (KILL, STOP)
    ):
        if kind in NOT_YET:
            continue
        if way == UNDO and KINDS[kind].reversal is Reversal.FINAL:
            continue
        points = [
            point
            for point in POINTS
            if not (point == CALL_SENT and deed == STOP and kind in IN_LEDGER)
        ]
        often = way == APPLY and (database, kind, deed) in OFTEN
        if kind in SYNCED and often:
            runs.append(pytest.param(database, kind, way, deed, SOME_POINTS[kind]))
            often = False
        marks = () if often else pytest.mark.chaos
        runs.append(pytest.param(database, kind, way, deed, points, marks=marks))
    return runs


@pytest.mark.timeout(300)  # nine victims side by side, on whatever machine CI has
@pytest.mark.parametrize(("house", "kind", "way", "deed", "points"), _runs(), indirect=["house"])
def test_wherever_a_worker_is_struck_everything_is_done_once_and_told_once(
    house: House, kind: str, way: str, deed: str, points: list[str]
) -> None:
    house.work_at(_place(house, kind))
    wrong = play_all(house, kind, way, deed, points)
    assert not wrong, "\n\n".join(wrong)


def _place(house: House, kind: str) -> str:
    if kind.startswith("drive."):
        return f"drive:{PROJECTS_FOLDER_ID}"
    disk: Path = house.folder / "disk"
    disk.mkdir(exist_ok=True)
    return f"disk:{disk}"
