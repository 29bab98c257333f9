import threading
from dataclasses import replace

import pytest

from errors.google import (
    DriveFolderMissing,
    DriveStorageFull,
    NotOurs,
    OutcomeUnknown,
    TooMany,
)
from errors.work import Stopping
from simulator.faults import Fault
from simulator.office import PROJECTS_FOLDER_ID, SHARED_DRIVE_ID
from workspace.caller import Caller
from workspace.drive import Drive
from workspace.drive_file import Made, NewFile, NewFolder
from workspace.quota import Bucket, Quota

JOB = "01JOB"


@pytest.fixture
def new_folders(drive):
    def make(count, parent=PROJECTS_FOLDER_ID):
        ids = drive.new_ids(count)
        return [NewFolder(each, f"見積 {at}", parent, JOB) for at, each in enumerate(ids, 1)]

    return make


@pytest.fixture
def new_file(drive):
    def make(content=b"a quote", parent=PROJECTS_FOLDER_ID):
        return NewFile(drive.new_ids(1)[0], "見積書.txt", parent, JOB, "text/plain", content)

    return make


@pytest.fixture
def requests(world):
    """Each HTTP request since, by the name of its method; a batch is one."""
    world.calls.clear()

    def made():
        records = world.calls.to_json()
        alone = [each["method"] for each in records if not each["batch"]]
        return alone + ["batch"] * any(each["batch"] for each in records)

    return made


def statuses(world, method):
    return [each["status"] for each in world.calls.to_json() if each["method"] == method]


@pytest.fixture
def trash(clients):
    def throw_away(folder):
        request = clients.drive_files.update(
            fileId=folder.id, body={"trashed": True}, supportsAllDrives=True
        )
        with clients.transport() as http:
            request.execute(http=http)

    return throw_away


def test_ids_can_be_had_by_the_thousand(drive, world):
    world.calls.clear()

    assert len(set(drive.new_ids(1500))) == 1500
    assert statuses(world, "drive.files.generateIds") == [200, 200]


def test_a_hundred_folders_are_one_request(drive, new_folders, requests):
    folders = new_folders(100)
    before = requests()

    results = drive.create_folders(folders)

    assert [each.id for each in results] == [each.id for each in folders]
    assert all(each.link and not each.adopted for each in results)
    assert requests() == [*before, "batch"]


def test_a_single_folder_needs_no_batch(drive, new_folders, requests):
    drive.create_folders(new_folders(1))

    assert requests() == ["drive.files.generateIds", "drive.files.create"]


def test_a_folder_says_whose_it_is(drive, new_folders):
    (folder,) = new_folders(1, parent=SHARED_DRIVE_ID)
    drive.create_folders([folder])

    found = drive.get(folder.id)

    assert found.name == folder.name
    assert found.parents == (SHARED_DRIVE_ID,)
    assert found.app_properties == {"kakari": JOB}
    assert folder.is_there(found)


def test_the_second_send_makes_nothing_new_and_finds_what_is_there(drive, new_folders):
    folders = new_folders(3)
    first = drive.create_folders(folders)
    second = drive.create_folders(folders)

    assert second == [replace(each, adopted=True) for each in first]


@pytest.mark.parametrize(
    "change", [{"name": "renamed"}, {"job": "02OTHER"}, {"parent": SHARED_DRIVE_ID}]
)
def test_what_has_our_id_but_is_not_ours_is_not_adopted(drive, new_folders, change):
    (folder,) = new_folders(1)
    drive.create_folders([folder])

    (result,) = drive.create_folders([replace(folder, **change)])

    assert isinstance(result, NotOurs)


def test_a_trashed_folder_is_not_adopted(drive, new_folders, trash):
    folders = new_folders(2)
    drive.create_folders(folders)
    trash(folders[0])

    gone, there = drive.create_folders(folders)

    assert isinstance(gone, NotOurs)
    assert isinstance(there, Made)


def test_one_folder_that_is_refused_does_not_take_the_others_along(drive, new_folders):
    good, bad = new_folders(2)

    results = drive.create_folders([good, replace(bad, parent="0NOWHERE")])

    assert isinstance(results[0], Made)
    assert isinstance(results[1], DriveFolderMissing)
    assert "0NOWHERE" in results[1].say("en")


def test_parts_that_google_was_too_busy_for_are_sent_again_as_a_smaller_batch(
    drive, new_folders, world
):
    folders = new_folders(5)
    world.calls.clear()
    world.faults.set([Fault("drive.files.create", "503", times=2)])

    results = drive.create_folders(folders)

    assert all(isinstance(each, Made) for each in results)
    assert statuses(world, "drive.files.create").count(503) == 2
    assert len(statuses(world, "drive.files.create")) == 7


