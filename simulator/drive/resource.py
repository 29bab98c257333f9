"""A file as the Drive API shows it."""

import hashlib
from pathlib import PurePosixPath
from typing import Any

from simulator.drive.access import may_trash
from simulator.drive.state import GOOGLE_TYPE, SHORTCUT, DriveState, File


def file_resource(file: File, drive: DriveState, *, user: str, origin: str) -> dict[str, Any]:
    """Show the whole ``File``; the gateway cuts it to the fields asked for."""
    origin = drive.page_origin or origin
    resource: dict[str, Any] = {
        "kind": "drive#file",
        "id": file.id,
        "name": file.name,
        "mimeType": file.mime_type,
        "starred": file.starred,
        "trashed": drive.is_trashed(file),
        "explicitlyTrashed": file.trashed,
        "spaces": ["drive"],
        "version": str(file.version),
        "createdTime": file.created,
        "modifiedTime": file.modified,
        "lastModifyingUser": user_resource(file.modified_by, user),
        "ownedByMe": file.owner == user,
        "shared": file.drive_id is not None or bool(file.shared_with),
        "webViewLink": web_view_link(file, origin),
        "capabilities": _capabilities(
            file, may_edit=drive.can_edit(user, file), may_trash=may_trash(user, file, drive)
        ),
        "quotaBytesUsed": str(file.size or 0),
    }
    if file.parent:
        resource["parents"] = [file.parent]
    if file.drive_id:
        resource |= {"driveId": file.drive_id, "teamDriveId": file.drive_id}
    if file.owner:
        resource["owners"] = [user_resource(file.owner, user)]
    if file.description:
        resource["description"] = file.description
    if file.mime_type == SHORTCUT:
        resource["shortcutDetails"] = _shortcut(file, drive)
    if file.sha256:
        resource |= _content(file, origin)
    if file.app_properties:
        resource["appProperties"] = file.app_properties
    if file.properties:
        resource["properties"] = file.properties
    return resource


def user_resource(email: str, asking: str) -> dict[str, Any]:
    return {
        "kind": "drive#user",
        "displayName": email.partition("@")[0],
        "emailAddress": email,
        "me": email == asking,
        "permissionId": str(int(hashlib.sha256(email.encode()).hexdigest()[:15], 16)),
    }


def web_view_link(file: File, origin: str) -> str:
    """Where the simulator's own page shows the file."""
    return f"{origin}/#drive/{file.id}"


def _content(file: File, origin: str) -> dict[str, Any]:
    name = file.original_name or file.name
    suffix = PurePosixPath(name).suffix.removeprefix(".")
    return {
        "size": str(file.size),
        "md5Checksum": file.md5,
        "sha256Checksum": file.sha256,
        "originalFilename": name,
        "fileExtension": suffix,
        "fullFileExtension": suffix,
        "headRevisionId": f"0B{file.id[1:12]}{file.version}",
        "webContentLink": f"{origin}/uc?id={file.id}&export=download",
    }


def _shortcut(file: File, drive: DriveState) -> dict[str, Any]:
    details: dict[str, Any] = {"targetId": file.shortcut_target}
    try:
        details["targetMimeType"] = drive.file(file.shortcut_target or "").mime_type
    except KeyError:
        details["targetMimeType"] = "application/octet-stream"
    return details


def _capabilities(file: File, *, may_edit: bool, may_trash: bool) -> dict[str, bool]:
    return {
        "canAddChildren": file.is_folder and may_edit,
        "canCopy": not file.is_folder,
        "canDelete": may_trash,
        "canDownload": not file.mime_type.startswith(GOOGLE_TYPE),
        "canEdit": may_edit,
        "canListChildren": file.is_folder,
        "canRename": may_edit and not file.is_root,
        "canShare": may_edit,
        "canTrash": may_trash,
    }
