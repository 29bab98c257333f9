"""Undoing what was made in Drive, among people who work in it too."""

import hashlib
from collections import Counter
from dataclasses import replace

import pytest
from googleapiclient.http import MediaInMemoryUpload

from effects.base import Left, Undone, Unknown, World
from effects.drive import DriveFile, DriveFileData, DriveFolder, DriveFolderData
from errors.google import DriveRefused, OutcomeUnknown, TooMany, TryLater
from errors.settings import SettingsError
from errors.work import ChangedSince, HoldsMore, LeaseLost, MovedSince, RenamedSince, Stopping
from ledger.plan import Content
from simulator.faults import Fault
from simulator.keys import SERVICE_ACCOUNT
from simulator.office import PROJECTS_FOLDER_ID
from workspace.batches import LONGEST_PAUSE
from workspace.caller import Caller
from workspace.drive import Drive
from workspace.quota import Bucket, Quota

FOLDER, FILE = DriveFolder(), DriveFile()
BYTES = "見積 ¥131,200".encode()
CONTENT = Content(sha256=hashlib.sha256(BYTES).hexdigest(), size=len(BYTES))


class Shelf:
    def read(self, content):
        return BYTES


class Person:
    """A colleague in the shared drive, who works in it by the same API."""

    def __init__(self, clients):
        self._clients = clients

    def update(self, file_id, content=None, **request):
        media = None if content is None else MediaInMemoryUpload(content, "text/plain")
        files = self._clients.drive_files
        return self._send(
            files.update(fileId=file_id, media_body=media, supportsAllDrives=True, **request)
        )

    def rename(self, file_id):
        self.update(file_id, body={"name": "B様邸"})

    def move(self, file_id):
        self.update(file_id, addParents=self.add(PROJECTS_FOLDER_ID))

    def edit(self, file_id):
        self.update(file_id, content=b"other")

    def trash(self, file_id):
        self.update(file_id, body={"trashed": True})

    def restore(self, file_id):
        self.update(file_id, body={"trashed": False})

    def delete(self, file_id):
        self._send(self._clients.drive_files.delete(fileId=file_id, supportsAllDrives=True))

    def add(self, parent):
        body = {
            "name": "memo",
            "parents": [parent],
            "mimeType": "application/vnd.google-apps.folder",
        }
        made = self._send(self._clients.drive_files.create(body=body, supportsAllDrives=True))
        return made["id"]

    def _send(self, request):
        with self._clients.transport() as http:
            return request.execute(http=http)


@pytest.fixture
def bob(clients):
    return Person(clients)


@pytest.fixture
def job(drive):
    return World(job="01JOB", contents=Shelf(), drive=drive)


@pytest.fixture
def folders(drive, job):
    """Make folders; return what ``undo`` is given of each."""

    def make(count, parent=PROJECTS_FOLDER_ID):
        datas = [
            DriveFolderData(id=each, name=f"A様邸 {at}", parent=parent)
            for at, each in enumerate(drive.new_ids(count))
        ]
        return made(FOLDER, datas, job)

    return make


@pytest.fixture
def files(drive, job):
    def make(count, parent=PROJECTS_FOLDER_ID):
        datas = [
            DriveFileData(
                id=each, name=f"{at}.txt", parent=parent, mime_type="text/plain", content=CONTENT
            )
            for at, each in enumerate(drive.new_ids(count))
        ]
        return made(FILE, datas, job)

    return make


@pytest.fixture(params=["folder", "file"])
def one(request, folders, files):
    """Something Kakari made, of each kind: the kind, its id, and what ``undo`` is given."""
    kind, make = {"folder": (FOLDER, folders), "file": (FILE, files)}[request.param]
    (effect,) = make(1)
    return kind, effect[0].id, [effect]


def made(kind, datas, job):
    outcomes = kind.apply([("k", data) for data in datas], job)
    return [(data, outcome.facts) for data, outcome in zip(datas, outcomes, strict=True)]


def ids(effects):
    return [data.id for data, _ in effects]


def alive(drive, effects):
    return {each.id for each in drive.get_many(ids(effects)) if each and not each.trashed}


def calls(world):
    return Counter(each["method"] for each in world.calls.to_json())


# One of each kind


def test_what_nobody_has_touched_goes_to_the_trash_and_can_be_had_back(one, job, drive, bob):
    kind, file_id, effects = one

    assert kind.undo(effects, job) == [Undone()]

    assert drive.get(file_id).trashed
    bob.restore(file_id)
    assert not drive.get(file_id).trashed


def test_the_second_undo_sends_nothing_more(one, job, world):
    kind, _, effects = one
    kind.undo(effects, job)
    world.calls.clear()

    assert kind.undo(effects, job) == [Undone()]
    assert not calls(world)["drive.files.update"]


