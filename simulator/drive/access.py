"""Which files a caller reaches, and where a caller may put new ones."""

from simulator.answers import ApiError
from simulator.call import Call
from simulator.drive import refusals
from simulator.drive.state import DriveState, File
from simulator.keys import SERVICE_ACCOUNT


class Access:
    def __init__(self, drive: DriveState) -> None:
        self._drive = drive

    def resolved(self, call: Call, file_id: str) -> str:
        """Return the id behind the alias ``root``."""
        return self._drive.root_of(call.grant.user).id if file_id == "root" else file_id

    def file(self, call: Call, file_id: str) -> File:
        """Return the file, if the caller may see it and says it knows shared drives, else 404."""
        try:
            file = self._drive.file(self.resolved(call, file_id))
        except KeyError:
            raise refusals.not_found(file_id) from None
        if not self._drive.can_see(call.grant.user, file):
            raise refusals.not_found(file_id)
        if file.drive_id and not knows_shared_drives(call):
            raise refusals.not_found(file_id)
        return file

    def parent(self, call: Call, parents: list[str] | None) -> File:
        """Return the one folder a file is to be put into; without a name, the user's My Drive."""
        if parents and len(parents) > 1:
            raise ApiError(
                403,
                "A file cannot have more than one parent folder.",
                reason="multipleParentsNotSupported",
            )
        folder = self.file(call, parents[0] if parents else "root")
        if not folder.is_folder:
            raise ApiError(403, "The specified parent is not a folder.", reason="parentNotAFolder")
        if not self._drive.can_edit(call.grant.user, folder):
            raise refusals.no_permission()
        if folder.drive_id is None and call.grant.user == SERVICE_ACCOUNT:
            raise refusals.no_storage()
        return folder


def knows_shared_drives(call: Call) -> bool:
    """Whether the caller says so, or the method has no word for it."""
    has_no_word = "supportsAllDrives" not in call.method.parameters
    return bool(has_no_word or call.get("supportsAllDrives") or call.get("supportsTeamDrives"))


def may_trash(user: str, file: File, drive: DriveState) -> bool:
    """Whether a user who sees the file may trash or delete it."""
    if file.is_root or not drive.can_edit(user, file):
        return False
    return file.drive_id is None or user not in drive.shared_drive(file.drive_id).contributors
