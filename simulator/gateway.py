"""The way of a call: route, authenticate, check scopes, validate, act, mask, print, log."""

import time
from collections.abc import Callable
from typing import Any, Self

from simulator import masks
from simulator.answers import (
    Answer,
    ApiError,
    Media,
    Style,
    bad_fields,
    bad_request,
    json_answer,
    media_answer,
    no_behaviour,
    without_zero_values,
)
from simulator.call import Behaviour, Behaviours, Call, HttpRequest
from simulator.calls import Calls
from simulator.discovery import Api, Method, Route, router
from simulator.faults import Faults
from simulator.parameters import read_parameters
from simulator.tokens import Grant, Tokens, insufficient_scopes
from simulator.uploads import Session, Sessions, read_json, read_upload
from simulator.validation import Reading, reader

#: Which field of Google's request message the HTTP body is. Error paths start with it, and
#: the discovery documents do not tell.
BODY_FIELDS = {
    "chat.spaces.messages.create": "message",
    "chat.spaces.messages.patch": "message",
    "chat.spaces.messages.update": "message",
    "chat.spaces.create": "space",
    "chat.spaces.patch": "space",
    "chat.spaces.members.create": "membership",
    "sheets.spreadsheets.create": "spreadsheet",
    "sheets.spreadsheets.values.append": "data",
    "sheets.spreadsheets.values.update": "data",
    "gmail.users.messages.send": "message",
}


class Gateway:
    def __init__(
        self, tokens: Tokens, faults: Faults, calls: Calls, behaviours: Behaviours
    ) -> None:
        self._tokens = tokens
        self._faults = faults
        self._calls = calls
        self._behaviours = behaviours
        self._uploads = Sessions()
        self.on_answer: Callable[[Method, Any], None] = lambda _method, _answer: None
        """Told every successful JSON answer before masking; tests hold it against its schema."""

    def handle(self, request: HttpRequest, *, only: Api | None = None) -> Answer:
        """Answer one request; ``only`` is the API a batch was sent to."""
        request = request.without_override()
        if request.verb == "PUT" and "upload_id=" in request.raw_query:
            return self._continue_upload(request, dict(request.query)["upload_id"])
        route = router().find(request.verb, request.raw_path)
        if route is None or (only and route.method.api is not only):
            return ApiError(404, "Method not found.").answer(Style.RPC)
        entry = _LogEntry(self._calls, route.method, in_batch=request.in_batch)
        with entry:
            try:
                entry.grant = self._tokens.grant(request.headers.get("authorization"))
                entry.answer = self._answer(request, route, entry)
            except ApiError as error:
                entry.answer = error.answer(route.method.api.style)
        return entry.answer

    def _answer(self, request: HttpRequest, route: Route, entry: "_LogEntry") -> Answer:
        method, grant = route.method, entry.grant
        assert grant is not None
        if method.scopes and not method.scopes & grant.scopes:
            raise insufficient_scopes(method.api.name, method.id)
        parameters = read_parameters(method, route.path_parameters, request.query)
        media = None
        if route.is_upload:
            upload_type = parameters.get("uploadType", "media")
            body, media = read_upload(upload_type, request)
        else:
            upload_type = None
            body = read_json(request.body) if method.request_schema else {}
        call = Call(method, parameters, _checked(method, body), grant, request.origin, media)
        entry.resource = call.resource
        if upload_type == "resumable":
            self._behaviour(call)
            return self._uploads.open(request, call)
        return self._perform(call, request)

    def _continue_upload(self, request: HttpRequest, upload_id: str) -> Answer:
        try:
            session = self._uploads.find(upload_id)
        except ApiError as error:
            return error.answer(Style.LEGACY)
        method = session.call.method
        with (
            session.lock,
            _LogEntry(self._calls, method, grant=session.call.grant) as entry,
        ):
            entry.resource = session.call.resource
            try:
                content_range = request.headers.get("content-range")
                if session.answer:
                    entry.answer = session.answer
                elif session.take(content_range, request.body):
                    entry.answer = self._perform(session.finished_call(), request, session)
                else:
                    entry.answer = session.progress()
            except ApiError as error:
                entry.answer = error.answer(method.api.style)
        return entry.answer

    def _behaviour(self, call: Call) -> Behaviour:
        behaviour = self._behaviours.get(call.method.id)
        if behaviour is None:
            raise no_behaviour(call.method.id)
        return behaviour

    def _perform(self, call: Call, request: HttpRequest, session: Session | None = None) -> Answer:
        fault = self._faults.strike(call.method.id)
        self._faults.before(fault)
        behaviour = self._behaviour(call)
        mask = _mask(call, behaviour)
        answer = self._printed(call, behaviour, mask, request)
        if session:
            session.finish(answer)
        self._faults.after(fault)
        return answer

    def _printed(
        self, call: Call, behaviour: Behaviour, mask: masks.Tree | None, request: HttpRequest
    ) -> Answer:
        result = behaviour.handle(call)
        if result is None:
            return Answer(204, b"", [("Content-Type", "text/html")])
        if isinstance(result, Media):
            return media_answer(result, request.headers.get("range"))
        if call.method.api.style is Style.RPC and not behaviour.prints_zeros:
            result = without_zero_values(result)
        self.on_answer(call.method, result)
        shown = masks.apply(mask, result) if mask is not None else result
        return json_answer(shown, pretty=call.get("prettyPrint", True))


class _LogEntry:
    """Times a call and logs it when it ends, also when it ends without an answer."""

    def __init__(
        self, calls: Calls, method: Method, *, in_batch: bool = False, grant: Grant | None = None
    ) -> None:
        self._calls = calls
        self._method = method
        self._in_batch = in_batch
        self._started = time.perf_counter()
        self.grant = grant
        self.resource: str | None = None
        self.answer = Answer(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._calls.record(
            self._method.id,
            self.answer.status,
            subject=self.grant.user if self.grant else None,
            resource=self.resource,
            batch=self._in_batch,
            ms=(time.perf_counter() - self._started) * 1000,
        )


def _checked(method: Method, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body in canonical form, or a 400 that lists everything wrong with it."""
    if method.request_schema is None:
        return body
    reading = Reading(refuse_unknown=method.api.style is Style.RPC)
    prefix = BODY_FIELDS.get(method.id)
    read = reader(method.api, method.request_schema)
    value: dict[str, Any] = read(body, (prefix,) if prefix else (), reading)
    if reading.violations:
        message = "\n".join(text for _, text in reading.violations)
        raise bad_fields(message, reading.violations)
    return value


def _mask(call: Call, behaviour: Behaviour) -> masks.Tree | None:
    text = call.get("fields") or behaviour.default_fields
    if not call.get("fields") and behaviour.fields_required:
        raise ApiError(
            400,
            "The 'fields' parameter is required for this method.",
            reason="required",
            location="fields",
        )
    if not text or not call.method.response_schema or call.wants_media:
        return None
    try:
        return masks.mask(text, call.method.api, call.method.response_schema)
    except masks.MaskError as error:
        if call.method.api.style is Style.RPC:
            raise bad_request(
                "Error expanding 'fields' parameter. Cannot find matching fields for path "
                f"'{error}'.",
                str(error),
            ) from error
        raise ApiError(
            400,
            f"Invalid field selection {error}",
            reason="invalidParameter",
            location="fields",
        ) from error
