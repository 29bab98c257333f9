"""The permissions file: its tables, and what is looked at before its rules hold.

Every mistake is a SettingsError that says where it stands. docs/permissions.md is the page for
whoever writes the file.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from bot.addresses import folded, is_entry
from bot.rates import can_have_rate, rate_of
from bot.rules import ApprovalRule, People, Rules
from cards.sentences import Sentence
from errors.settings import FileRefused, PermissionsBroken, PermissionsUnread
from files import plain, toml

EVERY_OTHER = "*"
DEEPEST = 100
"""How many groups may stand in one another. Offices need three; a program may write thousands."""
SHOWN = 100
"""Characters of a name that a sentence says."""

MISTAKES = {
    "missing": Sentence("this has to be there", "この項目は必須です"),
    "extra_forbidden": Sentence("there is nothing of this name", "この名前の項目はありません"),
    "list_type": Sentence("this is a list, in [ ]", "[ ] で囲んだ一覧で指定してください"),
    "string_type": Sentence("this is text, in quotes", "引用符で囲んだ文字列で指定してください"),
    "int_type": Sentence("this is a whole number", "整数で指定してください"),
    "bool_type": Sentence("this is true or false", "true か false で指定してください"),
    "greater_than_equal": Sentence("this is at least 1", "1 以上で指定してください"),
    "string_pattern_mismatch": Sentence(
        "a space is written as spaces/AAQA…", "スペースは spaces/AAQA… の形で指定してください"
    ),
    "rate": Sentence(
        'a rate is yen for one unit, such as "155.00", from 0.00001 to 10,000,000',
        'レートは 1 通貨単位あたりの円を "155.00" のように 0.00001～10,000,000 で指定してください',
    ),
}
"""By pydantic's type of error; any other is a table that is none."""
NO_TABLE = Sentence("this is a table", "テーブルで指定してください")
NOT_TOML = Sentence("this is not TOML: {why}", "TOML として読めません: {why}")
GROUPS_TOO_DEEP = Sentence(
    f"more than {DEEPEST} groups stand in one another",
    f"グループの入れ子が {DEEPEST} 段を超えています",
)
NO_PERSON = Sentence(
    "people are written as alice@fuji.example, whole domains as @fuji.example, in at most 254"
    " characters that can all be seen",
    "人は alice@fuji.example、ドメイン全体は @fuji.example の形で、見えない文字を含めず"
    " 254 文字以内で指定してください",
)
NO_CURRENCY = Sentence(
    "a currency is written as USD, and the yen needs no rate",
    "通貨は USD の形で指定してください（円のレートは不要です）",
)
GROUP_NAME = Sentence("a group’s name has no @ in it", "グループ名に @ は使えません")
NO_GROUP = Sentence(
    "there is no group {name}; people are written as alice@fuji.example",
    "{name} というグループはありません（人は alice@fuji.example の形で指定してください）",
)
UNKNOWN = Sentence("there is no {name}, only {known}", "{name} はありません（使えるのは {known}）")
CIRCLE = Sentence("the groups go round in a circle: {way}", "グループが循環しています: {way}")
TOO_FEW = Sentence(
    "{approvals} people have to approve, and approve names {number}",
    "承認者が {approvals} 人必要ですが、approve には {number} 人しかいません",
)
TWICE = Sentence("there is a rule from this amount on already", "同じ金額の規則がすでにあります")


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Spaces(Table):
    allowed: list[Annotated[str, Field(pattern=r"^spaces/[A-Za-z0-9_-]+$")]] = []


class Above(Table):
    """What is other from an amount on; what it leaves out stays as it is for the task."""

    amount: int = Field(ge=1)
    approve: list[str] | None = None
    own_request: bool | None = None
    approvals: int | None = Field(None, ge=1)


class TaskTable(Table):
    ask: list[str]
    approve: list[str]
    own_request: bool = True
    approvals: int = Field(1, ge=1)
    above: list[Above] = []


