"""Reads request bodies (and, in tests, answers) against the schemas of the discovery documents.

Reading forgives what Google was seen to forgive: null means absent, names may be snake_case,
an array inside an array of messages is flattened. What it does not forgive it words as Google
does. Required fields, unions and lengths are not in the documents; the methods check those.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from simulator.discovery import Api, Schema

Path = tuple[Any, ...]
Reader = Callable[[Any, Path, "Reading"], Any]


@dataclass
class Reading:
    """One pass over one JSON value."""

    refuse_unknown: bool
    violations: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, path: Path, kind: str, value: Any) -> None:
        shown = json.dumps(value, ensure_ascii=False)
        where = dotted(path)
        self.violations.append((where, f"Invalid value at '{where}' ({kind}), {shown}"))

    def refuse_name(self, path: Path, name: str) -> None:
        at = f" at '{dotted(path)}'" if path else ""
        text = f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.'
        self.violations.append((dotted(path), text))


@cache
def reader(api: Api, schema_name: str) -> Reader:
    return _message(api, schema_name)


def dotted(path: Path) -> str:
    """Write the path as Google does: ``message.cards_v2[0].card``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{snake(step)}"
    return text.removeprefix(".")


@cache
def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match[1].lower(), name)


@cache
def camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def _reader_of(api: Api, schema: Schema) -> Reader:
    if "$ref" in schema:
        return _later(api, schema["$ref"])
    match schema.get("type"):
        case "object":
            return _map(api, schema)
        case "array":
            return _array(api, schema)
        case "string":
            return _string(schema)
        case "integer":
            return _integer(schema.get("format", "int32"))
        case "number":
            return _number
        case "boolean":
            return _boolean
        case _:
            return _anything


def _anything(value: Any, _path: Path, _reading: Reading) -> Any:
    return value


def _later(api: Api, name: str) -> Reader:
    """Make the other reader when it is needed: schemas name each other in circles."""

    def read(value: Any, path: Path, reading: Reading) -> Any:
        return reader(api, name)(value, path, reading)

    return read


def _message(api: Api, name: str) -> Reader:
    schema = api.schema(name)
    if "properties" not in schema:
        return _map(api, schema)
    fields: dict[str, tuple[str, Reader]] = {}
    for key, property_schema in schema["properties"].items():
        fields[snake(key)] = fields[key] = (key, _reader_of(api, property_schema))

    def read(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, dict):
            reading.refuse(path, f"type.googleapis.com/{name}", value)
            return {}
        result = {}
        for given, item in value.items():
            if item is None:
                continue
            if given not in fields:
                if reading.refuse_unknown:
                    reading.refuse_name(path, given)
                continue
            key, read_item = fields[given]
            result[key] = read_item(item, (*path, key), reading)
        return result

    return read


def _map(api: Api, schema: Schema) -> Reader:
    values = schema.get("additionalProperties")
    if values is None and "properties" not in schema:
        return lambda value, _path, _reading: value
    read_item = _reader_of(api, values or {})

    def read(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, dict):
            reading.refuse(path, "Map", value)
            return {}
        # A null in a map is kept: Drive takes it as "remove this property".
        return {
            key: item if item is None else read_item(item, (*path, key), reading)
            for key, item in value.items()
        }

    return read


def _array(api: Api, schema: Schema) -> Reader:
    items = schema["items"]
    read_item = _reader_of(api, items)
    flattens = "$ref" in items

    def read(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, list):
            reading.refuse(path, "type.googleapis.com/google.protobuf.ListValue", value)
            return []
        if read_item is _anything:
            return value
        result: list[Any] = []
        for index, item in enumerate(value):
            nested = item if flattens and isinstance(item, list) else [item]
            result += [read_item(inner, (*path, index), reading) for inner in nested]
        return result

    return read


def _string(schema: Schema) -> Reader:
    if "enum" in schema:
        allowed = frozenset(schema["enum"])
        return _checked("TYPE_ENUM", lambda value: value in allowed)
    match schema.get("format"):
        case "int64" | "uint64":
            return _integer(schema["format"])
        case "google-datetime" | "date-time":
            return _checked("type.googleapis.com/google.protobuf.Timestamp", _is_time)
        case "byte":
            return _checked("TYPE_BYTES", _is_base64)
        case "google-duration":
            return _checked(
                "type.googleapis.com/google.protobuf.Duration",
                lambda value: re.fullmatch(r"-?\d+(\.\d{1,9})?s", value) is not None,
            )
        case _:
            return _checked("TYPE_STRING", lambda _value: True)


def _checked(kind: str, holds: Callable[[str], bool]) -> Reader:
    def read(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, str) or not holds(value):
            reading.refuse(path, kind, value)
        return value

    return read


def _integer(form: str) -> Reader:
    """64-bit numbers travel as strings, smaller ones as numbers; either is accepted."""
    as_text = form in {"int64", "uint64"}
    bits = 64 if as_text else 32
    low, high = (
        (0, 2**bits - 1) if form.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    )

    def read(value: Any, path: Path, reading: Reading) -> Any:
        number = _whole(value)
        if number is None or not low <= number <= high:
            reading.refuse(path, f"TYPE_{form.upper()}", value)
            return value
        return str(number) if as_text else number

    return read


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return int(value)
    return None


def _number(value: Any, path: Path, reading: Reading) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        reading.refuse(path, "TYPE_DOUBLE", value)
    return value


def _boolean(value: Any, path: Path, reading: Reading) -> Any:
    if not isinstance(value, bool):
        reading.refuse(path, "TYPE_BOOL", value)
    return value


def _is_time(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_base64(value: str) -> bool:
    try:
        base64.b64decode(value.replace("-", "+").replace("_", "/") + "==", validate=True)
    except binascii.Error:
        return False
    return True
