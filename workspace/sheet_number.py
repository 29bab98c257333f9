"""A number that a spreadsheet knows, so that Google takes one call under it and refuses a second.

A call's requests are carried out all or none, and one of them makes developer metadata with an id
of our choice. Where that id exists, Google refuses it and with it the whole call ("Cannot add
developer metadata with ID [7] because developer metadata with that ID already exists."). People do
not see the metadata, and only programs of our own Google Cloud project do.
"""

from collections.abc import Iterator
from typing import Any

KEPT = 500
"""So many numbers are kept at least, and less than twice as many: Google allows 30,000 characters
of metadata, and a call that comes after so many others is none that anybody waits for."""


def claim(number: int) -> Iterator[dict[str, Any]]:
    """Yield the requests that let a call be carried out only once under this number.

    Numbers that follow each other are kept under two keys by turns; with the last one of a turn
    those go that are kept under the other key.
    """
    if number % KEPT == KEPT - 1:
        other = _key(number + KEPT)
        yield _create({"metadataKey": other})  # so that there is something to be deleted
        lookup = {"developerMetadataLookup": {"metadataKey": other}}
        yield {"deleteDeveloperMetadata": {"dataFilter": lookup}}
    yield _create({"metadataKey": _key(number), "metadataId": number})


def _key(number: int) -> str:
    return f"kakari{number // KEPT % 2}"


def _create(metadata: dict[str, Any]) -> dict[str, Any]:
    there = {"location": {"spreadsheet": True}, "visibility": "PROJECT"}
    return {"createDeveloperMetadata": {"developerMetadata": metadata | there}}