class QueryTable(Table):
    ask: list[str]


class Audit(Table):
    see: list[str] = []


def _rate(said: object) -> Decimal:
    if (rate := rate_of(said)) is None:
        raise PydanticCustomError("rate", "no rate")
    return rate


class Document(Table):
    groups: dict[str, list[str]] = {}
    rates: dict[str, Annotated[Decimal, BeforeValidator(_rate)]] = {}
    spaces: Spaces = Spaces()
    tasks: dict[str, TaskTable] = {}
    queries: dict[str, QueryTable] = {}
    audit: Audit = Audit()


def read(file: Path, tasks: Collection[str], queries: Collection[str]) -> Rules:
    """Return the file's rules for these tasks and queries.

    Raises PermissionsUnread where there is no plain file, and PermissionsBroken.
    """
    return parse(contents(file), file, tasks, queries)


def contents(file: Path) -> bytes:
    """Return what a plain file of a sane size says. Raises PermissionsUnread."""
    try:
        return plain.read_named(file, toml.MOST_BYTES)
    except FileRefused as error:
        why, why_ja = error.values["reason"], error.values["reason_ja"]
        raise PermissionsUnread(file=file, why=why, why_ja=why_ja) from error
    except OSError as error:
        raise PermissionsUnread(file=file, why=error.strerror, why_ja=error.strerror) from error


def parse(data: bytes, file: Path, tasks: Collection[str], queries: Collection[str]) -> Rules:
    """Return the rules that these contents of the file are. Raises PermissionsBroken."""
    try:
        document = Document.model_validate(toml.parse(data))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _broken(file, MISTAKES.get(first["type"], NO_TABLE), first["loc"]) from error
    except ValueError as error:  # TOML's own, and bytes or numbers that Python does not take
        raise _broken(file, NOT_TOML, (), why=error) from error
    return _Reader(file, document).rules(tasks, queries)


Place = tuple[str | int, ...]


