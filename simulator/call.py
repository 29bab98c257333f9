"""One API call after routing and validation, and the form of what answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from simulator.answers import Media
from simulator.discovery import Method
from simulator.tokens import Grant


@dataclass(frozen=True)
class HttpRequest:
    """A request as it came, on a connection of its own or inside a batch."""

    verb: str
    raw_path: str
    """Percent-encoded, as sent: ``A1%3AB2`` and ``A1:B2`` are different paths to a router."""
    raw_query: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes
    origin: str
    """Scheme and host by which the caller knows this simulator."""
    in_batch: bool = False

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.raw_query, keep_blank_values=True)

    def without_override(self) -> "HttpRequest":
        """Return the request meant by ``x-http-method-override``, which long GETs hide behind."""
        verb = self.headers.get("x-http-method-override")
        if self.verb != "POST" or not verb:
            return self
        query, body = self.raw_query, self.body
        if "x-www-form-urlencoded" in self.headers.get("content-type", ""):
            query = "&".join(filter(None, [query, body.decode()]))
            body = b""
        return replace(self, verb=verb.upper(), raw_query=query, body=body)


@dataclass(frozen=True)
class Call:
    method: Method
    parameters: dict[str, Any]
    body: dict[str, Any]
    grant: Grant
    origin: str
    media: Media | None = None

    @property
    def wants_media(self) -> bool:
        return self.parameters.get("alt") == "media"

    @property
    def resource(self) -> str | None:
        """The id or name of what the caller makes or means, where the request says it."""
        chosen = (self.get("messageId"), self.body.get("id"), self.get("fileId"), self.get("name"))
        return next(filter(None, (*chosen, self.get("spreadsheetId"))), None)

    def __getitem__(self, parameter: str) -> Any:
        """Return a required parameter, or one with a documented default."""
        return self.parameters[parameter]

    def get(self, parameter: str, default: Any = None) -> Any:
        return self.parameters.get(parameter, default)


Result = dict[str, Any] | Media | None
"""JSON, content, or nothing (204)."""


@dataclass(frozen=True)
class Behaviour:
    """What a method does. Methods without one are routed and validated, and say so."""

    handle: Callable[[Call], Result]
    default_fields: str | None = None
    """The mask of an answer whose caller asked for no fields; None for everything."""
    fields_required: bool = field(default=False, kw_only=True)
    prints_zeros: bool = field(default=False, kw_only=True)
    """Whether its answers stay as they are: in a sheet a 0 is a value."""


Behaviours = dict[str, Behaviour]
"""By method id."""
