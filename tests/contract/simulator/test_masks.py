"""The ``fields`` parameter."""

import pytest
from googleapiclient.errors import HttpError

from simulator import masks
from simulator.discovery import api
from simulator.office import PROJECTS_FOLDER_ID, PROJECTS_SPACE


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("id", {"id": {}}),
        ("id, name", {"id": {}, "name": {}}),
        ("owners/me", {"owners": {"me": {}}}),
        ("owners.me,owners(kind)", {"owners": {"me": {}, "kind": {}}}),
        ("owners(me),owners", {"owners": {}}),
        ("owners,owners(me)", {"owners": {}}),
        ("*", {"*": {}}),
        ("capabilities/*", {"capabilities": {"*": {}}}),
        ("mime_type", {"mimeType": {}}),
    ],
)
def test_a_mask_is_read(text, tree):
    assert masks.mask(text, api("drive", "v3"), "File") == tree


@pytest.mark.parametrize(
    "text", ["colour", "id(x)", "owners(colour)", "owners(me", "id,,name", ")"]
)
def test_a_mask_that_selects_nothing_real_is_refused(text):
    with pytest.raises(masks.MaskError):
        masks.mask(text, api("drive", "v3"), "File")


@pytest.mark.parametrize(
    ("tree", "rest"),
    [
        ({"a": {}}, {"a": 1}),
        ({"b": {"c": {}}}, {"b": [{"c": 2}, {}]}),
        ({"*": {}}, {"a": 1, "b": [{"c": 2, "d": 3}, {"d": 4}]}),
        ({"b": {"*": {}}}, {"b": [{"c": 2, "d": 3}, {"d": 4}]}),
        ({"x": {}}, {}),
    ],
)
def test_a_mask_keeps_what_it_names(tree, rest):
    assert masks.apply(tree, {"a": 1, "b": [{"c": 2, "d": 3}, {"d": 4}]}) == rest


def test_drive_answers_exactly_the_fields_asked_for(drive):
    got = drive.files().get(
        fileId=PROJECTS_FOLDER_ID,
        supportsAllDrives=True,
        fields="id,lastModifyingUser/emailAddress",
    )
    assert got.execute() == {
        "id": PROJECTS_FOLDER_ID,
        "lastModifyingUser": {"emailAddress": "alice@fuji-kanagata.example"},
    }


def test_chat_answers_exactly_the_fields_asked_for(chat):
    got = chat.spaces().get(name=PROJECTS_SPACE.name, fields="display_name").execute()
    assert got == {"displayName": "案件"}


def test_a_field_that_does_not_exist_is_refused_before_anything_happens(drive):
    body = {"name": "never made", "parents": [PROJECTS_FOLDER_ID]}
    with pytest.raises(HttpError, match="Invalid field selection colour"):
        drive.files().create(body=body, fields="colour", supportsAllDrives=True).execute()
    search = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}
    assert drive.files().list(q="name = 'never made'", **search).execute()["files"] == []
