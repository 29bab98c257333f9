"""The ``fields`` of a change: which parts of an object it sets, and which it takes away."""

from typing import Any

from simulator import masks
from simulator.answers import bad_request
from simulator.discovery import api
from simulator.masks import Tree
from simulator.sheets import refusals

Json = dict[str, Any]


def read(request: Json, schema: str) -> Tree:
    """Parse a request's mask over an object of that schema. Raises ApiError."""
    text = request.get("fields", "")
    if not text.strip():
        raise refusals.no_fields()
    try:
        return masks.mask(text, api("sheets", "v4"), schema)
    except masks.MaskError as error:
        raise bad_request(f"Invalid field: {error}") from error


def changed(old: Json, new: Json, tree: Tree) -> Json:
    """Return the old object with what the mask names as it is in the new one."""
    if "*" in tree or not tree:
        return new
    result = dict(old)
    for name, below in tree.items():
        inner: Any
        if below and "*" not in below:
            inner = changed(result.get(name) or {}, new.get(name) or {}, below)
        else:
            inner = new.get(name)
        if inner in (None, {}):
            result.pop(name, None)
        else:
            result[name] = inner
    return result


def names(tree: Tree, name: str) -> bool:
    """Whether the mask means that field or anything in it."""
    return "*" in tree or name in tree
