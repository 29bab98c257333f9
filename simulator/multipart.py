"""MIME multipart bodies, with lines that end in CRLF or, as Google's client sends them, in LF."""

import re
from dataclasses import dataclass

from simulator.answers import ApiError


@dataclass(frozen=True)
class Part:
    headers: dict[str, str]
    """By lower-case name."""
    content: bytes


def split(content_type: str, body: bytes) -> list[Part]:
    """Split a multipart body into its parts, byte for byte."""
    boundary = re.search(r'boundary="?([^";]+)"?', content_type, re.IGNORECASE)
    if boundary is None:
        raise ApiError(400, "Missing multipart boundary.", reason="badContent")
    delimiter = b"--" + boundary[1].encode()
    opening = body.find(delimiter)
    newline = b"\r\n" if body[opening + len(delimiter) :].startswith(b"\r\n") else b"\n"
    chunks = (newline + body[max(opening, 0) :]).split(newline + delimiter)
    if opening < 0 or not chunks[-1].startswith(b"--"):
        raise ApiError(400, "Multipart body must be closed by its boundary.", reason="badContent")
    return [part(chunk.removeprefix(newline)) for chunk in chunks[1:-1]]


def part(text: bytes) -> Part:
    """Headers, an empty line, and content."""
    if re.match(rb"\r?\n", text):
        return Part({}, re.sub(rb"\A\r?\n", b"", text))
    head, _, content = _partition(text)
    headers = {}
    for line in re.sub(rb"\r?\n[ \t]+", b" ", head).splitlines():
        name, _, value = line.partition(b":")
        headers[name.decode("latin-1").strip().lower()] = value.decode("latin-1").strip()
    return Part(headers, content)


def _partition(text: bytes) -> tuple[bytes, bytes, bytes]:
    empty_line = re.search(rb"\r?\n\r?\n", text)
    if empty_line is None:
        return text, b"", b""
    return text[: empty_line.start()], empty_line[0], text[empty_line.end() :]
