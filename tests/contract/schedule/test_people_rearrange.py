"""What people do to the sheet as a whole: harmless things do no harm, the others are asked about."""

from datetime import timedelta

from cards.job_card import JobView
from ledger.database import now
from tests.contract.schedule.office import HEADERS, Office
from workspace.caller import Caller


def filled(office: Office, count: int = 6) -> None:
    """Bring projects into the sheet of which no two are alike."""
    for n in range(1, count + 1):
        office.project(
            f"P-{n}",
            customer=f"客先{n}",
            name=f"金型{n}",
            due=f"2026-12-{n:02}",
            person=f"担当{n}",
            amount=str(n * 1000),
        )
    assert office.sync().state == "done"


def only(view: JobView) -> str:
    """Return the one question of a job that carried nothing over."""
    assert (view.state, view.lines) == ("done", ())
    (question,) = view.questions
    return question.text


def test_filtering_hiding_and_merging_do_no_harm(office: Office) -> None:
    filled(office)
    keys = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    office.request(
        updateDimensionProperties={
            "range": keys,
            "properties": {"hiddenByUser": True},
            "fields": "hiddenByUser",
        }
    )
    names = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 8}
    office.request(mergeCells={"range": names | {"endColumnIndex": 11}, "mergeType": "MERGE_ROWS"})
    only_the_first = {
        "6": {"condition": {"type": "TEXT_EQ", "values": [{"userEnteredValue": "-"}]}}
    }
    table = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 7, "endColumnIndex": 9}
    office.request(setBasicFilter={"filter": {"range": table, "criteria": only_the_first}})
    office.change("P-5", state="完了")
    office.put("G3", [["保留"]])
    done = office.sync()
    assert (done.state, done.questions) == ("done", ()), done.failure
    assert office.rows()["P-5"][5] == "完了"
    assert office.known("P-2")["state"] == "保留"


def test_sorting_inserting_columns_and_renaming_do_no_harm(office: Office) -> None:
    filled(office)
    own = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    above = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 2}
    title = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 1,
        "startColumnIndex": 0,
        "endColumnIndex": 4,
    }
    office.request(insertDimension={"range": own})
    office.request(insertDimension={"range": above})
    office.request(mergeCells={"range": title, "mergeType": "MERGE_ALL"})
    office.put("A1", [["2026年度 予定表"]])
    office.put("C3", [["自社メモ"], *[[f'=CONCATENATE("〆",{n})'] for n in range(6)]])
    everything = {"sheetId": 0, "startRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 10}
    by_due = [{"dimensionIndex": 5, "sortOrder": "DESCENDING"}]
    office.request(sortRange={"range": everything, "sortSpecs": by_due})
    office.request(
        updateSheetProperties={"properties": {"sheetId": 0, "title": "予定 '26"}, "fields": "title"}
    )
    office.title = "予定 ''26"
    office.change("P-3", state="完了")
    office.put("I4", [["70万円"]])
    done = office.sync()
    assert (done.state, done.questions) == ("done", ()), done.failure
    rows = office.rows()
    assert rows["P-3"][6] == "完了"
    assert office.known("P-6")["amount"] == "700000"
    assert [row[2] for row in office.cells(shown=False)[3:9]] == [
        f'=CONCATENATE("〆",{n})' for n in (5, 4, 3, 2, 1, 0)
    ], "the people's own column"
    assert office.sync().lines == ()


def test_a_part_sorted_without_its_keys_is_asked_about_and_the_keys_put_back(
    office: Office,
) -> None:
    filled(office)
    before = office.rows()
    part = {
        "sheetId": 0,
        "startRowIndex": 1,
        "endRowIndex": 6,
        "startColumnIndex": 1,
        "endColumnIndex": 9,
    }
    by_due = [{"dimensionIndex": 4, "sortOrder": "DESCENDING"}]
    office.request(sortRange={"range": part, "sortSpecs": by_due})
    moved = office.cells()
    asks = office.sync()
    assert "sorted or moved without its key column" in only(asks)
    assert office.cells() == moved
    assert office.known("P-1")["name"] == "金型1", "nothing was carried over"
    office.answer(asks, 0, "Put the keys back")
    back = office.sync()
    assert (back.state, back.questions) == ("done", ()), back.failure
    assert office.rows() == before
    assert [row[1:] for row in office.cells()] == [row[1:] for row in moved], "only the keys"
    assert office.sync().lines == ()


def test_what_looks_like_damage_may_be_meant(office: Office) -> None:
    filled(office)
    office.put("B2", [[f"新客先{n}", f"新製品{n}", "", f"2027/01/{n:02}"] for n in range(1, 5)])
    asks = office.sync()
    only(asks)
    office.answer(asks, 0, "It is meant like this")
    office.sync()
    assert office.known("P-1")["name"] == "新製品1"


def test_a_row_copied_with_its_key_loses_it_and_is_offered_as_a_project(office: Office) -> None:
    filled(office)
    copy = [office.cells()[2][0], "客先9", "金型9", "", "2027/02/01"]
    office.put("A8", [copy])
    asks = office.sync()
    assert "copied with their keys (P-2)" in only(asks)
    assert "番号ごと行がコピー" in office.view(asks.job, "ja").questions[0].text
    office.answer(asks, 0, "Put the keys back")
    offered = office.sync()
    assert office.cells()[7][0] == ""
    offered = office.sync()
    assert "客先9 金型9" in only(offered)


def test_rows_that_are_mostly_gone_are_one_question(office: Office) -> None:
    filled(office, 8)
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 7}
    office.request(deleteDimension={"range": rows})
    asks = office.sync()
    assert "6 of the rows" in only(asks)
    office.answer(asks, 0, "Put the rows back")
    office.sync()
    assert len(office.rows()) == 8
    gone = [row[0] for row in office.cells()[1:] if row[0] not in ("P-7", "P-8")]
    at = {row[0]: number for number, row in enumerate(office.cells())}
    for key in sorted(gone, key=lambda key: -at[key]):
        row = {"sheetId": 0, "dimension": "ROWS", "startIndex": at[key], "endIndex": at[key] + 1}
        office.request(deleteDimension={"range": row})
    asks = office.sync()
    assert "6 of the rows" in only(asks), "it happens again, and is asked about again"
    office.answer(asks, 0, "All of them may go")
    office.sync()
    assert set(office.rows()) == {"P-7", "P-8"}


