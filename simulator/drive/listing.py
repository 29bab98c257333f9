"""``files.list``: what to look through, what matches, in which order, a page at a time."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from simulator.answers import ApiError
from simulator.call import Call, Result
from simulator.drive import refusals
from simulator.drive.access import knows_shared_drives
from simulator.drive.query import Query, QueryError, parse
from simulator.drive.resource import file_resource
from simulator.drive.state import DriveState, File

ORDERS: dict[str, Callable[[File], Any]] = {
    "createdTime": lambda file: file.created,
    "folder": lambda file: not file.is_folder,
    "modifiedTime": lambda file: file.modified,
    "modifiedByMeTime": lambda file: file.modified,
    "viewedByMeTime": lambda file: file.modified,
    "recency": lambda file: file.modified,
    "sharedWithMeTime": lambda file: file.created,
    "name": lambda file: file.name,
    "name_natural": lambda file: _natural(file.name),
    "quotaBytesUsed": lambda file: file.size or 0,
    "starred": lambda file: not file.starred,
}


class FileListing:
    def __init__(self, drive: DriveState) -> None:
        self._drive = drive

    def list(self, call: Call) -> Result:
        root = self._drive.root_of(call.grant.user)
        try:
            query = parse(call.get("q", ""), root.id)
        except QueryError as error:
            raise refusals.invalid("q") from error
        offset = _offset(call)
        with self._drive.lock:
            candidates = self._candidates(call, query)
            found = [file for file in candidates if query.matches(file, self._drive)]
            ordered = _ordered(found, call.get("orderBy", ""))
            page = ordered[offset : offset + call["pageSize"]]
            answer: dict[str, Any] = {
                "kind": "drive#fileList",
                "incompleteSearch": False,
                "files": [
                    file_resource(file, self._drive, user=call.grant.user, origin=call.origin)
                    for file in page
                ],
            }
        if offset + len(page) < len(ordered):
            answer["nextPageToken"] = _page_token(call, offset + len(page))
        return answer

    def _candidates(self, call: Call, query: Query) -> Iterable[File]:
        """Yield what the corpora hold for this caller; a folder named by the query narrows it."""
        user, drive_id = call.grant.user, call.get("driveId") or call.get("teamDriveId")
        corpora = call.get("corpora") or ("drive" if drive_id else "user")
        includes = call.get("includeItemsFromAllDrives") or call.get("includeTeamDriveItems")
        if includes and not knows_shared_drives(call):
            raise ApiError(
                403,
                "The supportsAllDrives parameter must be set to true if "
                "includeItemsFromAllDrives is.",
                reason="teamDrivesNotSupported",
                location="supportsAllDrives",
            )
        if corpora == "drive":
            self._check_drive(user, drive_id, includes=bool(includes))
        elif drive_id:
            raise refusals.invalid("driveId", "driveId is only for corpora=drive.")
        files = self._drive.children(query.parent) if query.parent else self._drive.files()
        for file in files:
            in_corpora = (
                file.drive_id == drive_id if corpora == "drive" else (includes or not file.drive_id)
            )
            if in_corpora and not file.is_root and self._drive.can_see(user, file):
                yield file

    def _check_drive(self, user: str, drive_id: str | None, *, includes: bool) -> None:
        if not drive_id or not includes:
            raise refusals.invalid(
                "corpora", "corpora=drive needs driveId and includeItemsFromAllDrives."
            )
        known = {drive.id: drive for drive in self._drive.shared_drives()}
        if drive_id not in known or user not in known[drive_id].members:
            raise refusals.drive_not_found(drive_id)


def _ordered(files: list[File], order_by: str) -> list[File]:
    """Latest change first, unless told otherwise."""
    files.sort(key=lambda file: -file.version)
    for key in reversed([key.strip() for key in order_by.split(",") if key.strip()]):
        name, _, direction = key.partition(" ")
        if name not in ORDERS or direction.strip() not in {"", "desc"}:
            raise refusals.invalid("orderBy")
        files.sort(key=ORDERS[name], reverse=bool(direction.strip()))
    return files


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Numbers in names by their value: ``9`` before ``10``."""
    pieces = re.findall(r"\d+|\D+", name.casefold())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces]


def _page_token(call: Call, offset: int) -> str:
    """Tie the page to its query, as at Google's."""
    token = json.dumps([offset, call.get("q", ""), call.get("orderBy", "")])
    return "~!!~" + base64.urlsafe_b64encode(token.encode()).decode()


def _offset(call: Call) -> int:
    token = call.get("pageToken")
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token.removeprefix("~!!~"))
        offset, query, order = json.loads(text)
    except (ValueError, binascii.Error) as error:
        raise refusals.invalid("pageToken") from error
    if [query, order] != [call.get("q", ""), call.get("orderBy", "")]:
        raise refusals.invalid("pageToken")
    return int(offset)
