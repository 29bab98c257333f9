"""Uploads: content in the body, content after metadata, and content in pieces over many requests."""

import json
import re
import secrets
import threading
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.answers import Answer, ApiError, Media
from simulator.call import Call, HttpRequest
from simulator.multipart import split

CHUNK = 256 * 1024
RESUME_INCOMPLETE = 308


def read_json(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except ValueError as error:
        message = f"Invalid JSON payload received. {error}"
        raise ApiError(400, message, reason="parseError") from error
    if not isinstance(value, dict):
        raise ApiError(
            400, "Invalid JSON payload received. Expected an object.", reason="parseError"
        )
    return value


def read_upload(kind: str, request: HttpRequest) -> tuple[dict[str, Any], Media | None]:
    """Metadata and content of a request to an upload path, by its ``uploadType``."""
    content_type = request.headers.get("content-type", "application/octet-stream")
    match kind:
        case "media":
            return {}, Media(request.body, content_type)
        case "multipart":
            parts = split(content_type, request.body)
            if len(parts) != 2:
                raise ApiError(
                    400,
                    "Multipart content must have exactly two parts: metadata and media.",
                    reason="badContent",
                )
            metadata, content = parts
            mime_type = content.headers.get("content-type", "application/octet-stream")
            return read_json(metadata.content), Media(content.content, mime_type)
        case "resumable":
            return read_json(request.body), None
        case _:
            raise ApiError(400, f"Invalid upload type: {kind}", reason="wrongUrlForUpload")


@dataclass
class Session:
    """A resumable upload on its way: the call it will make, and the content so far."""

    call: Call
    mime_type: str
    content: bytearray = field(default_factory=bytearray)
    answer: Answer | None = None
    """Set once complete; asking again gives it again."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def progress(self) -> Answer:
        received = [("Range", f"bytes=0-{len(self.content) - 1}")] if self.content else []
        return Answer(RESUME_INCOMPLETE, b"", received)

    def take(self, content_range: str | None, chunk: bytes) -> bool:
        """Append what is new of a chunk; whether the content is complete now."""
        if content_range is None:
            self.content[:] = chunk
            return True
        match = re.fullmatch(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)", content_range)
        if match is None:
            raise ApiError(400, f"Failed to parse Content-Range header: {content_range}")
        first, last, total = match.groups()
        if first is not None:
            if int(first) > len(self.content) or int(last) - int(first) + 1 != len(chunk):
                raise ApiError(400, f"Invalid request: range {content_range} does not continue.")
            if total == "*" and len(chunk) % CHUNK:
                raise ApiError(400, f"Chunks must be multiples of {CHUNK} bytes.")
            self.content[int(first) :] = chunk
        return total != "*" and len(self.content) == int(total)

    def finish(self, answer: Answer) -> None:
        """Keep the answer for whoever asks again, and let go of the content."""
        self.answer = answer
        self.content = bytearray()

    def finished_call(self) -> Call:
        return replace(self.call, media=Media(bytes(self.content), self.mime_type))


class Sessions:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def open(self, request: HttpRequest, call: Call) -> Answer:
        """Start a resumable upload of an already checked call."""
        upload_id = "AB" + secrets.token_urlsafe(24)
        mime_type = request.headers.get("x-upload-content-type", "application/octet-stream")
        with self._lock:
            self._sessions[upload_id] = Session(call, mime_type)
        location = f"{request.origin}{request.raw_path}?uploadType=resumable&upload_id={upload_id}"
        return Answer(200, b"", [("Location", location), ("X-GUploader-UploadID", upload_id)])

    def find(self, upload_id: str) -> Session:
        with self._lock:
            if upload_id not in self._sessions:
                raise ApiError(404, "Upload session not found.")
            return self._sessions[upload_id]
