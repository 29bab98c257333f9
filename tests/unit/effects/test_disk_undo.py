"""Taking back what was made on a disk, and leaving alone what people have made of it since."""

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from effects.base import Left, Undone, Unknown, World
from effects.disk import DEADLINE, DiskFile, DiskFileData, DiskFolder, DiskFolderData
from errors.work import ChangedSince, DiskAway, DiskRefused, HoldsMore, LeaseLost, Stopping

FOLDER, FILE = DiskFolder(), DiskFile()
NAME = "P-2026-0012 山田様邸"
QUOTE = b"a quote"


class Project:
    """What a job has made, with what it will know of it when it is undone."""

    def __init__(self, place, world, shelf):
        self.place, self.world, self.shelf = place, world, shelf
        self.made = []

    def folder(self, path, *, fresh=False):
        self._make(FOLDER, DiskFolderData(root=str(self.place), path=path, fresh=fresh))
        return self.place / path

    def file(self, path, content=QUOTE):
        content = self.shelf.put(content)
        self._make(FILE, DiskFileData(root=str(self.place), path=path, content=content))
        return self.place / path

    def _make(self, kind, data):
        (done,) = kind.apply([("k", data)], self.world)
        self.made.append((kind, data, done.facts))

    def undo(self):
        """Undo it in the engine's order; return the outcomes by path."""
        return {
            data.path: outcome
            for kind, data, facts in reversed(self.made)
            for outcome in kind.undo([(data, facts)], self.world)
        }


@pytest.fixture
def project(place, world, shelf):
    return Project(place, world, shelf)


@pytest.fixture
def killed(monkeypatch):
    """Undo a project until the call of this name, at which the worker dies."""

    def until(name, project):
        def die(*args, **kwargs):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(os, name, die)
            with pytest.raises(KeyboardInterrupt):
                project.undo()

    return until


@pytest.fixture
def no_links(monkeypatch):
    def link(*args, **kwargs):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)


def names(folder):
    return sorted(each.name for each in folder.iterdir() if each.name != ".kakari")


def why(outcome):
    assert isinstance(outcome, Left)
    return outcome.why


# What nobody has touched


def test_what_nobody_has_touched_is_taken_back_whole(project, place):
    project.folder(NAME, fresh=True)
    project.folder(f"{NAME}/01 見積")
    project.file(f"{NAME}/01 見積/見積.txt")
    project.file(f"{NAME}/README.txt", b"")

    assert set(project.undo().values()) == {Undone()}
    assert names(place) == []
    assert names(place / ".kakari") == []


def test_a_batch_has_an_outcome_for_each(project):
    project.file("a.txt")
    project.file("b.txt").write_bytes(b"changed")
    project.file("c.txt")

    outcomes = FILE.undo([(data, facts) for _, data, facts in project.made], project.world)

    assert [type(each) for each in outcomes] == [Undone, Left, Undone]


def test_the_second_undo_is_harmless(project, place):
    project.folder(NAME, fresh=True)
    project.file(f"{NAME}/a.txt")
    project.undo()

    assert set(project.undo().values()) == {Undone()}
    assert names(place) == []


def test_what_is_gone_already_is_undone(project):
    shutil.rmtree(project.folder(NAME, fresh=True))
    project.file("a.txt").unlink()

    assert set(project.undo().values()) == {Undone()}


# Files


@pytest.mark.parametrize("content", [b"a quotf", b"a longer quote", b""])
def test_a_changed_file_is_left_with_the_folders_around_it(project, content):
    folder = project.folder(NAME, fresh=True)
    changed = project.file(f"{NAME}/見積.txt")
    project.file(f"{NAME}/README.txt")
    changed.write_bytes(content)

    outcomes = project.undo()

    assert type(why(outcomes[f"{NAME}/見積.txt"])) is ChangedSince
    assert str(changed) in why(outcomes[f"{NAME}/見積.txt"]).say("ja")
    assert outcomes[f"{NAME}/README.txt"] == Undone()
    assert type(why(outcomes[NAME])) is HoldsMore
    assert changed.read_bytes() == content
    assert names(folder) == ["見積.txt"]


