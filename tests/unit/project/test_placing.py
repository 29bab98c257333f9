import os
from pathlib import PurePosixPath

import pytest

from effects.disk import DiskFileData, DiskFolderData
from effects.drive import DriveFileData, DriveFolderData
from errors.google import DriveFolderMissing
from errors.settings import SettingsError
from errors.work import DiskRefused
from tasks.project.render import preload

NUMBER = "\ue000number\ue001"
FILES = {
    "図面/組図/a.csv": "a",
    "図面/b.md.jinja": "{{ project_number }}",
    "写真/.gitkeep": "",
    "c.xyz": "c",
}


def test_on_a_disk_every_path_stands_below_the_project_folder(office):
    office.template(FILES)
    plan, _ = office.plan()
    root = str(office.nas)
    folders = [DiskFolderData(**effect.data) for effect in plan.effects[:4]]
    files = [DiskFileData(**effect.data) for effect in plan.effects[4:]]
    assert [(folder.root, folder.path, folder.fresh) for folder in folders] == [
        (root, f"{NUMBER} 鈴木邸", True),
        (root, f"{NUMBER} 鈴木邸/写真", False),
        (root, f"{NUMBER} 鈴木邸/図面", False),
        (root, f"{NUMBER} 鈴木邸/図面/組図", False),
    ]
    assert [file.path.partition("/")[2] for file in files] == [
        "c.xyz",
        "図面/b.md",
        "図面/組図/a.csv",
    ]
    assert {effect.kind for effect in plan.effects} == {"disk.folder", "disk.file"}


def test_in_drive_every_item_has_its_own_id_and_its_parents(office, shelf):
    office.template(FILES)
    plan, _ = office.plan_of(office.request(), drive=shelf(), place="drive:shelf")
    folders = [DriveFolderData(**effect.data) for effect in plan.effects[:4]]
    files = [DriveFileData(**effect.data) for effect in plan.effects[4:]]
    root, photos, drawings, assembly = folders
    assert (root.name, root.parent) == (f"{NUMBER} 鈴木邸", "shelf")
    assert (photos.name, photos.parent) == ("写真", root.id)
    assert (assembly.name, assembly.parent) == ("組図", drawings.id)
    assert [(file.name, file.parent, file.mime_type) for file in files] == [
        ("c.xyz", root.id, "application/octet-stream"),
        ("b.md", drawings.id, "text/markdown"),
        ("a.csv", assembly.id, "text/csv"),
    ]
    assert len({item.id for item in [*folders, *files]}) == 7
    assert {effect.kind for effect in plan.effects} == {"drive.folder", "drive.file"}


def test_each_effect_waits_for_its_folder_and_the_project_folder_is_the_result(office):
    office.template(FILES)
    plan, _ = office.plan()
    assert plan.headline == "/"
    for effect in plan.effects:
        parent = str(PurePosixPath(effect.key).parent)
        assert effect.after == (() if effect.key == "/" else (parent,))


@pytest.mark.parametrize(
    "folder",
    [{"id": "elsewhere"}, {"trashed": True}, {"mime_type": "text/plain"}],
)
def test_a_drive_folder_that_is_not_there_is_told_before_anything_is_rendered(
    office, shelf, folder
):
    office.template({"a.txt": "a"})
    with pytest.raises(DriveFolderMissing) as refusal:
        office.plan_of(office.request(), drive=shelf(**folder), place="drive:shelf")
    assert refusal.value.values["folder"] == "shelf"


def test_a_nas_that_is_not_mounted_is_told(office):
    office.template({})
    with pytest.raises(DiskRefused) as refusal:
        office.plan_of(office.request(), place=f"disk:{office.nas}/away")
    assert refusal.value.values["reason"] == "no such folder"


def test_a_place_that_is_a_file_is_told(office):
    office.template({})
    (office.nas / "file").write_text("")
    with pytest.raises(DiskRefused):
        office.plan_of(office.request(), place=f"disk:{office.nas}/file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_nas_that_is_not_for_us_is_told(office):
    office.template({})
    office.nas.chmod(0o555)
    with pytest.raises(DiskRefused) as refusal:
        office.plan()
    assert refusal.value.values["reason_ja"] == "権限がありません"


@pytest.mark.parametrize("place", ["", "somewhere", "drive:shelf", "ftp:x"])
def test_what_is_no_place_is_a_mistake_in_the_settings(office, place):
    office.template({})
    request = office.request()
    with pytest.raises(SettingsError):
        office.plan_of(request, place=place)


def test_a_place_below_the_working_folder_is_refused(office):
    office.template({})
    with pytest.raises(DiskRefused):
        office.plan_of(office.request(), place="disk:.")


def test_planning_leaves_nothing_behind(office, tmp_path, monkeypatch):
    office.template(FILES)
    rooms = tmp_path / "rooms"
    rooms.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(rooms))
    preload()
    office.plan()
    assert list(rooms.iterdir()) == []
    assert list(office.nas.iterdir()) == []