@pytest.mark.parametrize("how", ["trash", "delete"])
def test_what_a_person_has_thrown_away_is_undone(one, job, bob, how):
    kind, file_id, effects = one
    getattr(bob, how)(file_id)

    assert kind.undo(effects, job) == [Undone()]


@pytest.mark.parametrize(
    ("change", "error"), [("rename", RenamedSince), ("move", MovedSince)], ids=["rename", "move"]
)
def test_what_a_person_has_renamed_or_moved_is_left(one, job, drive, bob, change, error):
    kind, file_id, effects = one
    getattr(bob, change)(file_id)

    (outcome,) = kind.undo(effects, job)

    assert type(outcome.why) is error
    assert effects[0][0].name in outcome.why.say("ja")
    assert not drive.get(file_id).trashed


def test_the_new_name_is_told(one, job, bob):
    kind, file_id, effects = one
    bob.rename(file_id)

    (outcome,) = kind.undo(effects, job)

    assert "B様邸" in outcome.why.say("en")


def test_another_jobs_work_is_left(one, job, drive):
    kind, file_id, effects = one

    (outcome,) = kind.undo(effects, replace(job, job="02OTHER"))

    assert type(outcome.why) is ChangedSince
    assert not drive.get(file_id).trashed


def test_a_file_whose_content_was_changed_is_left(files, job, drive, bob):
    effects = files(1)
    bob.edit(effects[0][0].id)

    (outcome,) = FILE.undo(effects, job)

    assert type(outcome.why) is ChangedSince
    assert alive(drive, effects)


def test_what_a_probe_found_can_be_undone_too(files, job, bob):
    kept, gone = files(2)
    kept, gone = [(data, FILE.probe([("k", data)], job)[0].facts) for data, _facts in (kept, gone)]
    bob.edit(kept[0].id)

    left, undone = FILE.undo([kept, gone], job)

    assert type(left.why) is ChangedSince
    assert undone == Undone()


# Folders, and what is in them


def test_a_folder_in_which_a_person_has_put_something_is_left(folders, job, drive, bob):
    effects = folders(3)
    theirs = bob.add(effects[1][0].id)

    outcomes = FOLDER.undo(effects, job)

    assert [type(each) for each in outcomes] == [Undone, Left, Undone]
    assert type(outcomes[1].why) is HoldsMore
    assert effects[1][0].name in outcomes[1].why.say("ja")
    assert alive(drive, effects) == {effects[1][0].id}
    assert not drive.get(theirs).trashed


def test_what_is_trashed_does_not_keep_its_folder(folders, job, bob):
    (effect,) = folders(1)
    bob.trash(bob.add(effect[0].id))

    assert FOLDER.undo([effect], job) == [Undone()]


def test_a_folder_stays_with_what_was_left_in_it(folders, files, job, drive, bob):
    (above,) = folders(1)
    inner, other = folders(2, parent=above[0].id)
    changed, unchanged = files(2, parent=inner[0].id)
    bob.edit(changed[0].id)

    FILE.undo([changed, unchanged], job)
    inside = FOLDER.undo([inner, other], job)
    (outside,) = FOLDER.undo([above], job)

    assert [type(each) for each in (*inside, outside)] == [Left, Undone, Left]
    everything = [above, inner, other, changed, unchanged]
    assert alive(drive, everything) == {above[0].id, inner[0].id, changed[0].id}


def test_a_list_that_is_behind_is_not_believed(clients, folders, files, job, bob):
    (folder,) = folders(1)
    (file,) = files(1, parent=folder[0].id)
    sends = []

    def after_the_list(seconds):
        sends.append(seconds)
        if len(sends) == 2:
            bob.trash(file[0].id)

    drive = Drive(clients, Quota(), Caller(before_send=after_the_list))
    (unclear,) = FOLDER.undo([folder], replace(job, drive=drive))

    assert isinstance(unclear, Unknown)
    assert isinstance(unclear.error, TryLater)
    assert FOLDER.undo([folder], job) == [Undone()]


# Many at once


def test_a_batch_of_folders_is_looked_at_and_trashed_in_two_requests(clients, folders, job, world):
    effects = folders(FOLDER.undo_batch)
    sends = []
    drive = Drive(clients, Quota(), Caller(before_send=sends.append))
    world.calls.clear()

    outcomes = FOLDER.undo(effects, replace(job, drive=drive))

    assert set(outcomes) == {Undone()}
    assert len(sends) == 2
    assert calls(world) == dict.fromkeys(
        ["drive.files.get", "drive.files.list", "drive.files.update"], len(effects)
    )