def test_what_has_taken_a_files_place_is_left(project, place, tmp_path):
    outside = tmp_path / "same.txt"
    outside.write_bytes(QUOTE)
    for name in ("folder", "link", "pipe"):
        project.file(name).unlink()
    (place / "folder").mkdir()
    (place / "link").symlink_to(outside)
    os.mkfifo(place / "pipe")

    assert all(type(why(each)) is ChangedSince for each in project.undo().values())
    assert names(place) == ["folder", "link", "pipe"]
    assert outside.read_bytes() == QUOTE


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("change", ["edit", "folder"])
def test_a_change_in_the_last_moment_is_seen_and_put_back(
    project, place, request, monkeypatch, change, links
):
    file = project.file("a.txt")
    if not links:
        request.getfixturevalue("no_links")
    rename = os.rename

    def just_before(*args, **kwargs):
        file.unlink()
        file.write_bytes(b"changed") if change == "edit" else file.mkdir()
        rename(*args, **kwargs)

    monkeypatch.setattr(os, "rename", just_before)

    assert type(why(project.undo()["a.txt"])) is ChangedSince
    assert names(place) == ["a.txt"]
    assert file.is_dir() if change == "folder" else file.read_bytes() == b"changed"


# A worker killed between moving a file aside and deleting it


def test_what_a_killed_undo_moved_aside_is_deleted_by_the_next(project, place, killed):
    project.file("a.txt")
    killed("unlink", project)
    assert names(place) != ["a.txt"]

    assert project.undo()["a.txt"] == Undone()
    assert names(place) == []


def test_what_a_killed_undo_moved_aside_is_put_back_if_it_was_changed(project, place, killed):
    project.file("a.txt")
    killed("unlink", project)
    (aside,) = place.iterdir()
    aside.write_bytes(b"changed")

    for _ in range(2):
        assert type(why(project.undo()["a.txt"])) is ChangedSince
        assert names(place) == ["a.txt"]
        assert (place / "a.txt").read_bytes() == b"changed"


def test_a_new_file_of_the_name_stays_beside_a_changed_one_that_was_moved_aside(
    project, place, killed
):
    project.file("a.txt")
    killed("unlink", project)
    (aside,) = place.iterdir()
    aside.write_bytes(b"changed")
    (place / "a.txt").write_bytes(b"new")

    assert str(aside) in why(project.undo()["a.txt"]).say("en")
    assert aside.read_bytes() == b"changed"
    assert (place / "a.txt").read_bytes() == b"new"


def test_a_worker_killed_while_putting_back_leaves_no_second_name(project, place, killed):
    project.file("a.txt")
    killed("unlink", project)
    (aside,) = place.iterdir()
    aside.write_bytes(b"changed")
    killed("unlink", project)
    assert len(names(place)) == 2

    assert type(why(project.undo()["a.txt"])) is ChangedSince
    assert names(place) == ["a.txt"]


def test_a_probe_does_not_take_what_was_moved_aside_for_litter(project, place, killed, probe):
    project.file("a.txt")
    killed("unlink", project)

    assert probe("a.txt") is None
    assert len(names(place)) == 1


# Folders


@pytest.mark.parametrize("name", ["memo.txt", ".DS_Store", "Thumbs.db", "desktop.ini"])
def test_a_folder_in_which_a_person_has_put_something_is_left(project, place, name):
    project.folder(NAME, fresh=True)
    inner = project.folder(f"{NAME}/01 見積")
    project.folder(f"{NAME}/02 図面")
    (inner / name).write_bytes(b"mine")

    outcomes = project.undo()

    assert type(why(outcomes[f"{NAME}/01 見積"])) is HoldsMore
    assert outcomes[f"{NAME}/02 図面"] == Undone()
    assert str(place / NAME) in why(outcomes[NAME]).say("en")
    assert (inner / name).read_bytes() == b"mine"


def test_an_empty_folder_of_a_persons_own_counts_too(project):
    folder = project.folder(NAME, fresh=True)
    (folder / "mine").mkdir()

    assert type(why(project.undo()[NAME])) is HoldsMore


