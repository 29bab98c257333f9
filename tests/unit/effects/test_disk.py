import errno
import os
from pathlib import Path

import pytest

from effects.base import Done, Failed, Unknown, World
from effects.disk import DiskFile, DiskFileData, DiskFolder, DiskFolderData
from errors.work import DiskRefused, DiskTaken, Stopping, TemplateChanged

FOLDER, FILE = DiskFolder(), DiskFile()
NAME = "P-2026-0012 山田様邸"


def visible(folder):
    return sorted(each.name for each in folder.iterdir() if each.name != ".kakari")


def refusal(outcome):
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, DiskRefused)
    return outcome.error


# Folders


def test_folders_are_made_one_below_the_other(make, place):
    (outcome,) = make(NAME)
    make(f"{NAME}/01 見積")

    assert outcome == Done(link=str(place / NAME))
    assert visible(place / NAME) == ["01 見積"]


def test_a_batch_of_folders_has_an_outcome_for_each(make):
    done, refused, also_done = make("a", "nowhere/b", "c")

    assert isinstance(done, Done)
    assert isinstance(refused, Failed)
    assert isinstance(also_done, Done)


def test_a_folder_that_is_there_already_is_fine(make, place):
    (place / "shared").mkdir()

    assert isinstance(make("shared")[0], Done)


def test_a_projects_own_folder_must_be_new(make, place):
    (place / NAME).mkdir()

    (outcome,) = make(NAME, fresh=True)

    assert isinstance(outcome.error, DiskTaken)
    assert NAME in outcome.error.say("ja")


def test_the_same_job_finds_the_folder_it_made(make):
    make(NAME, fresh=True)

    assert isinstance(make(NAME, fresh=True)[0], Done)


def test_another_job_does_not_get_it(make, another_job):
    make(NAME, fresh=True)

    (outcome,) = make(NAME, fresh=True, world=another_job)

    assert isinstance(outcome.error, DiskTaken)


def test_a_name_that_has_become_free_can_be_had_again(make, place, another_job):
    make(NAME, fresh=True)
    (place / NAME).rmdir()

    assert isinstance(make(NAME, fresh=True, world=another_job)[0], Done)


def test_a_project_folder_holds_nothing_but_what_was_planned(make, place):
    make(NAME, fresh=True)

    assert list((place / NAME).iterdir()) == []


def test_a_killed_attempts_folder_is_found_by_the_job_that_claimed_it(make, place, world):
    make(NAME, fresh=True)
    own = DiskFolderData(root=str(place), path=NAME, fresh=True)
    (place / "foreign").mkdir()
    foreign = DiskFolderData(root=str(place), path="foreign", fresh=True)
    never = DiskFolderData(root=str(place), path="never")

    found, not_ours, not_there = FOLDER.probe([("k", d) for d in (own, foreign, never)], world)

    assert found == Done(link=str(place / NAME))
    assert not_ours is None
    assert not_there is None


# Files


def test_a_file_is_there_whole_and_nothing_beside_it(write, place):
    assert write("見積.txt").link == str(place / "見積.txt")
    assert (place / "見積.txt").read_bytes() == b"a quote"
    assert visible(place) == ["見積.txt"]


def test_the_second_write_of_the_same_is_fine(write):
    write("a.txt")

    assert isinstance(write("a.txt"), Done)


@pytest.mark.parametrize("there", [b"changed", b"a quotf", b""])
def test_a_file_of_another_content_stays_as_it_is(write, place, there):
    (place / "a.txt").write_bytes(there)

    assert isinstance(write("a.txt").error, DiskTaken)
    assert (place / "a.txt").read_bytes() == there
    assert visible(place) == ["a.txt"]


def test_what_is_no_file_is_never_ours(write, place):
    (place / "folder").mkdir()
    (place / "link").symlink_to(place / "elsewhere")
    os.mkfifo(place / "pipe")

    for name in ("folder", "link", "pipe"):
        assert isinstance(write(name).error, DiskTaken), name
    assert not (place / "elsewhere").exists()


def test_a_file_system_without_hard_links_serves_too(write, place, monkeypatch):
    def link(*args, **kwargs):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    (place / "taken.txt").write_bytes(b"other")

    assert isinstance(write("a.txt"), Done)
    assert isinstance(write("a.txt"), Done)
    assert isinstance(write("taken.txt").error, DiskTaken)
    assert (place / "taken.txt").read_bytes() == b"other"
    assert visible(place) == ["a.txt", "taken.txt"]


