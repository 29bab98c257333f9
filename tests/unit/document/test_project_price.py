"""Lines from the schedule's amount of a project."""

from pathlib import Path
from typing import Any

import pytest

from errors import KakariError
from errors.document import PartyUnclear, ProjectUnknown
from errors.listing import (
    CustomerUnknown,
    PricedOtherwise,
    ProjectNotScheduled,
    ProjectUnpriced,
)
from ledger import parties, projects
from ledger.database import Ledger
from ledger.plan import Plan
from tasks.invoice import TASK as INVOICE
from tasks.quote import TASK as QUOTE
from tests.unit.document.test_drafting import FUJI, Desk

SUZUKI = "株式会社鈴木製作所"


@pytest.fixture
def desk(ledger: Ledger, tmp_path: Path) -> Desk:
    (tmp_path / "place").mkdir()
    desk = Desk(ledger, tmp_path / "place")
    with ledger.write() as tx:
        parties.save(tx, SUZUKI, {})
        for key, values in {
            "26-014": {"customer": "鈴木製作所", "amount": "1312000", "due": "2026-12-18"},
            "26-015": {"customer": "鈴木製作所"},
            "26-016": {"customer": "どこか商会", "amount": "100"},
            "26-017": {"customer": "株式会社", "amount": "100"},
        }.items():
            projects.add(tx, key, None, "spaces/A", {"name": f"金型 {key}", **values})
    return desk


def bill(plan: Plan) -> dict[str, Any]:
    (draft,) = plan.documents
    return draft.data["document"]["bill"]  # type: ignore[index, call-overload, return-value]


@pytest.mark.parametrize("task", [INVOICE, QUOTE], ids=["invoice", "quote"])
def test_a_project_is_charged_with_what_the_schedule_says_of_it(desk: Desk, task: Any) -> None:
    plan = desk.plan(task, source="project", project="２６-０１４", party="", lines=[])
    (draft,) = plan.documents
    assert (draft.party_name, draft.amount, draft.project) == (SUZUKI, 1_443_200, "26-014")
    (line,) = bill(plan)["lines"]
    assert (line["text"], line["quantity"], line["unit"]) == ("金型 26-014", "1", "式")
    assert (line["price"], line["supplied"]) == ("1312000", "2026-12-18")
    assert any("1,312,000" in line for line in task.told(plan, "ja"))
    other = desk.plan(task, source="project", project="26-014", party=FUJI, subject="別件")
    assert other.documents[0].party_name == FUJI


def test_a_project_that_was_invoiced_before_is_said_on_the_card(desk: Desk) -> None:
    whole = {"source": "project", "project": "26-014", "party": ""}
    assert desk.plan(**whole).notes == ()
    (number,) = desk.issue(**whole)
    (note,) = desk.plan(**whole).notes
    assert f"{number}（¥1,443,200）" in note.ja
    assert desk.plan(project="26-015").notes == ()


@pytest.mark.parametrize("task", [INVOICE, QUOTE], ids=["invoice", "quote"])
def test_the_form_asks_for_no_lines_where_the_project_has_them(desk: Desk, task: Any) -> None:
    walk = task.walk(({"source": "project", "project": "26-014"},), desk.setting)
    assert walk.request.lines == ()
    assert task.pages(walk.request)[0]["project"] == "26-014"  # to be edited as it was asked for
    with pytest.raises(ValueError, match="project"):
        task.walk(({"source": "project", "party": FUJI},), desk.setting)


@pytest.mark.parametrize(
    ("project", "head", "error"),
    [
        ("26-999", {}, ProjectNotScheduled),
        ("26-015", {}, ProjectUnpriced),
        ("26-016", {}, CustomerUnknown),
        ("26-017", {}, PartyUnclear),
        ("26-014", {"currency": "EUR", "yen_rate": "160"}, PricedOtherwise),
    ],
)
def test_a_project_that_cannot_be_charged_is_one_sentence(
    desk: Desk, project: str, head: dict[str, str], error: type[KakariError]
) -> None:
    with pytest.raises(error):
        desk.plan(source="project", project=project, party="", **head)


def test_only_a_project_that_nobody_knows_keeps_a_document_out_of_its_folder(desk: Desk) -> None:
    assert desk.plan(project="26-014").documents[0].project == "26-014"
    with pytest.raises(ProjectUnknown):
        desk.plan(project="26-999")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("26-014", {"source": "project", "project": "26-014"}),
        ("Ｐ-2026-0001", {"source": "project", "project": "P-2026-0001"}),
        ("q-2026-0031", {"source": "document", "about": "Q-2026-0031"}),
        ("month 2026-11", {"source": "month", "month": "2026-11"}),
        ("株式会社鈴木製作所", {"party": "株式会社鈴木製作所"}),
        ("A-ONE", {"party": "A-ONE"}),
    ],
)
def test_what_is_typed_behind_the_command_says_where_the_lines_come_from(
    typed: str, first: dict[str, str]
) -> None:
    assert INVOICE.prefill(typed).items() >= first.items()
