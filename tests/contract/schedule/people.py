"""People at a sheet, and whoever else changes projects: what they do at random."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from ledger import projects
from tests.contract.schedule.office import HEADERS, Office

COLUMNS = dict(
    zip(
        ("customer", "name", "ordered", "due", "person", "state", "amount", "note"),
        range(1, 9),
        strict=True,
    )
)
FIELDS = ("customer", "name", "due", "person", "note")
NONSENSE = "年内"
"""What a person may type as a date, and Kakari does not understand."""
INDEX = st.integers(0, 30)


class People(RuleBasedStateMachine):
    """Everything that is typed, or entered as a project, is nowhere else."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.typed = 0

    def remember(self) -> tuple[set[str], set[str]]:
        """Remember what both sides say, before somebody changes it, and return it."""
        raise NotImplementedError

    def rows(self) -> list[list[str]]:
        """Return the rows below the header, each as wide as the header."""
        return [[*row, *[""] * (len(HEADERS) - len(row))] for row in self.office.cells()[1:]]

    def ledger(self) -> dict[str, dict[str, str]]:
        with self.office.ledger.read() as tx:
            return projects.every(tx)[0]

    # What happens in the ledger.

    def fresh(self, field: str) -> str:
        """Return a value that is nowhere else."""
        self.typed += 1
        if field == "due":
            return (date(2027, 1, 1) + timedelta(days=self.typed)).isoformat()
        return f"{field}{self.typed}"

    @rule()
    def make_project(self) -> None:
        self.typed += 1
        self.office.project(f"P-{self.typed}", **{field: self.fresh(field) for field in FIELDS})

    @rule(at=INDEX, field=st.sampled_from(FIELDS))
    def change_in_ledger(self, at: int, field: str) -> None:
        keys = sorted(self.ledger())
        self.remember()
        self.office.change(keys[at % len(keys)], **{field: self.fresh(field)})

    # What people do to the sheet.

    @precondition(lambda self: self.rows())
    @rule(at=INDEX, field=st.sampled_from(FIELDS), how=st.sampled_from(["", "empty", "nonsense"]))
    def edit(self, at: int, field: str, how: str) -> None:
        said = {"": shown(self.fresh(field)), "empty": ""}.get(how, NONSENSE)
        if how != "nonsense" or field == "due":
            self.put(at % len(self.rows()), COLUMNS[field], [said])

    @rule(at=INDEX)
    def insert(self, at: int) -> None:
        row = at % (len(self.rows()) + 1)
        self.office.request(insertDimension={"range": _rows(row, row + 1)})
        self.put(row, 1, [self.fresh("customer"), self.fresh("name")])

    @precondition(lambda self: self.rows())
    @rule(at=INDEX)
    def delete(self, at: int) -> None:
        row = at % len(self.rows())
        self.office.request(deleteDimension={"range": _rows(row, row + 1)})

    @precondition(lambda self: self.rows())
    @rule(
        field=st.sampled_from(FIELDS),
        first=INDEX,
        last=INDEX,
        keyless=st.booleans(),
        order=st.sampled_from(["ASCENDING", "DESCENDING"]),
    )
    def sort(self, field: str, first: int, last: int, keyless: bool, order: str) -> None:
        if not keyless:
            self.sort_all(field, order)
            return
        count = len(self.rows())
        first, last = sorted((first % count, last % count))
        part = {"startRowIndex": first + 1, "endRowIndex": last + 2, "startColumnIndex": 1}
        self.sort_range(part, field, order)

    def sort_all(self, field: str, order: str) -> None:
        self.sort_range({"startRowIndex": 1, "startColumnIndex": 0}, field, order)

    def sort_range(self, area: dict[str, int], field: str, order: str) -> None:
        area = {"sheetId": 0, "endColumnIndex": len(HEADERS)} | area
        specs = [{"dimensionIndex": COLUMNS[field], "sortOrder": order}]
        self.office.request(sortRange={"range": area, "sortSpecs": specs})

    @precondition(lambda self: self.rows())
    @rule(at=INDEX)
    def copy_with_key(self, at: int) -> None:
        rows = self.rows()
        self.put(len(rows), 0, rows[at % len(rows)])

    def put(self, row: int, column: int, cells: list[str]) -> None:
        self.office.put(f"{chr(ord('A') + column)}{row + 2}", [cells])


def shown(value: str) -> str:
    """Return a value as the sheet shows it."""
    return value.replace("-", "/") if value[:4].isdigit() else value


def _rows(first: int, end: int) -> dict[str, Any]:
    """Return a range of the rows below the header."""
    return {"sheetId": 0, "dimension": "ROWS", "startIndex": first + 1, "endIndex": end + 1}