def test_a_probe_tells_there_from_not_there_from_not_ours(write, probe, place):
    done = write("there.txt")
    (place / "other.txt").write_bytes(b"other")

    assert isinstance(done, Done)
    assert probe("there.txt") == done
    assert probe("never.txt") is None
    assert probe("nowhere/never.txt") is None
    assert isinstance(probe("there.txt/never.txt"), Unknown)
    assert isinstance(probe("other.txt").error, DiskTaken)


def test_a_probe_clears_away_what_a_killed_attempt_left(write, probe, place, monkeypatch):
    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", killed)
        patch.setattr(os, "unlink", lambda *args, **kwargs: None)
        with pytest.raises(KeyboardInterrupt):
            write("a.txt")
    assert len(visible(place)) == 1

    assert probe("b.txt") is None
    assert len(visible(place)) == 1
    assert probe("a.txt") is None
    assert visible(place) == []


def test_a_name_may_be_as_long_as_a_name_can_be(write):
    assert isinstance(write("あ" * 85), Done)  # 255 bytes
    assert refusal(write("あ" * 86)).values["reason"] == "the name is too long"


# Staying inside


@pytest.mark.parametrize(
    "path", ["/etc/x", "../x", "a/../../x", "a/..", "..", ".", "", "a//b", "a/", "./a", "a\0b"]
)
def test_a_path_that_leads_out_is_refused(make, write, path, place):
    (place / "a").mkdir()

    assert "leads out" in refusal(make(path)[0]).say("en")
    assert "leads out" in refusal(write(path)).say("en")


def test_a_link_inside_leads_nowhere(make, write, place, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (place / "way").symlink_to(outside)

    for outcome in (make("way")[0], make("way/a")[0], write("way/a.txt")):
        assert refusal(outcome)
    assert list(outside.iterdir()) == []


def test_a_link_put_in_the_place_of_the_claims_leads_nowhere(make, place, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (place / ".kakari").symlink_to(outside)

    assert refusal(make(NAME, fresh=True)[0])
    assert list(outside.iterdir()) == []


# What the disk says


def test_a_place_that_is_gone_is_refused_for_each(make, place):
    place.rmdir()

    for outcome in make("a", "b"):
        assert str(place) in refusal(outcome).say("en")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "only be read"),
        (errno.EUSERS, "users"),
    ],
)
def test_the_disks_refusal_is_told_in_words(write, place, monkeypatch, code, words):
    def fsync(descriptor):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fsync)

    assert words in refusal(write("a.txt")).say("en")
    assert visible(place) == []


def test_what_may_not_survive_a_power_cut_is_not_called_done(make, monkeypatch):
    def fsync(descriptor):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)

    done, refused = make("a", "nowhere/b")

    assert isinstance(done, Unknown)
    assert isinstance(refused, Failed)


def test_each_folder_is_waited_for_once_a_batch(make, monkeypatch):
    waits = []
    monkeypatch.setattr(os, "fsync", waits.append)

    make("a", "b", "c")

    assert len(waits) == 1


def test_a_changed_template_concerns_only_its_own_file(place, shelf):
    class Changed:
        def read(self, content):
            if content.size == 1:
                raise TemplateChanged(template="office")
            return shelf.read(content)

    datas = [
        DiskFileData(root=str(place), path=f"{size}.txt", content=shelf.put(b"x" * size))
        for size in (1, 2)
    ]
    changed, done = FILE.apply([("k", d) for d in datas], World(job="01JOB", contents=Changed()))

    assert isinstance(changed.error, TemplateChanged)
    assert isinstance(done, Done)


def test_a_worker_that_stops_is_no_outcome_of_an_effect(place, shelf):
    class StoppingNow:
        def read(self, content):
            raise Stopping

    data = DiskFileData(root=str(place), path="a.txt", content=shelf.put(b"x"))

    with pytest.raises(Stopping):
        FILE.apply([("k", data)], World(job="01JOB", contents=StoppingNow()))


def test_no_folder_stays_open(make, write, place):
    before = len(list(Path("/proc/self/fd").iterdir()))
    make("a", "b", "nowhere/c")
    write("a/x.txt")
    write("nowhere/x.txt")

    assert len(list(Path("/proc/self/fd").iterdir())) == before
