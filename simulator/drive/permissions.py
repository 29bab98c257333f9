"""The methods of ``drive.permissions``: who may see and change a file besides its owner.

What is shared with a folder is shared with all in it. The members of a shared drive have their
rights from the drive; a file in it can be shared with others as well.
"""

from typing import Any

from simulator.answers import ApiError
from simulator.call import Behaviour, Behaviours, Call, Result
from simulator.drive import refusals
from simulator.drive.access import Access
from simulator.drive.resource import user_resource
from simulator.drive.state import ANYONE, DriveState, File

DEFAULT_FIELDS = "kind,id,type,role"
ROLES = {"reader", "commenter", "writer"}


class Permissions:
    def __init__(self, drive: DriveState) -> None:
        self._drive = drive
        self._access = Access(drive)

    def behaviours(self) -> Behaviours:
        listed = f"kind,nextPageToken,permissions({DEFAULT_FIELDS})"
        return {
            "drive.permissions.list": Behaviour(self.list, listed),
            "drive.permissions.get": Behaviour(self.get, DEFAULT_FIELDS),
            "drive.permissions.create": Behaviour(self.create, DEFAULT_FIELDS),
            "drive.permissions.update": Behaviour(self.update, DEFAULT_FIELDS),
            "drive.permissions.delete": Behaviour(self.delete),
        }

    def list(self, call: Call) -> Result:
        with self._drive.lock:
            roles = self._drive.roles(self._access.file(call, call["fileId"]))
        shown = [_resource(who, role) for who, role in roles.items()]
        return {"kind": "drive#permissionList", "permissions": shown}

    def get(self, call: Call) -> Result:
        with self._drive.lock:
            return _resource(*self._found(call, self._access.file(call, call["fileId"])))

    def create(self, call: Call) -> Result:
        kind = call.body.get("type")
        role = _role(call)
        if kind not in {"user", "group", "anyone"}:
            raise refusals.invalid("permission.type", "The permission type field is required.")
        who = ANYONE if kind == "anyone" else call.body.get("emailAddress")
        if not who:
            raise refusals.invalid("permission.emailAddress", "An e-mail address is required.")
        with self._drive.lock:
            file = self._shareable(call)
            self._drive.share(file, call.grant.user, file.shared_with | {who: role})
            return _resource(who, role)

    def update(self, call: Call) -> Result:
        role = _role(call)
        with self._drive.lock:
            file = self._shareable(call)
            who, _ = self._own(call, file)
            self._drive.share(file, call.grant.user, file.shared_with | {who: role})
            return _resource(who, role)

    def delete(self, call: Call) -> Result:
        with self._drive.lock:
            file = self._shareable(call)
            gone, _ = self._own(call, file)
            left = {who: role for who, role in file.shared_with.items() if who != gone}
            self._drive.share(file, call.grant.user, left)
        return None

    def _shareable(self, call: Call) -> File:
        file = self._access.file(call, call["fileId"])
        if not self._drive.can_edit(call.grant.user, file):
            raise refusals.no_permission()
        return file

    def _found(self, call: Call, file: File) -> tuple[str, str]:
        wanted = call["permissionId"]
        for who, role in self._drive.roles(file).items():
            if _permission_id(who) == wanted:
                return who, role
        raise ApiError(
            404, f"Permission not found: {wanted}.", reason="notFound", location="permissionId"
        )

    def _own(self, call: Call, file: File) -> tuple[str, str]:
        """Return a permission that the file itself gives; others come from above."""
        who, role = self._found(call, file)
        if who not in file.shared_with:
            raise ApiError(
                403,
                "Cannot modify or delete an inherited or owner's permission.",
                reason="cannotModifyInheritedPermission",
            )
        return who, role


def _role(call: Call) -> str:
    role = call.body.get("role")
    if role not in ROLES:
        raise refusals.invalid("permission.role", "The specified role is invalid or not supported.")
    return str(role)


def _permission_id(who: str) -> str:
    return "anyoneWithLink" if who == ANYONE else str(user_resource(who, "")["permissionId"])


def _resource(who: str, role: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": "drive#permission", "id": _permission_id(who), "role": role}
    if who == ANYONE:
        return shown | {"type": "anyone", "allowFileDiscovery": False}
    return shown | {
        "type": "user",
        "emailAddress": who,
        "displayName": user_resource(who, "")["displayName"],
        "deleted": False,
        "pendingOwner": False,
    }
