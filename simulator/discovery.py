"""Google's discovery documents: which methods there are, and which one a request means.

The documents come from the google-api-python-client wheel, so the simulator knows exactly what
the client knows. One origin serves all APIs; no two methods share a verb and a path.
"""

import json
import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Any
from urllib.parse import unquote

from simulator.answers import Style

APIS = (("chat", "v1"), ("drive", "v3"), ("sheets", "v4"), ("gmail", "v1"), ("calendar", "v3"))

Schema = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Api:
    name: str
    version: str
    document: dict[str, Any]

    @property
    def style(self) -> Style:
        """Legacy APIs are the ones with a service path of their own (``drive/v3/``)."""
        return Style.LEGACY if self.document["servicePath"] else Style.RPC

    @property
    def batch_path(self) -> str:
        return "/" + str(self.document["batchPath"])

    def schema(self, name: str) -> Schema:
        schema: Schema = self.document["schemas"][name]
        return schema

    def document_at(self, origin: str) -> dict[str, Any]:
        """Return the document with this simulator as the root of all URLs."""
        root = origin + "/"
        service = self.document["servicePath"]
        return self.document | {
            "rootUrl": root,
            "mtlsRootUrl": root,
            "baseUrl": root + service,
        }


@dataclass(frozen=True, eq=False)
class Method:
    api: Api
    spec: dict[str, Any] = field(repr=False)

    @cached_property
    def id(self) -> str:
        return str(self.spec["id"])

    @cached_property
    def verb(self) -> str:
        return str(self.spec["httpMethod"])

    @cached_property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.spec.get("scopes", ()))

    @cached_property
    def parameters(self) -> dict[str, Schema]:
        """The method's own parameters and those every method of the API takes."""
        return {**self.api.document["parameters"], **self.spec.get("parameters", {})}

    @property
    def request_schema(self) -> str | None:
        reference: str | None = self.spec.get("request", {}).get("$ref")
        return reference

    @property
    def response_schema(self) -> str | None:
        reference: str | None = self.spec.get("response", {}).get("$ref")
        return reference

    @property
    def path(self) -> str:
        return f"/{self.api.document['servicePath']}{self.spec['path']}"

    @property
    def upload_paths(self) -> list[str]:
        protocols = self.spec.get("mediaUpload", {}).get("protocols", {})
        return [str(protocol["path"]) for protocol in protocols.values()]

    @property
    def is_write(self) -> bool:
        return self.verb != "GET"


@dataclass(frozen=True)
class Route:
    method: Method
    path_parameters: dict[str, str]
    is_upload: bool


@dataclass(frozen=True)
class _Template:
    """A path with holes, as a pattern over the raw, percent-encoded path."""

    method: Method
    pattern: re.Pattern[str]
    names: tuple[str, ...]
    literal_length: int
    is_upload: bool

    @classmethod
    def of(cls, method: Method, path: str, *, is_upload: bool) -> "_Template":
        pattern, names, literal = "", [], 0
        for text, reserved, name in re.findall(r"([^{]+)|\{(\+?)([^}]+)\}", path):
            if text:
                pattern += re.escape(text)
                literal += len(text)
                continue
            names.append(name)
            hole = method.parameters[name].get("pattern", "^.*$") if reserved else "^[^/]+?$"
            pattern += f"({hole.removeprefix('^').removesuffix('$')})"
        return cls(method, re.compile(pattern), tuple(names), literal, is_upload)


class Router:
    """Finds the method a verb and a raw path mean; the longest literal text wins."""

    def __init__(self, methods: list[Method]) -> None:
        self._templates: dict[tuple[str, str], list[_Template]] = {}
        for method in methods:
            paths = [(method.path, False), *((path, True) for path in method.upload_paths)]
            for path, is_upload in paths:
                template = _Template.of(method, path, is_upload=is_upload)
                key = (method.verb, path.split("/")[1])
                self._templates.setdefault(key, []).append(template)
        for templates in self._templates.values():
            templates.sort(key=lambda template: -template.literal_length)

    def find(self, verb: str, raw_path: str) -> Route | None:
        first_segment = raw_path.split("/", 2)[1] if raw_path.startswith("/") else ""
        for template in self._templates.get((verb, first_segment), ()):
            if match := template.pattern.fullmatch(raw_path):
                values = (unquote(value) for value in match.groups())
                parameters = dict(zip(template.names, values, strict=True))
                return Route(template.method, parameters, template.is_upload)
        return None


@cache
def api(name: str, version: str) -> Api:
    """KeyError for an API the simulator does not speak."""
    if (name, version) not in APIS:
        raise KeyError(f"{name} {version}")
    documents = resources.files("googleapiclient.discovery_cache") / "documents"
    text = (documents / f"{name}.{version}.json").read_text(encoding="utf-8")
    return Api(name, version, json.loads(text))


@cache
def all_methods() -> dict[str, Method]:
    methods: dict[str, Method] = {}
    for name, version in APIS:
        _collect(api(name, version), api(name, version).document, methods)
    return methods


@cache
def router() -> Router:
    return Router(list(all_methods().values()))


def _collect(owner: Api, resource: dict[str, Any], methods: dict[str, Method]) -> None:
    for spec in resource.get("methods", {}).values():
        method = Method(owner, spec)
        methods[method.id] = method
    for child in resource.get("resources", {}).values():
        _collect(owner, child, methods)