def test_a_batch_of_files_of_every_fate_takes_two_requests(clients, files, job, drive, world, bob):
    effects = files(6)
    _untouched, renamed, moved, edited, trashed, deleted = ids(effects)
    bob.rename(renamed)
    bob.move(moved)
    bob.edit(edited)
    bob.trash(trashed)
    bob.delete(deleted)
    sends = []
    counting = Drive(clients, Quota(), Caller(before_send=sends.append))
    world.calls.clear()

    outcomes = FILE.undo(effects, replace(job, drive=counting))

    assert [type(each) for each in outcomes] == [Undone, Left, Left, Left, Undone, Undone]
    assert len(sends) == 2
    assert calls(world)["drive.files.update"] == 1
    assert alive(drive, effects) == {renamed, moved, edited}


@pytest.mark.parametrize("kind", [FOLDER, FILE], ids=["folder", "file"])
def test_one_call_stays_within_the_kinds_deadline(clients, folders, files, job, kind):
    effects = folders(2) if kind is FOLDER else files(2)
    if kind is FOLDER:
        files(1, parent=effects[0][0].id)
    sends = []
    drive = Drive(clients, Quota(), Caller(before_send=sends.append))

    kind.undo(effects, replace(job, drive=drive))

    # Each may be sent a second time, after a pause.
    assert 2 * sum(sends) + LONGEST_PAUSE * len(sends) <= kind.undo_deadline


# What Google answers


def test_what_kakari_may_not_trash_is_left_with_the_reason(folders, job, world, drive):
    shared = world.drive.add_shared_drive(
        "図面", (SERVICE_ACCOUNT,), contributors=(SERVICE_ACCOUNT,)
    )
    effects = [*folders(1), *folders(1, parent=shared.id), *folders(1)]

    outcomes = FOLDER.undo(effects, job)

    assert [type(each) for each in outcomes] == [Undone, Left, Undone]
    assert isinstance(outcomes[1].why, DriveRefused)
    assert "sufficient permissions" in outcomes[1].why.say("en")


def test_an_answer_that_never_comes_leaves_it_open_until_it_is_undone_again(one, job, world):
    kind, _, effects = one
    world.faults.set([Fault("drive.files.update", "apply-then-drop")])
    (unclear,) = kind.undo(effects, job)
    world.faults.set([])

    assert isinstance(unclear, Unknown)
    assert isinstance(unclear.error, OutcomeUnknown)
    assert kind.undo(effects, job) == [Undone()]


@pytest.mark.parametrize("fault", ["apply-then-drop", "drop-before-apply", "503", "429", "403"])
def test_a_batch_is_undone_whatever_happens_to_its_first_send(files, job, drive, world, fault):
    effects = files(4)
    world.faults.set([Fault("drive.files.update", fault, times=1)])

    assert FILE.undo(effects, job) == [Undone()] * 4
    assert not alive(drive, effects)


def test_where_google_stays_busy_nothing_is_called_undone(one, job, drive, world):
    kind, file_id, effects = one
    world.faults.set([Fault("drive.files.update", "429")])
    (busy,) = kind.undo(effects, job)
    world.faults.set([Fault("drive.files.get", "503")])
    (unseen,) = kind.undo(effects, job)
    world.faults.set([])

    assert isinstance(busy, Unknown)
    assert isinstance(busy.error, TooMany)
    assert isinstance(unseen, Unknown)
    assert not drive.get(file_id).trashed


def test_without_a_list_of_what_is_in_it_no_folder_goes(folders, job, drive, world):
    effects = folders(2)
    world.faults.set([Fault("drive.files.list", "503")])
    outcomes = FOLDER.undo(effects, job)
    world.faults.set([])

    assert [type(each) for each in outcomes] == [Unknown, Unknown]
    assert alive(drive, effects) == set(ids(effects))


def test_without_a_drive_it_is_said_which_setting_is_missing(one, job):
    kind, _, effects = one

    (outcome,) = kind.undo(effects, replace(job, drive=None))

    assert isinstance(outcome, Unknown)
    assert isinstance(outcome.error, SettingsError)


# The run


@pytest.mark.parametrize("at", [1, 2])
def test_a_lost_lease_sends_nothing_more(clients, one, job, drive, at):
    kind, file_id, effects = one
    sends = []

    def lost(seconds):
        sends.append(seconds)
        if len(sends) == at:
            raise LeaseLost

    fenced = Drive(clients, Quota(), Caller(before_send=lost))

    with pytest.raises(LeaseLost):
        kind.undo(effects, replace(job, drive=fenced))
    assert len(sends) == at
    assert not drive.get(file_id).trashed


def test_a_worker_that_is_stopped_waits_for_no_quota(clients, one, job, drive):
    kind, file_id, effects = one
    caller = Caller()
    caller.stop.set()
    stopped = Drive(
        clients, Quota(), caller, writes=lambda account: Bucket(account, rate=0.01, burst=0)
    )

    with pytest.raises(Stopping):
        kind.undo(effects, replace(job, drive=stopped))
    assert not drive.get(file_id).trashed
