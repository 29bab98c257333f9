"""The methods of ``drive.drives`` and ``drive.about``."""

from typing import Any

from simulator.answers import ApiError, no_behaviour
from simulator.call import Behaviour, Behaviours, Call, Result
from simulator.drive import refusals
from simulator.drive.resource import user_resource
from simulator.drive.state import DriveState, SharedDrive

DEFAULT_FIELDS = "kind,id,name"


class SharedDrives:
    def __init__(self, drive: DriveState) -> None:
        self._drive = drive

    def behaviours(self) -> Behaviours:
        return {
            "drive.about.get": Behaviour(self.about, fields_required=True),
            "drive.drives.list": Behaviour(
                self.list, f"kind,nextPageToken,drives({DEFAULT_FIELDS})"
            ),
            "drive.drives.get": Behaviour(self.get, DEFAULT_FIELDS),
            "drive.drives.create": Behaviour(self.create, DEFAULT_FIELDS),
        }

    def about(self, call: Call) -> Result:
        return {"kind": "drive#about", "user": user_resource(call.grant.user, call.grant.user)}

    def list(self, call: Call) -> Result:
        if call.get("q"):
            raise no_behaviour("q in drive.drives.list")
        visible = [
            drive for drive in self._drive.shared_drives() if call.grant.user in drive.members
        ]
        start = int(call.get("pageToken") or 0)
        page = visible[start : start + call["pageSize"]]
        answer: dict[str, Any] = {
            "kind": "drive#driveList",
            "drives": [_resource(drive) for drive in page],
        }
        if start + len(page) < len(visible):
            answer["nextPageToken"] = str(start + len(page))
        return answer

    def get(self, call: Call) -> Result:
        try:
            drive = self._drive.shared_drive(call["driveId"])
        except KeyError:
            raise refusals.drive_not_found(call["driveId"]) from None
        if call.grant.user not in drive.members:
            raise refusals.drive_not_found(call["driveId"])
        return _resource(drive)

    def create(self, call: Call) -> Result:
        """Create once: a second call with the same ``requestId`` makes no second drive."""
        request_id = call["requestId"]
        with self._drive.lock:
            if any(drive.request_id == request_id for drive in self._drive.shared_drives()):
                raise ApiError(409, "A shared drive already exists with the provided request ID.")
            name = call.body.get("name")
            if not name:
                raise refusals.invalid("name", "A shared drive needs a name.")
            members = (call.grant.user,)
            return _resource(self._drive.add_shared_drive(name, members, request_id=request_id))


def _resource(drive: SharedDrive) -> dict[str, Any]:
    return {
        "kind": "drive#drive",
        "id": drive.id,
        "name": drive.name,
        "createdTime": drive.created,
        "hidden": False,
        "capabilities": {"canAddChildren": True, "canEdit": True, "canListChildren": True},
    }
