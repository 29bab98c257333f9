"""A worker is struck anywhere on an effect's way; what people see in the end is the same."""

from itertools import product

import pytest

from effects.base import Reversal
from effects.registry import KINDS
from tests.chaos.cases import play_all
from tests.chaos.crash import HANG, KILL, STOP, points_of
from tests.chaos.house import House
from tests.chaos.spot import APPLY, UNDO
from tests.chaos.stories import BY_KIND

OFTEN = {
    ("sqlite", "drive.folder"): KILL,
    ("sqlite", "drive.file"): STOP,
    ("sqlite", "disk.folder"): STOP,
    ("sqlite", "disk.file"): KILL,
    ("sqlite", "project.enter"): STOP,
    ("sqlite", "project.values"): KILL,
    ("sqlite", "sheet.row"): KILL,
    ("sqlite", "document"): KILL,
    ("sqlite", "register.row"): STOP,
    ("sqlite", "party"): STOP,
    ("postgres", "drive.file"): KILL,
    ("postgres", "disk.file"): STOP,
    ("postgres", "project.values"): STOP,
    ("postgres", "sheet.row"): STOP,
    ("postgres", "document"): KILL,
}
"""What `make test` has time for: each kind on SQLite, one of a class on PostgreSQL."""


def _runs() -> list[object]:
    """Return what is struck; ``make chaos`` runs all of it."""
    runs = []
    for database, kind, way in product(("sqlite", "postgres"), KINDS, (APPLY, UNDO)):
        if way == UNDO and KINDS[kind].reversal is Reversal.FINAL:
            continue
        often = OFTEN.get((database, kind)) if way == APPLY else None
        for deeds, marks in (([often], ()), ([KILL, STOP], (pytest.mark.chaos,))):
            strikes = [
                (point, deed)
                for deed in deeds
                if deed and (deed != often or not marks)
                for point in points_of(kind, way, deed, of_job=BY_KIND[kind].kinds[0] == kind)
            ]
            if strikes:
                name = "-".join((database, kind, way, "rest" if marks else "often"))
                group = pytest.mark.xdist_group(database)  # so that each house is started once
                marked = (*marks, group)
                runs.append(pytest.param(database, kind, way, strikes, marks=marked, id=name))
    return runs


@pytest.mark.timeout(300)  # many victims side by side, on whatever machine CI has
@pytest.mark.parametrize(("house", "kind", "way", "strikes"), _runs(), indirect=["house"])
def test_wherever_a_worker_is_struck_everything_is_done_once_and_told_once(
    house: House, kind: str, way: str, strikes: list[tuple[str, str]]
) -> None:
    wrong = play_all(house, kind, way, strikes)
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize(
    "house", [pytest.param("sqlite", marks=pytest.mark.xdist_group("sqlite"))], indirect=True
)
def test_a_worker_that_hangs_with_all_its_threads_ends_itself_and_another_goes_on(
    house: House,
) -> None:
    wrong = play_all(house, "drive.file", APPLY, [("call applied", HANG)])
    assert not wrong, "\n\n".join(wrong)
