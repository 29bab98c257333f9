"""Many calls in one request: ``multipart/mixed`` with an HTTP request in every part.

One API a batch, each part with an Authorization of its own, answered in the order given.
"""

import re
import secrets
from http import HTTPStatus

from simulator.answers import Answer, ApiError, Style
from simulator.call import HttpRequest
from simulator.discovery import APIS, Api, api
from simulator.gateway import Gateway
from simulator.multipart import Part, part, split

#: How many calls a batch may hold, by API; others hold what Drive holds.
LIMITS = {"calendar": 1000}
LIMIT = 100
CRLF = b"\r\n"


def is_batch(raw_path: str) -> bool:
    return raw_path == "/batch" or raw_path.startswith("/batch/")


def answer_batch(gateway: Gateway, request: HttpRequest) -> Answer:
    try:
        parts = split(request.headers.get("content-type", ""), request.body)
        only = _api_of(request.raw_path)
        limit = LIMITS.get(only.name, LIMIT) if only else LIMIT
        if len(parts) > limit:
            raise ApiError(
                400,
                f"The batch request contains {len(parts)} calls; the limit is {limit}.",
                reason="batchSizeTooLarge",
            )
        answers = [_inner_answer(gateway, request, each, only) for each in parts]
    except ApiError as error:
        return error.answer(Style.LEGACY)
    boundary = "batch_" + secrets.token_urlsafe(24)
    opening = b"--" + boundary.encode() + CRLF
    body = b"".join(opening + text + CRLF for text in answers) + opening[:-2] + b"--" + CRLF
    return Answer(200, body, [("Content-Type", f"multipart/mixed; boundary={boundary}")])


def _api_of(raw_path: str) -> Api | None:
    """Find the API of a batch path; None for the path that Chat, Sheets and Gmail share."""
    for name, version in APIS:
        candidate = api(name, version)
        if candidate.batch_path == raw_path:
            return candidate if raw_path != "/batch" else None
    raise ApiError(404, f"There is no batch endpoint {raw_path}.")


def _inner_answer(
    gateway: Gateway, outer: HttpRequest, outer_part: Part, only: Api | None
) -> bytes:
    answer = gateway.handle(_inner_request(outer, outer_part), only=only)
    content_id = outer_part.headers.get("content-id", "")
    echoed = f"<response-{content_id.removeprefix('<')}" if content_id else ""
    lines = ["Content-Type: application/http"]
    if echoed:
        lines.append(f"Content-ID: {echoed}")
    lines += ["", f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines += [f"Content-Length: {len(answer.body)}", "", ""]
    return "\r\n".join(lines).encode() + answer.body


def _inner_request(outer: HttpRequest, outer_part: Part) -> HttpRequest:
    request_line, _, rest = outer_part.content.partition(b"\n")
    match = re.fullmatch(r"([A-Z]+) (\S+)( HTTP/\d\.\d)?", request_line.decode("latin-1").strip())
    if match is None:
        raise ApiError(
            400, "Failed to parse the request line of a batch part.", reason="badRequest"
        )
    inner = part(rest)
    path, _, query = match[2].partition("?")
    headers = {"authorization": outer.headers.get("authorization", ""), **inner.headers}
    length = int(inner.headers.get("content-length", len(inner.content)))
    return HttpRequest(
        match[1], path, query, headers, inner.content[:length], outer.origin, in_batch=True
    )
