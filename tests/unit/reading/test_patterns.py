"""No pattern of ours takes longer than in proportion to the text, whatever the text is."""

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.unit.reading.nasty import example, nasty, slow

ROOT = Path(__file__).parents[3]
PACKAGES = (
    *("bot", "worker", "tasks", "effects", "ledger", "workspace", "money", "cards", "errors"),
    *("reading", "kakari", "simulator"),
)
METHODS = ("fullmatch", "match", "search", "split", "findall", "finditer", "sub")
COMPOSED = {"simulator/discovery.py", "simulator/sheets/formula.py"}
"""Where a pattern is put together at work: out of Google's own descriptions, or of other patterns."""
QUOTED = {"simulator/client/composer.py", "simulator/sheets/requests/search.py"}
"""Where what is looked for is a person's own text, as it is quoted or as their own pattern."""

LONGEST_PREFIX = 10


@cache
def sources() -> dict[str, ast.Module]:
    files = [file for name in PACKAGES for file in sorted((ROOT / name).rglob("*.py"))]
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text()) for file in files}


def _module(file: str) -> ModuleType | None:
    if file.endswith("__main__.py") or "migrations" in file:
        return None
    return importlib.import_module(
        file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    )


def _inside(value: Any, depth: int = 4) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        for each in value.values():
            yield from _inside(each, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _inside(each, depth - 1)


def _called(tree: ast.Module) -> Iterator[tuple[str, str, ast.Call]]:
    """Yield each call of a method of something that has a name: the name, the method, the call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            if isinstance(of, ast.Name):
                yield of.id, node.func.attr, node


@cache
def uses() -> list[tuple[str, re.Pattern[Any], str]]:
    """Return every pattern with where it stands and each way in which it is applied."""
    found: dict[tuple[str, str, str], tuple[str, re.Pattern[Any], str]] = {}
    for file, tree in sources().items():
        applied = defaultdict(set)
        for of, method, call in _called(tree):
            if of == "re" and method in METHODS and isinstance(call.args[0], ast.Constant):
                pattern = re.compile(call.args[0].value)
                found[file, str(pattern.pattern), method] = file, pattern, method
            elif method in METHODS:
                applied[of].add(method)
        module = _module(file)
        for name, value in vars(module).items() if module else ():
            for pattern in _inside(value):
                # One that is handed on is matched as a whole or from the beginning.
                for method in applied.get(name) or ("fullmatch", "match"):
                    found[file, str(pattern.pattern), method] = file, pattern, method
    return list(found.values())


def test_the_search_for_patterns_finds_them() -> None:
    files = {file for file, _, _ in uses()}
    assert {"tasks/moment.py", "tasks/schedule/amounts.py", "bot/keys.py"} <= files
    assert {"tasks/document/sought.py", "simulator/sheets/entry.py", "money/terms.py"} <= files


def test_a_pattern_that_the_search_does_not_find_is_put_together_by_the_simulator() -> None:
    for file, tree in sources().items():
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.Lambda)]
        hidden = [
            call.lineno
            for function in functions
            for of, method, call in _called(ast.Module([ast.Expr(function)], []))  # type: ignore[arg-type, list-item]
            if of == "re"
            and method in (*METHODS, "compile")
            and not (method != "compile" and isinstance(call.args[0], ast.Constant))
        ]
        assert not hidden or file in COMPOSED | QUOTED, f"{file}:{hidden}"


def _of_text(pattern: re.Pattern[Any]) -> re.Pattern[str]:
    """Return a pattern as it is, or one of bytes as one of ASCII."""
    if isinstance(pattern.pattern, str):
        return pattern
    return re.compile(pattern.pattern.decode(), pattern.flags | re.ASCII)


def _slow(pattern: re.Pattern[str], method: str) -> str | None:
    """Say which text makes a pattern slow, if one does."""
    whole = example(pattern)
    prefixes = tuple(dict.fromkeys(whole[:at] for at in range(min(len(whole), LONGEST_PREFIX) + 1)))
    apply = getattr(pattern, method)
    call = (lambda text: apply("", text)) if method == "sub" else apply
    found = (slow(call, text) for text in nasty(prefixes, whole))
    return next(filter(None, found), None)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_text_makes_a_pattern_slow(package: str) -> None:
    found = []
    for file, pattern, method in uses():
        if file.startswith(f"{package}/") and (why := _slow(_of_text(pattern), method)):
            found.append(f"{file}: {method} of {pattern.pattern!r}, {why}")
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"金?\s*[¥\\]?\s*(.+?)\s*(円\s*(也|-)?|JPY|-)?", "fullmatch"),
        (r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:-)?(?:[0-9]+)?", "fullmatch"),
        (r"\s+0{1,2}:00$", "sub"),
        (r"\s+AND\s+", "split"),
    ],
)
def test_a_slow_pattern_is_noticed(pattern: str, method: str) -> None:
    assert _slow(re.compile(pattern), method)
