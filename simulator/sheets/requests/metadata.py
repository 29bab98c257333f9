"""Requests on developer metadata."""

from typing import Any

from simulator.sheets import fields, filters
from simulator.sheets.draft import Draft
from simulator.sheets.metadata import Found, create, remove, resource, update

Json = dict[str, Any]

_FIELDS = {"metadataKey", "metadataValue", "visibility", "location"}


def create_metadata(draft: Draft, request: Json) -> Json:
    made = create(draft.book, request.get("developerMetadata", {}))
    return {"developerMetadata": resource(*made)}


def update_metadata(draft: Draft, request: Json) -> Json:
    tree = fields.read(request, "DeveloperMetadata")
    named = _FIELDS if "*" in tree else tree.keys() & _FIELDS
    given = request.get("developerMetadata", {})
    changed = [update(draft.book, found, given, set(named)) for found in _found(draft, request)]
    return {"developerMetadata": [resource(*each) for each in changed]}


def delete_metadata(draft: Draft, request: Json) -> Json:
    found = filters.metadata(draft.book, request.get("dataFilter", {}))
    for each in found:
        remove(draft.book, each)
    return {"deletedDeveloperMetadata": [resource(*each) for each in found]}


def _found(draft: Draft, request: Json) -> list[Found]:
    """Everything that one filter or another selects, once."""
    found = [
        each
        for data_filter in request.get("dataFilters", ())
        for each in filters.metadata(draft.book, data_filter)
    ]
    return list({metadata.id: (metadata, place) for metadata, place in found}.values())


REQUESTS = {
    "createDeveloperMetadata": create_metadata,
    "updateDeveloperMetadata": update_metadata,
    "deleteDeveloperMetadata": delete_metadata,
}
