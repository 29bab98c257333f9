"""The requests of ``spreadsheets.batchUpdate``, each a function on a draft."""

from collections.abc import Callable, Mapping
from typing import Any

from simulator.answers import bad_request, no_behaviour
from simulator.sheets.draft import Draft
from simulator.sheets.numbered import numbered
from simulator.sheets.requests import (
    arrangement,
    content,
    dimensions,
    metadata,
    objects,
    search,
    tabs,
)

Json = dict[str, Any]
Request = Callable[[Draft, Json], Json | None]
"""Raises ApiError; returns its reply, if it has any."""

REQUESTS: Mapping[str, Request] = {
    **tabs.REQUESTS,
    **dimensions.REQUESTS,
    **content.REQUESTS,
    **arrangement.REQUESTS,
    **search.REQUESTS,
    **objects.REQUESTS,
    **metadata.REQUESTS,
}


def perform(draft: Draft, requests: list[Json]) -> list[Json]:
    """Do one after the other and return their replies. Raises ApiError at the first refusal."""
    if not requests:
        raise bad_request("Must specify at least one request.")
    replies = []
    for index, request in enumerate(requests):
        if len(request) != 1:
            raise bad_request(f"Invalid requests[{index}]: exactly one request must be set.")
        ((name, given),) = request.items()
        if name not in REQUESTS:
            raise no_behaviour(f"{name} in sheets.spreadsheets.batchUpdate")
        with numbered("requests", index, name):
            reply = REQUESTS[name](draft, given)
        replies.append({name: reply} if reply is not None else {})
    return replies
