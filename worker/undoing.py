"""Takes back what a job did, the last first; what a person has made of it since stays."""

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from effects.base import (
    Done,
    Failed,
    Kind,
    Left,
    Outcome,
    Reversal,
    Undoing,
    Undone,
    Unknown,
    World,
)
from effects.registry import kind
from errors.work import CannotTell, Final
from ledger.database import Ledger
from ledger.leases import Lease
from ledger.models import EffectState
from ledger.plan import Effect
from ledger.work import Settled, Step
from worker.engine import Engine


class TakingBack(Engine):
    """Undoes effects, each once everything that waited for it has been.

    An undo looks before it acts and does nothing twice, so one whose outcome stayed open is sent
    again. What was sent when the job stopped is probed first: it may be there after all.
    """

    intent = EffectState.UNDOING

    def __init__(self, ledger: Ledger, lease: Lease, world: World, stop: threading.Event) -> None:
        super().__init__(ledger, lease, world, stop)
        self.facts: dict[str, Mapping[str, Any]] = {}
        self.holders: defaultdict[str, set[str]] = defaultdict(set)
        """What must be taken back before each effect, as far as that is still open."""

    def run(self) -> None:
        """Take back what is there. Raises as ``_go`` does."""
        self._go()

    def _take(self, step: Step) -> Settled | None:
        effect, of = step.effect, kind(step.effect.kind)
        self.facts[effect.key] = step.facts or {}
        if step.state not in (EffectState.DONE, EffectState.UNDOING, EffectState.INTENDED):
            return None
        if of.reversal is Reversal.FINAL:
            return Settled(effect, EffectState.LEFT, facts=step.facts, error=Final().both())
        if step.state == EffectState.INTENDED and not of.identity:
            return Settled(effect, EffectState.LEFT, error=CannotTell().both())
        for above in effect.after:
            self.holders[above].add(effect.key)
        if step.state == EffectState.INTENDED:
            self._doubt(effect)
        else:
            self.waiting[effect.key] = effect
        return None

    def _is_free(self, effect: Effect) -> bool:
        return not self.holders[effect.key]

    def _seconds(self, of: Kind[Any]) -> float:
        return of.undo_deadline

    def _batch(self, of: Kind[Any]) -> int:
        return of.undo_batch

    def _perform(self, of: Kind[Any], effects: Sequence[Effect]) -> Sequence[Undoing]:
        return of.undo([(of.data(each), self.facts[each.key]) for each in effects], self.world)

    def _landed(self, effect: Effect, outcome: Undoing) -> Settled | None:
        match outcome:
            case Undone():
                return self._settled(effect, EffectState.UNDONE)
            case Left(why):
                return self._settled(effect, EffectState.LEFT, why.both())
            case Unknown(error):
                self.waiting[effect.key] = effect
                self.not_before[effect.key] = self._pause(effect, error)
                return None

    def _looked(self, effect: Effect, outcome: Outcome | None) -> Settled | None:
        match outcome:
            case None:  # it never happened
                return self._settled(effect, EffectState.PLANNED)
            case Done(link, facts):
                self.facts[effect.key] = facts
                self.waiting[effect.key] = effect
                return Settled(effect, EffectState.DONE, link, facts)
            case Failed(error) if error.permanent:  # what stands there is not ours
                return self._settled(effect, EffectState.FAILED, error.both())
            case Failed(error) | Unknown(error):
                self._doubt(effect, self._pause(effect, error))
                return None

    def _settled(
        self, effect: Effect, state: EffectState, why: dict[str, str] | None = None
    ) -> Settled:
        for above in effect.after:
            self.holders[above].discard(effect.key)
        return Settled(effect, state, facts=dict(self.facts[effect.key]) or None, error=why)
