"""People at a spreadsheet: what the page shows them, and what they do."""

import pytest
import requests

from simulator.office import ALICE, CHARLIE


@pytest.fixture
def at(simulator, book):
    """Act as a person, or look, at the book."""

    def at(what=None, person=ALICE, **more):
        url = f"{simulator.origin}/_sim/sheets/{book.id}"
        if what is None:
            return requests.get(url, params={"person": person.name, **more}, timeout=10)
        return requests.post(f"{url}/{what}", json={"person": person.name, **more}, timeout=10)

    return at


def test_a_person_types_and_the_drive_knows_who(at, book, drive):
    at("enter", range="A1", values=[["2026-12-01", "=A1+1", None, "'=x"]])
    shown = at().json()
    texts = [cell.get("text") for cell in shown["rows"][0]["cells"][:4]]
    assert texts == ["2026-12-01", "2026-12-02", None, "=x"]
    assert [shown["rows"][0]["cells"][i]["entered"] for i in (1, 3)] == ["=A1+1", "'=x"]
    fields = {"fields": "lastModifyingUser/emailAddress", "supportsAllDrives": True}
    changed = drive.files().get(fileId=book.id, **fields).execute()
    assert changed["lastModifyingUser"]["emailAddress"] == ALICE.email


def test_a_person_sorts_below_what_is_frozen_or_filtered(at, book):
    at("enter", range="A1", values=[["head"], ["b"], ["a"], ["c"]])
    frozen = {"properties": {"gridProperties": {"frozenRowCount": 1}}}
    freeze = {"updateSheetProperties": {**frozen, "fields": "gridProperties.frozenRowCount"}}
    at("change", requests=[freeze])
    at("sort", sheet=0, column=0, order="ASCENDING")
    assert book.values("A:A") == [["head"], ["a"], ["b"], ["c"]]
    only = {"range": {"startRowIndex": 1, "endRowIndex": 3, "endColumnIndex": 1}}
    at("change", requests=[{"setBasicFilter": {"filter": only}}])
    at("sort", sheet=0, column=0, order="DESCENDING")
    assert book.values("A:A") == [["head"], ["a"], ["b"], ["c"]]


def test_a_long_sheet_is_shown_a_part_at_a_time(at, book):
    at("enter", range="A1", values=[[n] for n in range(300)])
    assert (len(at().json()["rows"]), at().json()["more"]) == (200, True)
    assert (len(at(rows=400).json()["rows"]), at(rows=400).json()["more"]) == (320, False)


def test_who_may_not_is_told_why(at):
    refused = at("enter", person=CHARLIE, range="A1", values=[["x"]])
    assert (refused.status_code, refused.json()["error"]["message"]) == (
        403,
        "The caller does not have permission",
    )
    assert at(person=CHARLIE).status_code == 403
    assert at("enter", range="Nope!A1", values=[["x"]]).status_code == 400
    assert at("enter", range="A1").json()["error"]["message"] == "there is no 'values'"