@dataclass(frozen=True)
class _Reader:
    """Turns names into people. Raises PermissionsBroken at the first that stands for nobody."""

    file: Path
    document: Document

    def rules(self, tasks: Collection[str], queries: Collection[str]) -> Rules:
        tables = {EVERY_OTHER: TaskTable(ask=[], approve=[]), **self.document.tasks}
        self._look_at_names("tasks", tables, [*tasks, EVERY_OTHER])
        self._look_at_names("queries", self.document.queries, queries)
        self._look_at_groups()
        self._look_at_rates()
        asking = {name: self._people(("tasks", name, "ask"), t.ask) for name, t in tables.items()}
        approvals = {name: self._approvals(name, table) for name, table in tables.items()}
        restricted = {
            name: self._people(("queries", name, "ask"), table.ask)
            for name, table in self.document.queries.items()
        }
        auditors = self._people(("audit", "see"), self.document.audit.see)
        approving = [rule.people for rules in approvals.values() for rule in rules]
        named = [*asking.values(), *approving, *restricted.values(), auditors]
        # Whoever is named more than once is explained by the first: asking before approving.
        routes = {k: route for people in reversed(named) for k, route in people.routes.items()}
        everybody = People(self.file.name, routes)
        return Rules(
            everybody=everybody,
            spaces=frozenset(self.document.spaces.allowed),
            askers={name: asking.get(name, asking[EVERY_OTHER]) for name in tasks}
            | {name: restricted.get(name, everybody) for name in queries},
            approvals={name: approvals.get(name, approvals[EVERY_OTHER]) for name in tasks},
            auditors=auditors,
            rates=self.document.rates,
        )

    def _approvals(self, task: str, table: TaskTable) -> tuple[ApprovalRule, ...]:
        place = ("tasks", task)
        people = self._people((*place, "approve"), table.approve)
        first = ApprovalRule(0, people, table.own_request, table.approvals)
        rules = {0: self._possible(place, first)}
        for n, above in enumerate(table.above):
            here = (*place, "above", n)
            if above.amount in rules:
                raise self._broken((*here, "amount"), TWICE)
            other = ApprovalRule(
                above.amount,
                first.people
                if above.approve is None
                else self._people((*here, "approve"), above.approve),
                first.own_request if above.own_request is None else above.own_request,
                first.approvals if above.approvals is None else above.approvals,
            )
            rules[above.amount] = self._possible(here, other)
        return tuple(rules.values())

    def _possible(self, place: Place, rule: ApprovalRule) -> ApprovalRule:
        """Return the rule. Where nobody at all approves, that may be meant."""
        number = rule.people.number
        if number is not None and rule.approvals > max(number, 1):
            raise self._broken(place, TOO_FEW, approvals=rule.approvals, number=number)
        return rule

    def _people(self, place: Place, names: Iterable[str]) -> People:
        at = _written(place)
        routes = self._routes(place, names)
        return People(at, {entry: f"{at} → {route}" for entry, route in routes.items()})

    def _routes(self, place: Place, names: Iterable[str]) -> dict[str, str]:
        """Return the addresses and domains of a list, and by which groups it comes to them.

        Each group is walked through once, whatever holds it; what a list names itself comes first.
        """
        found: dict[str, str] = {}
        seen: set[str] = set()
        to_do: list[tuple[Place, Iterable[str], tuple[str, ...]]] = [(place, names, ())]
        while to_do:
            here, listed, way = to_do.pop()
            if way and way[-1] in seen:
                continue
            seen.update(way[-1:])
            groups = []
            for n, name in enumerate(listed):
                if "@" not in name:
                    self._look_at_group((*here, n), name, way)
                    groups.append(name)
                elif is_entry(name):
                    found.setdefault(folded(name), " → ".join((*way, name)))
                else:
                    raise self._broken((*here, n), NO_PERSON)
            to_do += [
                (("groups", name), self.document.groups[name], (*way, name))
                for name in reversed(groups)
            ]
        return found

    def _look_at_group(self, place: Place, name: str, way: tuple[str, ...]) -> None:
        if name not in self.document.groups:
            raise self._broken(place, NO_GROUP, name=_short(name))
        if name in way:
            raise self._broken(place, CIRCLE, way=" → ".join(map(_short, (*way, name))))
        if len(way) >= DEEPEST:
            raise self._broken(place, GROUPS_TOO_DEEP)

    def _look_at_groups(self) -> None:
        """Look at the groups that nothing uses, too."""
        for name in self.document.groups:
            if "@" in name:
                raise self._broken(("groups", name), GROUP_NAME)
        self._routes(("groups",), self.document.groups)

    def _look_at_rates(self) -> None:
        for currency in self.document.rates:
            if not can_have_rate(currency):
                raise self._broken(("rates", currency), NO_CURRENCY)

    def _look_at_names(self, table: str, given: Iterable[str], known: Collection[str]) -> None:
        for name in given:
            if name not in known:
                raise self._broken(
                    (table, name), UNKNOWN, name=_short(name), known=", ".join(known)
                )

    def _broken(self, place: Place, sentence: Sentence, **values: Any) -> PermissionsBroken:
        return _broken(self.file, sentence, place, **values)


def _broken(file: Path, sentence: Sentence, place: Place, **values: Any) -> PermissionsBroken:
    at = f"{file}, {_written(place)}" if place else str(file)
    return PermissionsBroken(
        place=at, problem=sentence.say("en", **values), problem_ja=sentence.say("ja", **values)
    )


def _short(name: str) -> str:
    """Return a name as a sentence can hold it."""
    return name if len(name) <= SHOWN else f"{name[:SHOWN]}…"


def _written(place: Place) -> str:
    """Return a place as the file would write it: ``tasks."*".above[0].amount``."""
    keys = [f"[{part}]" if isinstance(part, int) else f".{_key(_short(part))}" for part in place]
    return "".join(keys).removeprefix(".")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'
