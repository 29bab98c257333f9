"""The methods of ``drive.files``."""

from typing import Any

from simulator.answers import ApiError, Media, no_behaviour
from simulator.call import Behaviour, Behaviours, Call, Result
from simulator.drive import refusals
from simulator.drive.access import Access, may_trash
from simulator.drive.documents import Editors
from simulator.drive.listing import FileListing
from simulator.drive.metadata import read_metadata
from simulator.drive.resource import file_resource
from simulator.drive.state import FOLDER, GOOGLE_TYPE, DriveState, File
from simulator.faults import rate_limited
from simulator.quota import Quota

DEFAULT_FIELDS = "kind,id,name,mimeType"
DEFAULT_LIST_FIELDS = f"kind,nextPageToken,incompleteSearch,files({DEFAULT_FIELDS})"


class Files:
    def __init__(self, drive: DriveState, writes: Quota, editors: Editors) -> None:
        self._drive = drive
        self._editors = editors
        self._writes = writes
        self._access = Access(drive)
        self._listing = FileListing(drive)

    def behaviours(self) -> Behaviours:
        return {
            "drive.files.generateIds": Behaviour(self.generate_ids),
            "drive.files.get": Behaviour(self.get, DEFAULT_FIELDS),
            "drive.files.list": Behaviour(self._listing.list, DEFAULT_LIST_FIELDS),
            "drive.files.create": Behaviour(self.create, DEFAULT_FIELDS),
            "drive.files.copy": Behaviour(self.copy, DEFAULT_FIELDS),
            "drive.files.update": Behaviour(self.update, DEFAULT_FIELDS),
            "drive.files.delete": Behaviour(self.delete),
            "drive.files.export": Behaviour(self.export),
        }

    def generate_ids(self, call: Call) -> Result:
        ids = [self._drive.ids.mint(call.grant.user) for _ in range(call["count"])]
        return {"kind": "drive#generatedIds", "space": call["space"], "ids": ids}

    def get(self, call: Call) -> Result:
        with self._drive.lock:
            file = self._access.file(call, call["fileId"])
            if not call.wants_media:
                return self._shown(file, call)
        if file.sha256 is None:
            raise ApiError(
                403,
                "Only files with binary content can be downloaded. Use Export with Docs Editors "
                "files.",
                reason="fileNotDownloadable",
                location="alt",
            )
        return Media(self._drive.blobs.get(file.sha256), file.mime_type)

    def create(self, call: Call) -> Result:
        self._count_write(call)
        details = read_metadata(call.body)
        mime_type = details.pop("mime_type", None) or _type_of(call.media)
        is_googles = mime_type.startswith(GOOGLE_TYPE)
        editor = self._editors.get(mime_type)
        if is_googles and call.media and not (editor and editor.reads(call.media.mime_type)):
            raise no_behaviour(f"converting {call.media.mime_type} into {mime_type}")
        if not is_googles:
            details |= self._drive.content(call.media.content if call.media else b"")
        with self._drive.lock:
            parent = self._access.parent(call, call.body.get("parents"))
            file_id = self._new_id(call, mime_type)
            name = details.pop("name", "Untitled")
            user = call.grant.user
            file = self._drive.add(name, mime_type, parent, user, file_id=file_id, **details)
            if editor and call.media:
                editor.read(file, user, call.media)
            return self._shown(file, call)

    def copy(self, call: Call) -> Result:
        self._count_write(call)
        details = read_metadata(call.body)
        with self._drive.lock:
            source = self._access.file(call, call["fileId"])
            if source.is_folder:
                raise ApiError(
                    403, "This file cannot be copied by the user.", reason="cannotCopyFile"
                )
            parents = call.body.get("parents") or [source.parent]
            parent = self._access.parent(call, parents)
            kept: dict[str, Any] = {
                "description": source.description,
                "app_properties": source.app_properties,
                "properties": source.properties,
                "shortcut_target": source.shortcut_target,
                "sha256": source.sha256,
                "md5": source.md5,
                "size": source.size,
            }
            mime_type = details.pop("mime_type", source.mime_type)
            file_id = self._new_id(call, mime_type)
            name = details.pop("name", f"Copy of {source.name}")
            user = call.grant.user
            copied = self._drive.add(
                name, mime_type, parent, user, file_id=file_id, **kept | details
            )
            if source.mime_type in self._editors:
                self._editors[source.mime_type].copy(source.id, copied.id)
            return self._shown(copied, call)

    def export(self, call: Call) -> Result:
        with self._drive.lock:
            file = self._access.file(call, call["fileId"])
        if not file.mime_type.startswith(GOOGLE_TYPE):
            raise ApiError(
                403, "Export only supports Docs Editors files.", reason="fileNotExportable"
            )
        editor = self._editors.get(file.mime_type)
        exported = editor.export(file.id, call["mimeType"]) if editor else None
        if exported is None:
            raise no_behaviour(f"exporting {file.mime_type} as {call['mimeType']}")
        return exported

    def update(self, call: Call) -> Result:
        self._count_write(call)
        if call.body.get("parents"):
            raise refusals.not_writable(
                "The parents field is not directly writable in update requests. Use the "
                "addParents and removeParents parameters instead."
            )
        details = self._drive.content(call.media.content) if call.media else {}
        with self._drive.lock:
            file = self._access.file(call, call["fileId"])
            if call.body.get("id", file.id) != file.id:
                raise refusals.not_writable()
            if not self._drive.can_edit(call.grant.user, file):
                raise refusals.no_permission()
            if call.media and file.mime_type.startswith(GOOGLE_TYPE):
                raise no_behaviour("replacing the content of a Google file")
            details |= read_metadata(call.body, of=file)
            if file.is_root and details:
                raise ApiError(403, "The root of a drive cannot be changed.")
            if "trashed" in details and not may_trash(call.grant.user, file, self._drive):
                raise refusals.no_permission()
            details |= self._move(call, file)
            changed = self._drive.change(file, call.grant.user, **details)
            return self._shown(changed, call)

    def delete(self, call: Call) -> Result:
        self._count_write(call)
        with self._drive.lock:
            file = self._access.file(call, call["fileId"])
            if file.is_root:
                raise ApiError(403, "The root of a drive cannot be deleted.")
            if not may_trash(call.grant.user, file, self._drive):
                raise refusals.no_permission()
            self._drive.remove(file)
        return None

    def _move(self, call: Call, file: File) -> dict[str, Any]:
        """Where addParents and removeParents take the file; it always has exactly one parent."""
        added = [name for name in call.get("addParents", "").split(",") if name]
        removed = [name for name in call.get("removeParents", "").split(",") if name]
        removed = [self._access.resolved(call, name) for name in removed]
        if not added and not removed:
            return {}
        if len(added) != 1 or (removed and removed != [file.parent]):
            raise ApiError(
                403,
                "Increasing the number of parents is not allowed",
                reason="cannotAddParent",
            )
        parent = self._access.parent(call, added)
        if parent.id == file.id or any(below.id == parent.id for below in self._drive.below(file)):
            raise ApiError(403, "A folder cannot be moved into itself.", reason="cyclicMove")
        owner = None if parent.drive_id else call.grant.user
        return {"parent": parent.id, "drive_id": parent.drive_id, "owner": owner}

    def _new_id(self, call: Call, mime_type: str) -> str:
        """Return the id the caller reserved for this, checked, or a fresh one."""
        file_id: str | None = call.body.get("id")
        if file_id is None:
            return self._drive.ids.mint(call.grant.user)
        if self._drive.is_used(file_id):
            raise refusals.id_in_use()
        if not self._drive.ids.is_genuine(file_id, call.grant.user):
            raise refusals.invalid("file.id", "The provided file ID is not usable.")
        if mime_type.startswith(GOOGLE_TYPE) and mime_type != FOLDER:
            raise refusals.invalid(
                "file.id", "Generated IDs are not supported for Docs Editors formats."
            )
        return file_id

    def _count_write(self, call: Call) -> None:
        if not self._writes.take(call.grant.user):
            raise rate_limited()

    def _shown(self, file: File, call: Call) -> dict[str, Any]:
        return file_resource(file, self._drive, user=call.grant.user, origin=call.origin)


def _type_of(media: Media | None) -> str:
    mime_type = media.mime_type if media else ""
    return mime_type if mime_type and mime_type != "*/*" else "application/octet-stream"
