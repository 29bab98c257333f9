"""The language of ``q`` in ``files.list``.

https://developers.google.com/workspace/drive/api/guides/ref-search-terms
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from simulator.drive.state import DriveState, File

Predicate = Callable[[File, DriveState], bool]

TOKEN = re.compile(r"\s*(?:('(?:\\.|[^'\\])*')|(<=|>=|!=|[=<>(){}])|([A-Za-z][\w.]*))")


class QueryError(ValueError):
    """Not a query Drive would understand."""


@dataclass(frozen=True)
class Query:
    matches: Predicate
    parent: str | None
    """The one folder all matches must lie in, if the query says so at its top level."""


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
TEXT_FIELDS: dict[str, Callable[[File], str]] = {
    "name": lambda file: file.name,
    "mimeType": lambda file: file.mime_type,
    "shortcutDetails.targetId": lambda file: file.shortcut_target or "",
}
TIME_FIELDS: dict[str, Callable[[File], str]] = {
    "modifiedTime": lambda file: file.modified,
    "createdTime": lambda file: file.created,
    "viewedByMeTime": lambda file: file.modified,
}
FLAGS: dict[str, Predicate] = {
    "trashed": lambda file, drive: drive.is_trashed(file),
    "starred": lambda file, _drive: file.starred,
    "sharedWithMe": lambda _file, _drive: False,
}
PROPERTIES: dict[str, Callable[[File], dict[str, str]]] = {
    "appProperties": lambda file: file.app_properties,
    "properties": lambda file: file.properties,
}


@lru_cache(256)
def parse(text: str, root: str) -> Query:
    """Parse a query as asked by the user whose My Drive ``root`` is."""
    if not text.strip():
        return Query(lambda _file, _drive: True, None)
    parser = _Parser(text, root)
    matches = parser.any_of()
    if parser.tokens:
        raise QueryError(text)
    return Query(matches, parser.parents[0] if len(parser.parents) == 1 else None)


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise QueryError(text)
        tokens.append(match[0].strip())
        position = match.end()
    return tokens


class _Parser:
    """Recursive descent: ``or`` binds weakest, then ``and``, then ``not``."""

    def __init__(self, text: str, root: str) -> None:
        self.tokens = _tokens(text)
        self._root = root
        self.parents: list[str] = []
        """Folders named in terms that every match must fulfil."""

    def any_of(self) -> Predicate:
        outer = list(self.parents)
        terms = [self._all_of()]
        while self._accept("or"):
            terms.append(self._all_of())
        if len(terms) == 1:
            return terms[0]
        self.parents = outer
        return lambda file, drive: any(term(file, drive) for term in terms)

    def _all_of(self) -> Predicate:
        terms = [self._not()]
        while self._accept("and"):
            terms.append(self._not())
        if len(terms) == 1:
            return terms[0]
        return lambda file, drive: all(term(file, drive) for term in terms)

    def _not(self) -> Predicate:
        if self._accept("not"):
            outer = list(self.parents)
            term = self._not()
            self.parents = outer
            return lambda file, drive: not term(file, drive)
        if self._accept("("):
            inside = self.any_of()
            self._expect(")")
            return inside
        return self._comparison()

    def _comparison(self) -> Predicate:
        if self.tokens and self.tokens[0].startswith("'"):
            value = self._value()
            self._expect("in")
            return self._membership(value, self._next())
        name, operator = self._next(), self._next()
        if name in PROPERTIES and operator == "has":
            return self._property(name)
        if name in FLAGS and operator in {"=", "!="}:
            wanted = {"true": True, "false": False}.get(self._next().lower())
            if wanted is None:
                raise QueryError(name)
            flag, wanted = FLAGS[name], wanted == (operator == "=")
            return lambda file, drive: flag(file, drive) == wanted
        return self._text_or_time(name, operator, self._value())

    def _membership(self, value: str, name: str) -> Predicate:
        if name == "parents":
            folder = self._root if value == "root" else value
            self.parents.append(folder)
            return lambda file, _drive: file.parent == folder
        if name in {"owners", "writers", "readers"}:
            return lambda file, drive: drive.can_see(value, file)
        raise QueryError(name)

    def _property(self, name: str) -> Predicate:
        self._expect("{")
        self._expect("key")
        self._expect("=")
        key = self._value()
        self._expect("and")
        self._expect("value")
        self._expect("=")
        value = self._value()
        self._expect("}")
        properties = PROPERTIES[name]
        return lambda file, _drive: properties(file).get(key) == value

    @staticmethod
    def _text_or_time(name: str, operator: str, value: str) -> Predicate:
        if name in TIME_FIELDS and operator in COMPARISONS:
            time, moment, compare = TIME_FIELDS[name], _moment(value), COMPARISONS[operator]
            return lambda file, _drive: compare(_moment(time(file)), moment)
        if name in TEXT_FIELDS and operator in {"=", "!="}:
            text, compare = TEXT_FIELDS[name], COMPARISONS[operator]
            return lambda file, _drive: compare(text(file), value)
        if name == "mimeType" and operator == "contains":
            return lambda file, _drive: file.mime_type.startswith(value)
        if name in {"name", "fullText"} and operator == "contains":
            return lambda file, _drive: has_word(file.name, value)
        raise QueryError(f"{name} {operator}")

    def _next(self) -> str:
        if not self.tokens:
            raise QueryError("unexpected end")
        return self.tokens.pop(0)

    def _accept(self, token: str) -> bool:
        if self.tokens and self.tokens[0].lower() == token:
            self.tokens.pop(0)
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._accept(token):
            raise QueryError(f"{token} expected")

    def _value(self) -> str:
        token = self._next()
        if not token.startswith("'"):
            raise QueryError(token)
        return re.sub(r"\\(.)", r"\1", token[1:-1])


def has_word(name: str, text: str) -> bool:
    """``contains`` finds beginnings of words; in a script without spaces, any place begins one."""
    name, text = name.casefold(), text.casefold()
    at = name.find(text)
    while at >= 0:
        if at == 0 or not name[at - 1].isalnum() or ord(name[at]) >= 0x2E80:
            return True
        at = name.find(text, at + 1)
    return False


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise QueryError(text) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
