"""Whatever is sorted, inserted, moved or deleted, each row keeps what belongs to it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.sheets import a1, defaults
from simulator.sheets.a1 import Area
from simulator.sheets.calculation import Calculation
from simulator.sheets.cells import Formula
from simulator.sheets.draft import Draft
from simulator.sheets.metadata import everything
from simulator.sheets.requests import perform
from simulator.sheets.snapshot import from_json, to_json
from simulator.sheets.spreadsheet import EMPTY, PLAIN, Sheet, Spreadsheet

ROWS = 6

ends = st.integers(0, 800)


@st.composite
def areas(draw) -> Area:
    """Areas that A1 notation has words for: open at one end at most, or a whole sheet's lines."""
    top, left = draw(ends), draw(ends)
    bottom = draw(st.none() | st.integers(top + 1, top + 50))
    right = draw(st.none() | st.integers(left + 1, left + 50)) if bottom else left + 1
    return Area(top, bottom, left, right)


@given(area=areas(), title=st.text("aR1 '!:.$工程", min_size=1))
def test_a_range_is_read_as_it_is_written(area, title):
    named, cells = a1.split(a1.full_name(title, area))
    assert (named, a1.parse_cells(cells)) == (title, area)


@given(index=st.integers(0, 18_277))
def test_a_column_has_one_name(index):
    assert a1.column_index(a1.column_name(index)) == index


def lines(kind, **span):
    return {"sheetId": 0, "dimension": kind, **span}


starts, counts = st.integers(0, ROWS), st.integers(1, 3)
requests = st.one_of(
    st.builds(
        lambda at, n: {"insertDimension": {"range": lines("ROWS", startIndex=at, endIndex=at + n)}},
        starts, counts,
    ),
    st.builds(
        lambda at, n: {"deleteDimension": {"range": lines("ROWS", startIndex=at, endIndex=at + n)}},
        starts, counts,
    ),
    st.builds(
        lambda at, n, to: {"moveDimension": {
            "source": lines("ROWS", startIndex=at, endIndex=at + n), "destinationIndex": to,
        }},
        starts, counts, st.integers(0, 2 * ROWS),
    ),
    st.builds(
        lambda at, n, order: {"sortRange": {
            "range": {"startRowIndex": at, "endRowIndex": at + n + 1, "endColumnIndex": 3},
            "sortSpecs": [{"dimensionIndex": 1, "sortOrder": order}],
        }},
        starts, counts, st.sampled_from(["ASCENDING", "DESCENDING"]),
    ),
)  # fmt: skip


def schedule(order) -> Draft:
    """Rows of a key, a number to sort by, and a formula of the row; each row's metadata its key."""
    sheet = Sheet(0, "表", [EMPTY] * (4 * ROWS), [PLAIN] * 3)
    draft = Draft(Spreadsheet("s", [sheet], defaults.PROPERTIES), "alice", "t")
    for row, number in enumerate(order):
        draft.enter(sheet, row, 0, [f"K{row}", number, f"=B{row + 1}*10"], as_typed=True)
    place = [lines("ROWS", startIndex=row, endIndex=row + 1) for row in range(ROWS)]
    made = [
        {"metadataKey": f"K{row}", "visibility": "PROJECT", "location": {"dimensionRange": span}}
        for row, span in enumerate(place)
    ]
    perform(draft, [{"createDeveloperMetadata": {"developerMetadata": each}} for each in made])
    return draft


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(range(ROWS)), changes=st.lists(requests, max_size=6))
def test_keys_numbers_formulas_and_metadata_stay_together(order, changes):
    draft = schedule(order)
    sheet = draft.book.sheets[0]
    for change in changes:
        perform(draft, [change])
    calculation = Calculation(draft.book)
    known = {metadata.key: place.row for metadata, place in everything(draft.book)}
    filled = {row for row, _, _ in sheet.cells_in(Area())}
    assert set(known.values()) == filled
    for key, row in known.items():
        name, number, formula = sheet.rows[row].cells
        assert (name.entered, number.entered) == (key, order[int(key[1:])])
        assert formula.entered == Formula(f"=B{row + 1}*10")
        assert calculation.value(sheet, row, 2, formula) == number.entered * 10
    assert to_json(from_json(to_json(draft.book))) == to_json(draft.book)
