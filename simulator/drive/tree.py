"""All that lies in the drives, as a tree, for the page."""

from typing import Any

from simulator.drive.resource import web_view_link
from simulator.drive.state import DriveState, File


def drive_tree(drive: DriveState, origin: str) -> list[dict[str, Any]]:
    """Shared drives first, then each person's My Drive; what is trashed is left out."""
    with drive.lock:
        roots = [file for file in drive.files() if file.is_root]
        roots.sort(key=lambda root: root.drive_id is None)
        return [_node(drive, root, origin) for root in roots]


def _node(drive: DriveState, file: File, origin: str) -> dict[str, Any]:
    node: dict[str, Any] = {
        "id": file.id,
        "name": file.name,
        "mimeType": file.mime_type,
        "size": file.size,
        "modifiedTime": file.modified,
        "webViewLink": web_view_link(file, origin),
    }
    if file.is_folder:
        live = [child for child in drive.children(file.id) if not child.trashed]
        live.sort(key=lambda child: (not child.is_folder, child.name))
        node["children"] = [_node(drive, child, origin) for child in live]
    return node
