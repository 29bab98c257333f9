"""The ``fields`` parameter: ``a,b(c),d/e,*``, with a dot as good as a slash."""

import re
from functools import lru_cache
from typing import Any

from simulator.discovery import Api, Schema
from simulator.validation import camel

Tree = dict[str, "Tree"]
"""What to keep; an empty tree keeps everything below it."""

TOKEN = re.compile(r"[^\s,()/.]+|[,()/.]")


class MaskError(ValueError):
    """Its text is the selection that does not exist."""


@lru_cache(1024)
def mask(text: str, api: Api, schema_name: str) -> Tree:
    """Parse a mask and check it against the schema of what it will be laid on."""
    tree, rest = _selections(_tokens(text))
    if rest:
        raise MaskError(text)
    _check(tree, {"$ref": schema_name}, api)
    return tree


def apply(tree: Tree, value: Any) -> Any:
    if not tree or tree.get("*") == {}:
        return value
    if isinstance(value, list):
        return [apply(tree, item) for item in value]
    if isinstance(value, dict):
        below_any = tree.get("*")
        return {
            key: apply(tree.get(key, below_any or {}), item)
            for key, item in value.items()
            if key in tree or below_any is not None
        }
    return value


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(text)


def _selections(tokens: list[str]) -> tuple[Tree, list[str]]:
    """One or more selections separated by commas, and the tokens after them."""
    tree: Tree = {}
    while True:
        tokens = _selection(tree, tokens)
        if not tokens or tokens[0] != ",":
            return tree, tokens
        tokens = tokens[1:]


def _selection(tree: Tree, tokens: list[str]) -> list[str]:
    if not tokens or tokens[0] in ",()/.":
        raise MaskError(tokens[0] if tokens else "")
    name, tokens = camel(tokens[0]), tokens[1:]
    is_new = name not in tree
    branch = tree.setdefault(name, {})
    if tokens and tokens[0] in "/.":
        below: Tree = {}
        tokens = _selection(below, tokens[1:])
    elif tokens and tokens[0] == "(":
        below, tokens = _selections(tokens[1:])
        if not tokens or tokens[0] != ")":
            raise MaskError(name)
        tokens = tokens[1:]
    else:
        tree[name] = {}
        return tokens
    if branch or is_new:
        _merge(branch, below)
    return tokens


def _merge(tree: Tree, more: Tree) -> None:
    for name, below in more.items():
        if name in tree and tree[name] and below:
            _merge(tree[name], below)
        else:
            tree[name] = {} if name in tree else below


def _check(tree: Tree, schema: Schema, api: Api) -> None:
    while "$ref" in schema or schema.get("type") == "array":
        schema = api.schema(schema["$ref"]) if "$ref" in schema else schema["items"]
    properties = schema.get("properties")
    if properties is None:
        if tree and "additionalProperties" not in schema and schema.get("type") != "any":
            raise MaskError(next(iter(tree)))
        return
    for name, below in tree.items():
        if name == "*":
            continue
        if name not in properties:
            raise MaskError(name)
        _check(below, properties[name], api)
