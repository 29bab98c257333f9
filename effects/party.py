"""A party in the ledger: written down, or changed. Its identity is its name."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue
from sqlalchemy.orm import Session

from cards.sentences import Noun
from effects.base import Data, Done, Failed, Kind, Outcome, World
from errors.listing import PartyChanged
from ledger import parties


class PartyData(Data):
    name: str
    details: dict[str, JsonValue]
    was: dict[str, JsonValue] | None = None
    """What was known of it when this was planned, nothing of a new one; None: it does not matter."""
    shown: str = ""
    """What people read of it, where that is more than its name."""


class Party(Kind[PartyData]):
    name = "party"
    noun = Noun("{n} party", "{n} parties", "取引先{n}件")
    sign = "🏢"
    deadline = 10.0
    batch = 100
    Data = PartyData

    def line(self, data: PartyData) -> str:
        return data.shown or data.name

    def apply(self, effects: Sequence[tuple[str, PartyData]], world: World) -> list[Outcome]:
        world.before_send(self.deadline)
        with world.the_ledger.write() as tx:
            world.fence(tx)
            there = {row.name: row.details for row in parties.every(tx)}
            return [_save(tx, data, there.get(data.name, {})) for _, data in effects]

    def probe(self, effects: Sequence[tuple[str, PartyData]], world: World) -> list[Outcome | None]:
        with world.the_ledger.read() as tx:
            there = {row.name: row.details for row in parties.every(tx)}
        return [Done() if there.get(data.name) == data.details else None for _, data in effects]


def _save(tx: Session, data: PartyData, there: Mapping[str, Any]) -> Outcome:
    if data.was is not None and there not in (data.was, data.details):
        return Failed(PartyChanged(name=data.name))
    parties.save(tx, data.name, data.details)
    return Done()