def test_parts_whose_answer_was_lost_are_looked_at_not_doubled(drive, new_folders, world):
    folders = new_folders(5)
    world.faults.set([Fault("drive.files.create", "apply-then-drop", times=1)])

    results = drive.create_folders(folders)

    assert all(isinstance(each, Made) for each in results)
    assert (
        len([each for each in drive.children(PROJECTS_FOLDER_ID) if each.id in ids(folders)]) == 5
    )


def test_where_google_stays_busy_it_is_said_of_each_folder_whether_it_may_be_there(
    drive, new_folders, world
):
    folders = new_folders(3)
    world.faults.set([Fault("drive.files.create", "429")])
    assert [type(each) for each in drive.create_folders(folders)] == [TooMany] * 3

    world.faults.set([Fault("drive.files.create", "503")])
    assert [type(each) for each in drive.create_folders(folders)] == [OutcomeUnknown] * 3


def test_a_later_refusal_does_not_close_what_an_unanswered_attempt_left_open(
    drive, new_folders, world
):
    (folder,) = new_folders(1)
    world.faults.set(
        [
            Fault("drive.files.create", "apply-then-drop", times=1),
            Fault("drive.files.create", "429"),
        ]
    )

    (result,) = drive.create_folders([folder])

    assert isinstance(result, OutcomeUnknown)


def test_a_file_goes_in_one_request_and_keeps_its_bytes(drive, new_file, requests):
    new = new_file("見積 ¥131,200".encode())

    made = drive.create_file(new)

    assert made == Made(new.id, made.link)
    assert requests() == ["drive.files.generateIds", "drive.files.create"]
    assert new.is_there(drive.get(new.id))


@pytest.mark.parametrize("content", [b"", b"\r\n--==\r\nFrom me\n", bytes(range(256)) * 100])
def test_a_file_may_hold_any_bytes(drive, new_file, content):
    new = new_file(content)
    drive.create_file(new)

    assert new.is_there(drive.get(new.id))


def test_a_large_file_goes_in_pieces(drive, new_file):
    new = new_file(b"0123456789" * 600_000)

    assert drive.create_file(new).id == new.id
    assert new.is_there(drive.get(new.id))


@pytest.mark.parametrize("kind", ["apply-then-drop", "drop-before-apply", "503", "429", "403"])
def test_a_file_is_there_once_whatever_happens_to_the_first_send(drive, new_file, world, kind):
    new = new_file()
    world.faults.set([Fault("drive.files.create", kind, times=1)])

    made = drive.create_file(new)

    assert made.adopted == (kind == "apply-then-drop")
    assert [each.id for each in drive.children(PROJECTS_FOLDER_ID)].count(new.id) == 1


def test_a_file_that_has_been_changed_since_is_not_adopted(drive, new_file):
    new = new_file(b"one")
    drive.create_file(new)

    with pytest.raises(NotOurs, match=r"見積書\.txt"):
        drive.create_file(replace(new, content=b"two"))


def test_a_file_for_a_folder_that_is_not_there_says_which_folder(drive, new_file):
    with pytest.raises(DriveFolderMissing, match="0NOWHERE"):
        drive.create_file(new_file(parent="0NOWHERE"))


def test_a_place_outside_a_shared_drive_explains_itself(drive, new_file):
    with pytest.raises(DriveStorageFull, match="KAKARI_PROJECT_PLACE"):
        drive.create_file(new_file(parent="root"))


def test_what_is_not_there_is_none_and_the_rest_keeps_its_place(drive, new_folders):
    one, two = new_folders(2)
    drive.create_folders([one, two])

    found = drive.get_many([one.id, "0NOWHERE", two.id])

    assert [each and each.id for each in found] == [one.id, None, two.id]


def test_an_earlier_attempt_is_found_by_its_id(drive, new_folders, trash):
    there, trashed, never = new_folders(3)
    drive.create_folders([there, trashed])
    trash(trashed)

    found = drive.find([there, trashed, never])

    assert isinstance(found[0], Made)
    assert isinstance(found[1], NotOurs)
    assert found[2] is None


def test_a_folder_is_listed_to_its_end(drive, new_folders):
    (parent,) = new_folders(1)
    drive.create_folders([parent])
    inside = new_folders(100, parent=parent.id)
    drive.create_folders(inside)

    assert {each.id for each in drive.children(parent.id)} == ids(inside)


def test_a_wait_for_quota_is_told_and_nothing_is_sent_when_the_caller_stops(
    clients, world, new_folders
):
    folders = new_folders(2)
    stop, waits = threading.Event(), []

    def on_wait(bucket, seconds):
        waits.append(seconds)
        stop.set()

    drive = Drive(
        clients,
        Quota(),
        Caller(stop=stop, on_wait=on_wait),
        writes=lambda account: Bucket(account, rate=0.01, burst=1),
    )
    world.calls.clear()

    with pytest.raises(Stopping):
        drive.create_folders(folders)
    assert waits == [pytest.approx(100, abs=1)]
    assert world.calls.to_json() == []


def ids(news):
    return {each.id for each in news}
