"""A plan: everything a job would do to the outside world, as data.

The hash of a plan is what a person approves. It covers the plan with its slots unbound, so a
project number that is given out only at approval does not change what was approved.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, model_validator

# A slot stands in a text as its name between two private-use characters. The file-name rule
# refuses these, so nothing a person types can pass for a slot.
SLOT_OPENS, SLOT_CLOSES = "\ue000", "\ue001"

Json = TypeVar("Json")


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Slot(Frozen):
    """A value that is given once, when the plan is approved: a project number, an issue date."""

    name: str
    series: str
    """The register the number is taken from, such as ``project``."""
    pattern: str
    """How it is written: ``P-{year}-{number:04}``."""

    @property
    def mark(self) -> str:
        """What stands for the value in the texts of the unbound plan."""
        return f"{SLOT_OPENS}{self.name}{SLOT_CLOSES}"

    def write(self, *, year: int, number: int) -> str:
        return self.pattern.format(year=year, number=number)

    @property
    def shown(self) -> str:
        """What a person sees in its place before approval: ``P-####-####``."""
        return self.pattern.format(year=_Hidden(), number=_Hidden())


class _Hidden:
    def __format__(self, spec: str) -> str:
        return "####"


class Content(Frozen):
    """Bytes, named by what they are. Rendered ones lie in the ledger, others in a template."""

    sha256: str
    size: int
    slots: bool = False
    """Whether the bytes hold slots; then hash and size are those of the unbound text."""
    template: str | None = None
    """The project template whose file ``path`` this is, if the bytes are not in the ledger."""
    path: str | None = None
    document: str | None = None
    """The document whose PDF this is; then hash and size are those of the words it is set from."""

    @classmethod
    def of(cls, data: bytes, *, slots: bool = False) -> "Content":
        """Return the name of these bytes."""
        return cls(sha256=hashlib.sha256(data).hexdigest(), size=len(data), slots=slots)


class Effect(Frozen):
    """One thing done to the outside world. ``kind`` names the module under ``effects/``."""

    key: str = Field(max_length=800)
    """Names the effect within its plan; other effects wait for it by this name."""
    kind: str
    data: dict[str, JsonValue]
    after: tuple[str, ...] = ()


class Note(Frozen):
    """Something that the look has found and people are told, a sentence in each language."""

    en: str
    ja: str

    def say(self, locale: str) -> str:
        return self.ja if locale.startswith("ja") else self.en


class Draft(Frozen):
    """A document that the plan issues: frozen as it stands here when the plan is approved."""

    number: str
    """The mark of its slot."""
    kind: str
    party_id: str
    party_name: str
    issued: date
    due: date | None = None
    currency: str
    amount: int
    """With tax, in the smallest coins."""
    payable: int
    project: str | None = None
    about: str | None = None
    corrects: bool = False
    takes: tuple[str, ...] = ()
    """The numbers of the documents that it takes in, each of which only one may."""
    data: dict[str, JsonValue]
    """Everything it says, with the slot in it."""


class Plan(Frozen):
    """What a job would do. Effects stand in an order that respects ``after``."""

    effects: tuple[Effect, ...]
    slots: tuple[Slot, ...] = ()
    headline: str | None = None
    """The key of the effect whose link is the result people look for."""
    not_before: AwareDatetime | None = None
    """When the work may begin, if not at once; its offset is that of the clock people look at."""
    amount: int | None = None
    """What it is about in money, in whole yen. Where it issues documents, theirs decide who approves:
    this one may rest on a rate that the asker named."""
    notes: tuple[Note, ...] = ()
    asks: bool = False
    """Whether a person looks at it first, although its task would go on without that."""
    documents: tuple[Draft, ...] = ()
    """What is frozen at approval, and issued by effects."""
    subject: str = Field("", max_length=200)
    """What the job is about, where the look has found that and the request does not say it."""
    day: date | None = None
    """The day that it is good for, if what it does depends on that; later it is planned anew."""

    @model_validator(mode="after")
    def _in_order(self) -> "Plan":
        seen: set[str] = set()
        for effect in self.effects:
            if effect.key in seen or not seen.issuperset(effect.after):
                msg = f"effect {effect.key!r} is doubled or stands before what it waits for"
                raise ValueError(msg)
            seen.add(effect.key)
        return self

    @property
    def hash(self) -> str:
        # What most plans do not have is no part of their hash: they keep the one they had before.
        later = ("not_before", "amount", "notes", "asks", "documents", "subject", "day")
        fields = type(self).model_fields
        without = {name for name in later if getattr(self, name) == fields[name].default}
        body = self.model_dump(mode="json", exclude=without)
        canonical = json.dumps(body, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def bind(value: Json, bindings: Mapping[str, str]) -> Json:
    """Return ``value`` (JSON) with every slot replaced by what it was bound to."""
    if isinstance(value, str):
        bound: Any = value
        for name, text in bindings.items():
            bound = bound.replace(f"{SLOT_OPENS}{name}{SLOT_CLOSES}", text)
        return bound  # type: ignore[no-any-return]
    if isinstance(value, dict):
        return {key: bind(item, bindings) for key, item in value.items()}  # type: ignore[return-value]
    if isinstance(value, list):
        return [bind(item, bindings) for item in value]  # type: ignore[return-value]
    return value