def test_a_folder_that_a_link_or_a_file_has_taken_the_place_of_is_left(project, place, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_bytes(QUOTE)
    for name in ("link", "file"):
        project.folder(name)
        project.file(f"{name}/a.txt")
        shutil.rmtree(place / name)
    (place / "link").symlink_to(outside)
    (place / "file").write_bytes(b"mine")

    outcomes = project.undo()

    assert [type(why(outcomes[name])) for name in ("link", "file")] == [ChangedSince] * 2
    assert isinstance(why(outcomes["link/a.txt"]), DiskRefused)
    assert (outside / "a.txt").read_bytes() == QUOTE
    assert names(place) == ["file", "link"]


def test_a_project_folder_of_that_name_that_was_not_made_for_this_job_is_left(project, place):
    project.folder(NAME, fresh=True)
    project.undo()
    (place / NAME).mkdir()

    assert type(why(project.undo()[NAME])) is ChangedSince
    assert (place / NAME).is_dir()


def test_a_worker_killed_before_it_gave_up_the_claim_is_followed_by_one_that_does(
    project, place, killed
):
    project.folder(NAME, fresh=True)
    killed("unlink", project)
    assert names(place / ".kakari") != []

    assert project.undo() == {NAME: Undone()}
    assert names(place / ".kakari") == []


# What the disk says


@pytest.mark.parametrize(
    ("code", "outcome", "error"),
    [(errno.EACCES, Left, DiskRefused), (errno.EIO, Unknown, DiskAway)],
)
def test_what_the_disk_refuses_is_left_and_what_passes_is_tried_again(
    project, monkeypatch, code, outcome, error
):
    def refuse(*args, **kwargs):
        raise OSError(code, os.strerror(code))

    project.folder("folder")
    project.file("a.txt")
    monkeypatch.setattr(os, "rename", refuse)
    monkeypatch.setattr(os, "rmdir", refuse)

    for undoing in project.undo().values():
        assert isinstance(undoing, outcome)
        assert type(undoing.why if outcome is Left else undoing.error) is error


def test_what_may_not_be_deleted_has_its_name_again(project, place, monkeypatch, no_links):
    def unlink(*args, **kwargs):
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    project.file("a.txt")
    monkeypatch.setattr(os, "unlink", unlink)

    assert isinstance(why(project.undo()["a.txt"]), DiskRefused)
    monkeypatch.undo()
    assert names(place) == ["a.txt"]


def test_a_claim_is_given_up_only_when_the_folder_is_gone_for_good(project, place, monkeypatch):
    def fsync(descriptor):
        raise OSError(errno.EIO, "Input/output error")

    project.folder(NAME, fresh=True)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        assert isinstance(project.undo()[NAME], Unknown)
    (place / NAME).mkdir()  # as after a power cut

    assert project.undo() == {NAME: Undone()}
    assert names(place) == []


def test_of_a_place_that_is_not_there_nothing_is_known(project, place):
    project.folder("folder")
    project.file("a.txt")
    place.rename(place.with_name("elsewhere"))

    for outcome in project.undo().values():
        assert isinstance(outcome, Unknown)
        assert str(place) in outcome.error.say("en")


def test_what_may_come_back_after_a_power_cut_is_not_called_undone(project, monkeypatch):
    def fsync(descriptor):
        raise OSError(errno.EIO, "Input/output error")

    project.file("a.txt")
    project.file("b.txt").write_bytes(b"changed")
    monkeypatch.setattr(os, "fsync", fsync)

    outcomes = FILE.undo([(data, facts) for _, data, facts in project.made], project.world)

    assert [type(each) for each in outcomes] == [Unknown, Left]


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", ""])
def test_a_path_that_leads_out_is_refused(project, place, path):
    facts = {"sha256": "0" * 64, "size": 0}
    file = DiskFileData(root=str(place), path=path, content=facts)
    folder = DiskFolderData(root=str(place), path=path)

    for (outcome,) in (
        FILE.undo([(file, facts)], project.world),
        FOLDER.undo([(folder, {})], project.world),
    ):
        assert "leads out" in why(outcome).say("en")


def test_no_folder_stays_open(project):
    project.folder("a")
    project.file("a/a.txt")
    project.file("b.txt").write_bytes(b"changed")
    before = len(list(Path("/proc/self/fd").iterdir()))
    project.undo()

    assert len(list(Path("/proc/self/fd").iterdir())) == before


# The lease


@pytest.mark.parametrize("error", [LeaseLost, Stopping])
def test_nothing_begins_that_the_lease_may_not_outlast(project, place, world, shelf, error):
    def forbid(seconds):
        assert seconds == DEADLINE
        raise error

    project.folder("a")
    project.file("a/a.txt")
    forbidden: World = replace(world, before_send=forbid)
    for kind, data, facts in reversed(project.made):
        with pytest.raises(error):
            kind.undo([(data, facts)], forbidden)
        with pytest.raises(error):
            kind.apply([("k", data.model_copy(update={"path": "b"}))], forbidden)

    assert (place / "a/a.txt").exists()
    assert names(place) == ["a"]
