"""What goes back over the wire: JSON as Google prints it, bytes, and errors in both envelopes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

Headers = list[tuple[str, str]]
JSON_TYPE = ("Content-Type", "application/json; charset=UTF-8")


class Style(Enum):
    """The two families of Google's JSON APIs; error envelope and strictness go with it."""

    LEGACY = "legacy"
    """Drive, Calendar: ``error.errors[]`` with a reason; unknown names are ignored."""
    RPC = "rpc"
    """Chat, Sheets, Gmail: a ``google.rpc.Status``; unknown names are refused."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=list)


@dataclass(frozen=True)
class Media:
    """File content, as an upload brings it and a download takes it away."""

    content: bytes
    mime_type: str


STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
REASONS = {
    400: "badRequest",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    409: "conflict",
    429: "rateLimitExceeded",
    500: "internalError",
    503: "backendError",
}


class ApiError(Exception):
    """A refusal, in words that fit either envelope."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        reason: str | None = None,
        domain: str = "global",
        location: str | None = None,
        location_type: str = "parameter",
        status: str | None = None,
        details: Sequence[dict[str, Any]] = (),
        headers: Sequence[tuple[str, str]] = (),
        from_front_end: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason or REASONS.get(code, "unknown")
        self.domain = domain
        self.location = location
        self.location_type = location_type
        self.status = status or STATUS_NAMES.get(code, "UNKNOWN")
        self.details = list(details)
        self.headers = list(headers)
        self.from_front_end = from_front_end
        """Whether Google's common front end refused it: then legacy APIs print the status too."""

    def envelope(self, style: Style) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if style is Style.LEGACY or self.from_front_end:
            item = {"message": self.message, "domain": self.domain, "reason": self.reason}
            if self.location:
                item |= {"location": self.location, "locationType": self.location_type}
            error["errors"] = [item]
        if style is Style.RPC or self.from_front_end:
            error["status"] = self.status
            if self.details:
                error["details"] = self.details
        return {"error": error}

    def answer(self, style: Style) -> Answer:
        return json_answer(self.envelope(style), status=self.code, headers=self.headers)


def bad_request(message: str, field_name: str | None = None) -> ApiError:
    """Make a 400 that names the offending field, as ``google.rpc.BadRequest`` does."""
    return bad_fields(message, [(field_name, message)] if field_name is not None else [])


def bad_fields(message: str, violations: Sequence[tuple[str, str]]) -> ApiError:
    fields = [
        {"field": name, "description": text} if name else {"description": text}
        for name, text in violations
    ]
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": fields}]
    return ApiError(400, message, details=details if fields else ())


def no_behaviour(what: str) -> ApiError:
    """Make the simulator's own refusal of something Google could do."""
    return ApiError(400, f"simulator: {what} is routed and validated, but has no behaviour yet")


def json_answer(
    value: Any, *, status: int = 200, pretty: bool = True, headers: Sequence[tuple[str, str]] = ()
) -> Answer:
    if pretty:
        text = json.dumps(value, indent=2, ensure_ascii=False)
    else:
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return Answer(status, (text + "\n").encode(), [JSON_TYPE, *headers])


def media_answer(media: Media, requested_range: str | None) -> Answer:
    """Answer a download, whole or the one range asked for (``bytes=0-99``, ``bytes=100-``)."""
    size = len(media.content)
    kind = ("Content-Type", media.mime_type)
    if not (requested_range or "").startswith("bytes="):
        return Answer(200, media.content, [kind])
    first, _, last = (requested_range or "").removeprefix("bytes=").partition("-")
    start = int(first or 0)
    end = min(int(last) if last else size - 1, size - 1)
    if start > end:
        return Answer(416, b"", [kind, ("Content-Range", f"bytes */{size}")])
    part = media.content[start : end + 1]
    return Answer(206, part, [kind, ("Content-Range", f"bytes {start}-{end}/{size}")])


def without_zero_values(value: Any) -> Any:
    """Leave out what proto3 JSON leaves out: false, 0, "" and []; an empty message stays."""
    if isinstance(value, dict):
        return {
            key: without_zero_values(item)
            for key, item in value.items()
            if item or isinstance(item, dict)
        }
    if isinstance(value, list):
        return [without_zero_values(item) for item in value]
    return value
