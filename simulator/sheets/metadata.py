"""Developer metadata: where it can be, how it is found, how it is shown.

A row's metadata lies in the row itself, so it goes wherever the row goes.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from simulator.answers import bad_request
from simulator.sheets import refusals
from simulator.sheets.a1 import Area
from simulator.sheets.ranges import sheet_by_id
from simulator.sheets.spreadsheet import PLAIN, Json, Line, Metadata, Sheet, Spreadsheet

#: How much text of keys and values one sheet, and the spreadsheet itself, may hold.
CHARACTERS = 30_000


@dataclass(frozen=True)
class Place:
    """The whole spreadsheet, a sheet of it, or one row or column of that."""

    sheet: Sheet | None = None
    row: int | None = None
    column: int | None = None

    @property
    def type(self) -> str:
        if self.row is not None:
            return "ROW"
        if self.column is not None:
            return "COLUMN"
        return "SPREADSHEET" if self.sheet is None else "SHEET"

    def resource(self) -> Json:
        location: Json = {"locationType": self.type}
        if self.sheet is None:
            return location | {"spreadsheet": True}
        if self.row is None and self.column is None:
            return location | {"sheetId": self.sheet.id}
        start = self.row if self.row is not None else self.column
        assert start is not None
        dimension_range = {
            "sheetId": self.sheet.id,
            "dimension": "ROWS" if self.row is not None else "COLUMNS",
            "startIndex": start,
            "endIndex": start + 1,
        }
        return location | {"dimensionRange": dimension_range}

    def touches(self, other: "Place") -> bool:
        """Whether a row crosses a column, a sheet holds a row, the spreadsheet everything."""
        if self.sheet is None or other.sheet is None:
            return True
        if self.sheet.id != other.sheet.id:
            return False
        same_row = None in {self.row, other.row} or self.row == other.row
        same_column = None in {self.column, other.column} or self.column == other.column
        return same_row and same_column


Found = tuple[Metadata, Place]


def everything(book: Spreadsheet) -> Iterator[Found]:
    """All metadata with where it is now."""
    yield from ((each, Place()) for each in book.metadata)
    for sheet in book.sheets:
        yield from ((each, Place(sheet)) for each in sheet.metadata)
        for index, row in enumerate(sheet.rows):
            if row.line is not PLAIN:
                yield from ((each, Place(sheet, row=index)) for each in row.line.metadata)
        for index, line in enumerate(sheet.columns):
            if line is not PLAIN:
                yield from ((each, Place(sheet, column=index)) for each in line.metadata)


def resource(metadata: Metadata, place: Place) -> Json:
    shown = {
        "metadataId": metadata.id,
        "metadataKey": metadata.key,
        "metadataValue": metadata.value,
        "location": place.resource(),
        "visibility": metadata.visibility,
    }
    return {key: value for key, value in shown.items() if value is not None}


def search(book: Spreadsheet, lookup: Json) -> list[Found]:
    """Find what fits everything a ``DeveloperMetadataLookup`` says."""
    where = place_of(book, lookup["metadataLocation"]) if "metadataLocation" in lookup else None
    exact = lookup.get("locationMatchingStrategy", "EXACT_LOCATION") == "EXACT_LOCATION"

    def fits(metadata: Metadata, place: Place) -> bool:
        if where is not None:
            same = (place.type, place.row, place.column) == (where.type, where.row, where.column)
            if exact and not (same and place.touches(where)):
                return False
            if not place.touches(where):
                return False
        return (
            lookup.get("metadataId", metadata.id) == metadata.id
            and lookup.get("metadataKey", metadata.key) == metadata.key
            and lookup.get("metadataValue", metadata.value) == metadata.value
            and lookup.get("visibility", metadata.visibility) == metadata.visibility
            and lookup.get("locationType", place.type) == place.type
        )

    return [(metadata, place) for metadata, place in everything(book) if fits(metadata, place)]


def place_of(book: Spreadsheet, location: Json) -> Place:
    """Read a ``DeveloperMetadataLocation``. Raises ApiError."""
    if location.get("spreadsheet"):
        return Place()
    if "dimensionRange" not in location:
        return Place(sheet_by_id(book, location.get("sheetId", 0)))
    given = location["dimensionRange"]
    sheet = sheet_by_id(book, given.get("sheetId", 0))
    start, end = given.get("startIndex", 0), given.get("endIndex", 0)
    is_rows = given.get("dimension") == "ROWS"
    if end - start != 1:
        raise bad_request("Developer metadata may only be associated with a single row or column.")
    if end > len(sheet.rows if is_rows else sheet.columns):
        area = Area(top=start, bottom=end) if is_rows else Area(left=start, right=end)
        raise refusals.outside_grid(sheet, area)
    return Place(sheet, row=start) if is_rows else Place(sheet, column=start)


def create(book: Spreadsheet, given: Json) -> Found:
    """Put new metadata where it says. Raises ApiError."""
    if not given.get("metadataKey"):
        raise bad_request("developerMetadata.metadataKey: must be specified")
    if given.get("visibility") not in {"DOCUMENT", "PROJECT"}:
        raise bad_request("developerMetadata.visibility: must be specified")
    there = list(everything(book))
    known = {metadata.id for metadata, _ in there}
    metadata_id = given.get("metadataId") or _free_id(known)
    if metadata_id in known:
        raise bad_request(
            f"Cannot add developer metadata with ID [{metadata_id}] because developer metadata with"
            " that ID already exists."
        )
    metadata = Metadata(
        metadata_id, given["metadataKey"], given.get("metadataValue"), given["visibility"]
    )
    place = place_of(book, given.get("location", {}))
    _refuse_too_much([*there, (metadata, place)], place)
    put(book, place, lambda before: (*before, metadata))
    return metadata, place


def update(book: Spreadsheet, found: Found, given: Json, fields: set[str]) -> Found:
    """Change what the fields name; a new location takes it there. Raises ApiError."""
    metadata, place = found
    new = replace(
        metadata,
        key=given["metadataKey"] if "metadataKey" in fields else metadata.key,
        value=given.get("metadataValue") if "metadataValue" in fields else metadata.value,
        visibility=given["visibility"] if "visibility" in fields else metadata.visibility,
    )
    target = place_of(book, given["location"]) if "location" in fields else place
    remove(book, found)
    put(book, target, lambda before: (*before, new))
    _refuse_too_much(everything(book), target)
    return new, target


def remove(book: Spreadsheet, found: Found) -> None:
    metadata, place = found
    put(book, place, lambda before: tuple(each for each in before if each.id != metadata.id))


Change = Callable[[tuple[Metadata, ...]], tuple[Metadata, ...]]


def put(book: Spreadsheet, place: Place, change: Change) -> None:
    """Change what lies at one place."""

    def line(old: Line) -> Line:
        return replace(old, metadata=change(old.metadata))

    if place.sheet is None:
        book.metadata = change(book.metadata)
    elif place.row is not None:
        row = place.sheet.rows[place.row]
        place.sheet.rows[place.row] = replace(row, line=line(row.line))
    elif place.column is not None:
        place.sheet.columns[place.column] = line(place.sheet.columns[place.column])
    else:
        place.sheet.metadata = change(place.sheet.metadata)


def _refuse_too_much(everything_there: Iterable[Found], changed: Place) -> None:
    whose = changed.sheet.id if changed.sheet else None
    held = sum(
        len(metadata.key) + len(metadata.value or "")
        for metadata, place in everything_there
        if (place.sheet.id if place.sheet else None) == whose
    )
    if held > CHARACTERS:
        raise bad_request(
            f"Developer metadata exceeds the limit of {CHARACTERS} characters at this location."
        )


def _free_id(known: set[int]) -> int:
    while (new := random.randrange(1, 2**31)) in known:
        pass
    return new
