"""Documents: set as a PDF and stored in the ledger. Their identity is their number."""

import hashlib
from collections.abc import Sequence
from datetime import date

from cards.sentences import Noun
from effects.base import (
    Data,
    Done,
    Facts,
    Kind,
    Outcome,
    Reversal,
    Undoing,
    Undone,
    World,
    outcome_of,
)
from effects.typesetting import DEADLINE, Layout, typesetter
from errors import KakariError
from ledger import documents
from ledger.plan import Content

BATCH = 8
"""One transaction stores them all."""
AT_ONCE = 2
"""Calls: while one waits for the ledger the typesetter, of which there is one, has the other.

No more, for what is on its way is not stopped any more.
"""


class DocumentData(Data):
    number: str
    label: str
    """Whom it is for, and how much."""
    file: str
    """The template's file that it is set from."""
    words: Content
    """What is printed."""
    layout: Content
    """The template's files as they were planned with."""
    issued: date


class Document(Kind[DocumentData]):
    name = "document"
    noun = Noun("{n} document", "{n} documents", "書類{n}件")
    sign = "🧾"
    deadline = DEADLINE * BATCH
    batch = BATCH
    at_once = AT_ONCE
    undo_batch = 1000
    undo_deadline = 1.0
    # Its number becomes void when its job has been taken back; the document stays in the register.
    reversal = Reversal.COMPENSABLE
    Data = DocumentData

    def line(self, data: DocumentData) -> str:
        return f"{data.number} {data.label}"

    def apply(self, effects: Sequence[tuple[str, DocumentData]], world: World) -> list[Outcome]:
        outcomes: list[Outcome] = []
        files: dict[str, bytes] = {}
        layouts: dict[Content, Layout] = {}
        world.before_send(self.deadline)
        for _, data in effects:
            try:
                if data.layout not in layouts:
                    layouts[data.layout] = Layout.unpacked(world.contents.read(data.layout))
                words = world.contents.read(data.words).decode()
                layout = layouts[data.layout]
                files[data.number] = typesetter().pdf(layout, data.file, words, data.issued)
            except KakariError as error:
                outcomes.append(outcome_of(error))
            else:
                outcomes.append(_done(hashlib.sha256(files[data.number]).hexdigest()))
        with world.the_ledger.write() as tx:
            world.fence(tx)
            documents.store(tx, files)
        return outcomes

    def probe(
        self, effects: Sequence[tuple[str, DocumentData]], world: World
    ) -> list[Outcome | None]:
        with world.the_ledger.read() as tx:
            stored = documents.stored(tx, [data.number for _, data in effects])
        found = [stored.get(data.number) for _, data in effects]
        return [None if sha256 is None else _done(sha256) for sha256 in found]

    def undo(self, effects: Sequence[tuple[DocumentData, Facts]], world: World) -> list[Undoing]:
        return [Undone()] * len(effects)


def _done(sha256: str) -> Done:
    return Done(facts={"sha256": sha256})
