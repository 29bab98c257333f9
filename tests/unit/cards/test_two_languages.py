"""Everything Kakari says, it says in English and in Japanese, with the same values in both."""

import ast
import importlib
import inspect
import pkgutil
import re
import string
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from cards.sentences import Noun, Sentence
from errors import KakariError

HOUSE = (
    "bot",
    "cards",
    "effects",
    "errors",
    "kakari",
    "ledger",
    "money",
    "tasks",
    "worker",
    "workspace",
)
ROOT = Path(__file__).parents[3]
JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
# What people type, and the names of things, stay as they are in the other language's sentences.
QUOTED = re.compile(r"“[^”]*”|「[^」]*」")


@cache
def modules() -> list[ModuleType]:
    packages = [importlib.import_module(name) for name in HOUSE]
    names = [
        module.name
        for package in packages
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not module.name.endswith(("__main__", "migrations.env"))
    ]
    return packages + [importlib.import_module(name) for name in names]


def texts(kind: type) -> list[tuple[str, Any]]:
    """Return what stands in modules, classes, tables and declarations, with where it stands."""
    found: dict[int, tuple[str, Any]] = {}
    for module in modules():
        for where, value in _inside(vars(module), module.__name__, depth=4):
            if isinstance(value, kind):
                found.setdefault(id(value), (where, value))
    return list(found.values())


def _inside(value: Any, where: str, depth: int) -> Iterator[tuple[str, Any]]:
    yield where, value
    if depth == 0:
        return
    if isinstance(value, dict):
        inner = [(key, item) for key, item in value.items() if not str(key).startswith("__")]
    elif isinstance(value, list | tuple | frozenset | set):
        inner = list(enumerate(value))
    elif isinstance(value, type) and value.__module__.partition(".")[0] in HOUSE:
        inner = list(vars(value).items())
    elif is_dataclass(value) and not isinstance(value, type):
        inner = [(field.name, getattr(value, field.name)) for field in fields(value)]
    else:
        return
    for key, item in inner:
        yield from _inside(item, f"{where}.{key}", depth - 1)


def errors(of: type[KakariError] = KakariError) -> list[type[KakariError]]:
    modules()
    ours = [of] if of.__module__.partition(".")[0] in HOUSE else []
    return ours + [each for below in of.__subclasses__() for each in errors(below)]


def values(text: str) -> set[str]:
    """Return the names that stand in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_sentence_is_in_both_languages_with_the_same_values() -> None:
    sentences = texts(Sentence)
    assert len(sentences) > 60, "the search finds them"
    for where, sentence in sentences:
        assert values(sentence.en) == values(sentence.ja), where
        assert not JAPANESE.search(QUOTED.sub("", sentence.en)), where
        assert JAPANESE.search(sentence.ja), where


def test_every_noun_is_counted_in_both_languages() -> None:
    nouns = texts(Noun)
    assert len(nouns) >= 4, "the search finds them"
    for where, noun in nouns:
        assert noun.count(1, "en").startswith("1 "), where
        assert noun.count(12, "en").startswith("12 "), where
        assert "12" in noun.count(12, "ja-JP"), where
        assert not JAPANESE.search(noun.one + noun.many), where
        assert JAPANESE.search(noun.ja), where


def test_every_error_has_its_own_sentence_in_both_languages_with_the_same_values() -> None:
    assert len(errors()) > 30, "the search finds them"
    for error in errors():
        english, japanese = error.__dict__.get("__doc__") or "", error.__dict__.get("ja") or ""
        assert english, f"the docstring of {error.__name__} is its English sentence"
        assert JAPANESE.search(japanese), error
        assert not JAPANESE.search(QUOTED.sub("", english)), error
        assert {name.removesuffix("_ja") for name in values(japanese)} == values(english), error


def raised() -> Iterator[tuple[str, type[KakariError], set[str]]]:
    """Yield each place where one of our errors is made, with the values it is given."""
    known = {error.__name__: error for error in errors()}
    for package in HOUSE:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                given = {keyword.arg for keyword in node.keywords}
                if node.func.id in known and None not in given:
                    place = f"{file.relative_to(ROOT)}:{node.lineno}"
                    yield place, known[node.func.id], {name for name in given if name}


def test_whoever_raises_an_error_gives_it_all_its_values() -> None:
    for place, error, given in raised():
        wanted = values(inspect.getdoc(error) or "") | values(error.ja)
        assert wanted <= given, place
