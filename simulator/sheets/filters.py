"""Data filters: cells and metadata found by place or by the metadata they carry."""

from simulator.answers import ApiError, bad_request
from simulator.sheets.a1 import Area
from simulator.sheets.metadata import Found, Place, everything, search
from simulator.sheets.ranges import named_cells, sheet_by_id
from simulator.sheets.spreadsheet import Json, Sheet, Spreadsheet


def cells(book: Spreadsheet, data_filter: Json) -> list[tuple[Sheet, Area]]:
    """Find the cells one data filter selects. Raises ApiError."""
    if "a1Range" in data_filter:
        return [named_cells(book, data_filter["a1Range"])]
    if "gridRange" in data_filter:
        given = data_filter["gridRange"]
        return [(sheet_by_id(book, given.get("sheetId", 0)), Area.of(given))]
    if "developerMetadataLookup" not in data_filter:
        raise _empty()
    found = search(book, data_filter["developerMetadataLookup"])
    return [(place.sheet, _area(place)) for _, place in found if place.sheet is not None]


def metadata(book: Spreadsheet, data_filter: Json) -> list[Found]:
    """Find the metadata one data filter selects, by what it is or by where it lies."""
    if "developerMetadataLookup" in data_filter:
        return search(book, data_filter["developerMetadataLookup"])
    areas = cells(book, data_filter)
    return [
        (each, place)
        for each, place in everything(book)
        if any(place.sheet is sheet and area.overlaps(_area(place)) for sheet, area in areas)
    ]


def _area(place: Place) -> Area:
    if place.row is not None:
        return Area(top=place.row, bottom=place.row + 1)
    if place.column is not None:
        return Area(left=place.column, right=place.column + 1)
    return Area()


def _empty() -> ApiError:
    return bad_request("Must specify at least one of: developerMetadataLookup, a1Range, gridRange")