def test_a_deleted_row_is_asked_about(office: Office) -> None:
    filled(office)
    two = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 3}
    office.request(deleteDimension={"range": two})
    asks = office.sync()
    assert [question.text.split()[0] for question in asks.questions] == ["P-1", "P-2"]
    office.answer(asks, 0, "Put the row back")
    office.answer(asks, 0, "It was deleted on purpose")
    office.sync()
    assert "P-1" in office.rows()
    assert "P-2" not in office.rows()
    assert office.known("P-2"), "the project itself stays"
    assert office.sync().lines == ()


def test_a_typed_row_is_offered_and_becomes_the_row_of_its_project(office: Office) -> None:
    filled(office)
    office.put("B8", [["田中工業", "椅子", "", "2027/03/01", "佐藤", "", "¥50,000"]])
    offered = office.sync()
    assert "Row 8, 田中工業 椅子" in only(offered)
    make, leave = offered.questions[0].choices
    assert (make.action, make.opens_dialog) == ("ask", True)
    assert make.parameters["customer"] == "田中工業"
    office.project("P-2026-0009", customer="田中工業", name="椅子")
    office.sync()
    assert office.cells()[7][0] == "P-2026-0009", "the row that was typed, not another one"
    office.sync()
    assert office.known("P-2026-0009")["due"] == "2027-03-01"
    assert office.known("P-2026-0009")["amount"] == "50000"
    assert leave.parameters["answer"] == "leave"


def test_a_row_that_is_to_stay_as_it_is_is_not_offered_again(office: Office) -> None:
    filled(office)
    office.put("B8", [["", "定休日"]])
    office.answer(office.sync(), 0, "Leave it")
    assert office.sync().questions == ()


def test_a_key_nobody_knows_can_be_taken_in(office: Office) -> None:
    filled(office)
    office.put("A8", [["A-103", "田中工業", "椅子"]])
    asks = office.sync()
    assert "A-103" in only(asks)
    office.answer(asks, 0, "Take it in")
    office.sync()
    office.change("A-103", state="進行中")
    office.sync()
    assert office.rows()["A-103"][5] == "進行中"


def test_a_sheet_that_was_there_before_is_let_in_after_a_dry_run(office: Office) -> None:
    office.project("P-1", name="既存")
    typed = [["A-1", "客先1", "金型1", "11/1", "令和8年12月1日", "佐藤", "受注", "13万円"]]
    typed += [
        ["", "客先2", "金型2", "", "12月上旬", "", "", "=2*500"],
        ["", "合計", "", "", "", "", "", "=SUM(H2:H3)"],
    ]
    office.put("A2", typed)
    before = office.cells()
    waits = office.sync()
    assert waits.state == "waiting"
    assert waits.notes[0].startswith("3 rows: 1 understood, 2 to look at")
    assert "E3 “12月上旬”" in waits.notes[1]
    assert office.cells() == before
    done = office.approve(waits)
    assert done.state == "done", done.failure
    assert office.known("A-1")["due"] == "2026-12-01"
    assert office.known("A-1")["amount"] == "130000"
    assert office.known("S-0001") == {"customer": "客先2", "name": "金型2", "amount": "1000"}
    assert office.cells(shown=False)[2][7] == "=2*500"
    assert office.cells()[2][0] == "S-0001"
    assert office.cells()[3][:2] == ["", "合計"]
    assert office.rows()["P-1"][1] == "既存"
    again = office.sync()
    assert (again.lines, again.questions) == ((), ())
    assert office.cells()[0] == HEADERS


def test_until_they_are_let_in_the_rows_from_before_are_left_and_projects_go_in(
    office: Office,
) -> None:
    office.put("A2", [["A-1", "客先1", "金型1"], ["", "客先2", "金型2"]])
    waits = office.sync()
    office.project("P-1", name="新規")
    assert office.watch().look(Caller(), now() + timedelta(minutes=6))
    office.work()
    assert office.rows()["P-1"][1] == "新規"
    told = office.last()
    assert (told.state, told.questions) == ("done", ())
    assert told.notes[0].startswith("2 rows were in the sheet before Kakari")
    assert not office.watch().look(Caller(), now() + timedelta(minutes=12)), "told once"
    assert office.approve(waits).state == "done"
    assert office.known("S-0001")["name"] == "金型2"
    assert [row[:3] for row in office.cells()[1:]] == [
        ["A-1", "客先1", "金型1"],
        ["S-0001", "客先2", "金型2"],
        ["P-1", "", "新規"],
    ]
