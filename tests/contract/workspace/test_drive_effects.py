"""The Drive kinds of effect against the simulator: a second send is harmless, a probe knows."""

import hashlib
from dataclasses import replace

import pytest

from effects.base import Done, Failed, Unknown, World
from effects.drive import DriveFile, DriveFileData, DriveFolder, DriveFolderData
from errors.google import DriveFolderMissing, NotOurs
from ledger.plan import Content
from simulator.faults import Fault
from simulator.office import PROJECTS_FOLDER_ID

BYTES = "見積 ¥131,200".encode()


class Shelf:
    def read(self, content):
        assert content == CONTENT
        return BYTES


CONTENT = Content(sha256=hashlib.sha256(BYTES).hexdigest(), size=len(BYTES))


@pytest.fixture
def job(drive):
    return World(job="01JOB", contents=Shelf(), drive=drive)


@pytest.fixture
def folder(drive):
    (new_id,) = drive.new_ids(1)
    return DriveFolderData(id=new_id, name="P-2026-0012 山田様邸", parent=PROJECTS_FOLDER_ID)


@pytest.fixture
def file(drive):
    (new_id,) = drive.new_ids(1)
    return DriveFileData(
        id=new_id,
        name="見積書.txt",
        parent=PROJECTS_FOLDER_ID,
        mime_type="text/plain",
        content=CONTENT,
    )


@pytest.fixture(params=["folder", "file"])
def effect(request, folder, file):
    kind, data = {"folder": (DriveFolder(), folder), "file": (DriveFile(), file)}[request.param]
    return kind, [("k", data)]


def test_done_carries_the_link_and_a_second_send_is_harmless(effect, job):
    kind, effects = effect

    (first,) = kind.apply(effects, job)
    (second,) = kind.apply(effects, job)

    assert isinstance(first, Done)
    assert first.facts["id"] == effects[0][1].id
    assert first.link.startswith("http")
    assert second == replace(first, facts=first.facts | {"adopted": True})


def test_a_probe_finds_what_got_through_and_nothing_else(effect, job):
    kind, effects = effect
    assert kind.probe(effects, job) == [None]

    (done,) = kind.apply(effects, job)

    (found,) = kind.probe(effects, job)
    assert found == replace(done, facts=done.facts | {"adopted": True})


def test_another_jobs_work_is_not_ours(effect, job, drive):
    kind, effects = effect
    kind.apply(effects, World(job="02OTHER", contents=Shelf(), drive=drive))

    (outcome,) = kind.apply(effects, job)
    (found,) = kind.probe(effects, job)

    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, NotOurs)
    assert isinstance(found.error, NotOurs)


def test_an_answer_that_never_comes_leaves_the_outcome_unknown_until_probed(effect, job, world):
    kind, effects = effect
    world.faults.set([Fault("drive.files.*", "apply-then-drop")])

    (outcome,) = kind.apply(effects, job)
    (unclear,) = kind.probe(effects, job)
    world.faults.set([])
    (found,) = kind.probe(effects, job)

    assert isinstance(outcome, Unknown)
    assert isinstance(unclear, Unknown)
    assert isinstance(found, Done)


def test_a_missing_parent_is_told_by_its_id(effect, job):
    kind, ((key, data),) = effect

    (outcome,) = kind.apply([(key, data.model_copy(update={"parent": "0NOWHERE"}))], job)

    assert isinstance(outcome.error, DriveFolderMissing)
