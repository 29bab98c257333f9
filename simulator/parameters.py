"""Reads path and query parameters against what the discovery document says about them."""

import re
from collections.abc import Iterable
from typing import Any

from simulator.answers import ApiError, Style, bad_request
from simulator.discovery import Method, Schema
from simulator.validation import camel

#: Known to Google's front end although no document lists them.
TOLERATED = {"userIp", "upload_id", "$unique", "alt"}

WHOLE_NUMBERS = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1)}
TRUTH = {"true": True, "false": False, "1": True, "0": False}


def read_parameters(
    method: Method, path: dict[str, str], query: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """Return the call's parameters as Python values, with the documented defaults filled in."""
    specs = method.parameters
    texts: dict[str, list[str]] = {name: [value] for name, value in path.items()}
    for given, text in query:
        name = given if given in specs else camel(given)
        if name in specs:
            texts.setdefault(name, []).append(text)
        elif method.api.style is Style.RPC and given not in TOLERATED:
            raise bad_request(
                f'Invalid JSON payload received. Unknown name "{given}": Cannot bind query '
                f"parameter. Field '{given}' could not be found in request message."
            )
    values: dict[str, Any] = {}
    for name, spec in specs.items():
        if name in texts:
            values[name] = _value(method, name, spec, texts[name])
        elif spec.get("required"):
            raise _refusal(method, name, f"Required parameter: {name}", reason="required")
        elif "default" in spec:
            values[name] = _value(method, name, spec, [spec["default"]])
    return values


def _value(method: Method, name: str, spec: Schema, texts: list[str]) -> Any:
    if spec.get("repeated"):
        return [_single(method, name, spec, text) for text in texts]
    return _single(method, name, spec, texts[-1])


def _single(method: Method, name: str, spec: Schema, text: str) -> Any:
    value: Any = text
    match spec.get("type"):
        case "boolean":
            value = TRUTH.get(text.lower())
        case "integer":
            value = int(text) if re.fullmatch(r"-?\d+", text) else None
            low, high = WHOLE_NUMBERS[spec.get("format", "int32")]
            low, high = int(spec.get("minimum", low)), int(spec.get("maximum", high))
            if value is not None and not low <= value <= high:
                value = None
        case "number":
            value = float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
    if value is None or ("enum" in spec and text not in spec["enum"]):
        kind = "TYPE_ENUM" if "enum" in spec else f"TYPE_{str(spec.get('type')).upper()}"
        raise _refusal(method, name, f"Invalid value at '{name}' ({kind}), \"{text}\"")
    return value


def _refusal(method: Method, name: str, message: str, reason: str = "invalidParameter") -> ApiError:
    if method.api.style is Style.RPC:
        return bad_request(message, name)
    return ApiError(400, message, reason=reason, location=name)
