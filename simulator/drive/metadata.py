"""What a request body may say about a file."""

from typing import Any

from simulator.clock import in_milliseconds
from simulator.drive import refusals
from simulator.drive.state import File

#: Body field to field of a stored file.
KEPT = {
    "name": "name",
    "mimeType": "mime_type",
    "description": "description",
    "starred": "starred",
    "trashed": "trashed",
    "createdTime": "created",
    "modifiedTime": "modified",
    "originalFilename": "original_name",
}
#: Accepted without an effect here, or looked at elsewhere.
ACCEPTED = {
    "id",
    "kind",
    "parents",
    "appProperties",
    "properties",
    "shortcutDetails",
    "contentHints",
    "contentRestrictions",
    "copyRequiresWriterPermission",
    "downloadRestrictions",
    "folderColorRgb",
    "inheritedPermissionsDisabled",
    "viewedByMeTime",
    "viewersCanCopyContent",
    "writersCanShare",
}
PROPERTY_BYTES = 124
PROPERTIES_PER_APP = 30


def read_metadata(body: dict[str, Any], of: File | None = None) -> dict[str, Any]:
    """Read the details a body sets, for a new file or for an existing one."""
    if body.keys() - KEPT.keys() - ACCEPTED:
        raise refusals.not_writable()
    details = {KEPT[key]: value for key, value in body.items() if key in KEPT}
    for time in details.keys() & {"created", "modified"}:
        details[time] = in_milliseconds(details[time])
    if "appProperties" in body:
        details["app_properties"] = _properties(
            of.app_properties if of else {}, body["appProperties"]
        )
    if "properties" in body:
        details["properties"] = _properties(of.properties if of else {}, body["properties"])
    if "shortcutDetails" in body:
        details["shortcut_target"] = body["shortcutDetails"].get("targetId")
    return details


def _properties(old: dict[str, str], given: dict[str, str | None]) -> dict[str, str]:
    """Properties are merged; null takes one away. Key and value share 124 bytes of UTF-8."""
    merged = old | given
    new = {key: value for key, value in merged.items() if value is not None}
    too_long = any(len((key + value).encode()) > PROPERTY_BYTES for key, value in new.items())
    if too_long or len(new) > PROPERTIES_PER_APP:
        raise refusals.invalid(
            "properties",
            f"A property may have {PROPERTY_BYTES} bytes, and a file {PROPERTIES_PER_APP} of them.",
        )
    return new
