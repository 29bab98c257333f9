"""Whatever people do, and wherever a worker dies: an undo takes nothing that is theirs."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effects.base import Undone, World
from effects.disk import DiskFile, DiskFileData, DiskFolder, DiskFolderData
from effects.disk_root import ASIDE, CLAIMS
from ledger.plan import Content

FOLDERS = ["P", "P/a", "P/a/b", "P/c"]
FILES = ["P/a/1.txt", "P/a/b/2.txt", "P/a/b/3.txt", "P/c/4.txt"]
OURS = b"as Kakari wrote it"
CALLS = ("link", "rename", "rmdir", "unlink")
"""The calls by which an undo changes the disk."""

deeds = st.lists(
    st.tuples(
        st.sampled_from(["write", "delete", "rename", "link", "folder"]),
        st.sampled_from([*FILES, *FOLDERS, "P/new", "P/a/b/new", "P/.DS_Store"]),
    ),
    max_size=4,
)


class Shelf:
    def read(self, content):
        return OURS


class Died(BaseException):
    """The worker was killed."""


@contextmanager
def dying(after: int) -> Iterator[None]:
    """Let the worker die before or after one of its calls, as ``after`` counts them."""
    left = after

    def mortal(call):
        def so_far(*args, **kwargs):
            nonlocal left
            left -= 1
            if left == 0:
                raise Died
            result = call(*args, **kwargs)
            left -= 1
            if left == 0:
                raise Died
            return result

        return so_far

    with pytest.MonkeyPatch.context() as patch, suppress(Died):
        for name in CALLS:
            patch.setattr(os, name, mortal(getattr(os, name)))
        yield


def act(place: Path, outside: Path, number: int, deed: str, name: str) -> None:
    """Do what a person does; what makes no sense just now is not done."""
    path = place / name
    with suppress(OSError):
        match deed:
            case "write":
                path.write_bytes(b"by a person %d" % number)
            case "delete":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            case "rename":
                path.rename(path.with_name(f"renamed {number}"))
            case "link":
                path.rename(outside / f"taken {number}")
                path.symlink_to(outside / f"taken {number}")
            case "folder":
                path.mkdir()


def tree(*places: Path) -> dict[Path, object]:
    """Return all there is: what each file holds, where each link leads."""
    found: dict[Path, object] = {}
    for place in places:
        for at, folders, files in os.walk(place):
            for name in (*folders, *files):
                path = Path(at, name)
                if path.is_symlink():
                    found[path] = path.readlink()
                else:
                    found[path] = path.read_bytes() if path.is_file() else "folder"
    return {path: each for path, each in found.items() if CLAIMS not in path.parts}


def theirs(found: dict[Path, object], made: dict[Path, object]) -> dict[Path, object]:
    """Return what is there and is not what Kakari made, where Kakari made it."""
    return {
        path: each
        for path, each in found.items()
        if made.get(path) != each and not (path.name.startswith(ASIDE) and each == OURS)
    }


@settings(max_examples=150, deadline=None)
@given(before=deeds, meanwhile=deeds, dies=st.integers(1, 20))
def test_an_undo_takes_nothing_that_is_a_persons(before, meanwhile, dies):
    with tempfile.TemporaryDirectory() as base:
        place, outside = Path(base, "projects"), Path(base, "outside")
        place.mkdir()
        outside.mkdir()
        world = World(job="01JOB", contents=Shelf())
        effects = [
            (DiskFolder(), DiskFolderData(root=str(place), path=path, fresh=path == "P"))
            for path in FOLDERS
        ] + [
            (DiskFile(), DiskFileData(root=str(place), path=path, content=Content.of(OURS)))
            for path in FILES
        ]
        steps = [(kind, data, kind.apply([("k", data)], world)[0].facts) for kind, data in effects]
        made = tree(place)

        def undo():
            return {
                place / data.path: kind.undo([(data, facts)], world)[0]
                for kind, data, facts in sorted(steps, key=lambda s: s[1].path, reverse=True)
            }

        for number, deed in enumerate(before):
            act(place, outside, number, *deed)
        precious = theirs(tree(place, outside), made)
        with dying(dies):
            undo()
        assert precious.items() <= tree(place, outside).items()

        for number, deed in enumerate(meanwhile, len(before)):
            act(place, outside, number, *deed)
        precious = theirs(tree(place, outside), made)
        outcomes = undo()
        after = tree(place, outside)

        assert precious.items() <= after.items()
        # Nothing stays aside, except in a folder that was itself moved away meanwhile.
        assert not [p for p in after if p.name.startswith(ASIDE) and p.parent in made]
        gone = {path for path, outcome in outcomes.items() if outcome == Undone()}
        assert not gone & after.keys()
