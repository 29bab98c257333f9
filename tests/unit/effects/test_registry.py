import pytest

from effects.base import World
from effects.drive import DriveFolder, DriveFolderData
from effects.registry import KINDS, kind
from errors.settings import SettingsError
from ledger.plan import Effect


def test_every_kind_is_found_by_the_name_it_has_in_a_plan():
    assert set(KINDS) == {
        "drive.folder",
        "drive.file",
        "disk.folder",
        "disk.file",
        "project.enter",
        "project.values",
        "sheet.row",
        "register.row",
        "document",
        "party",
    }
    assert all(kind(name).name == name for name in KINDS)


def test_a_kind_reads_its_data_and_takes_no_more_than_it_knows():
    data = {"id": "1", "name": "見積", "parent": "0"}
    effect = Effect(key="k", kind="drive.folder", data=data)

    assert kind("drive.folder").data(effect) == DriveFolderData(**data)
    with pytest.raises(ValueError, match="extra"):
        kind("drive.folder").data(effect.model_copy(update={"data": data | {"mode": "0777"}}))


@pytest.mark.parametrize("each", KINDS.values(), ids=KINDS)
def test_things_are_counted_in_both_languages(each):
    one, dozen = each.noun.count(1, "en").split(), each.noun.count(12, "en").split()
    assert (one[0], dozen[0]) == ("1", "12")
    assert one[1:] != dozen[1:]
    assert each.noun.count(12, "ja").endswith("12件")


def test_drive_work_without_a_key_says_which_setting_is_missing(shelf):
    data = DriveFolderData(id="1", name="見積", parent="0")

    (outcome,) = DriveFolder().apply([("k", data)], World(job="01JOB", contents=shelf))

    assert isinstance(outcome.error, SettingsError)
    assert "KAKARI_GOOGLE_KEY_FILE" in outcome.error.say("ja")
