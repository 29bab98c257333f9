"""A party in the ledger: written down, or changed. Its identity is its name."""

from collections.abc import Sequence

from pydantic import JsonValue

from cards.sentences import Noun
from effects.base import Data, Done, Kind, Outcome, World
from ledger import parties


class PartyData(Data):
    name: str
    details: dict[str, JsonValue]


class Party(Kind[PartyData]):
    name = "party"
    noun = Noun("{n} party", "{n} parties", "取引先{n}件")
    sign = "🏢"
    deadline = 10.0
    batch = 100
    Data = PartyData

    def line(self, data: PartyData) -> str:
        return data.name

    def apply(self, effects: Sequence[tuple[str, PartyData]], world: World) -> list[Outcome]:
        world.before_send(self.deadline)
        with world.books.write() as tx:
            for _, data in effects:
                parties.save(tx, data.name, data.details)
        return [Done()] * len(effects)

    def probe(self, effects: Sequence[tuple[str, PartyData]], world: World) -> list[Outcome | None]:
        with world.books.read() as tx:
            there = {row.name: row.details for row in parties.every(tx)}
        return [Done() if there.get(data.name) == data.details else None for _, data in effects]
