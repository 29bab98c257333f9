"""Applies an approved plan's effects, each once what it waits for is done."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from effects.base import Done, Failed, Kind, Outcome, Unknown, World
from effects.registry import kind
from ledger.database import Ledger
from ledger.leases import Lease
from ledger.models import EffectState
from ledger.plan import Effect
from ledger.work import Settled, Step
from worker.engine import Engine

log = structlog.get_logger()


@dataclass(frozen=True)
class Ending:
    """How far it came."""

    refusal: dict[str, str] | None = None
    """Why an effect was refused, a sentence in each language."""
    cancelled: bool = False
    """Whether a person stopped it with something still to do."""
    unsure: bool = False
    """Whether a person has to say if an effect happened."""


class Applying(Engine):
    """Does effects in the order of their plan.

    After a refusal nothing new goes out: what depends on it cannot, and the rest waits for a
    person to mend it and go on.
    """

    intent = EffectState.INTENDED

    def __init__(self, ledger: Ledger, lease: Lease, world: World, stop: threading.Event) -> None:
        super().__init__(ledger, lease, world, stop)
        self.done: set[str] = set()
        self.refusal: dict[str, str] | None = None
        self.unsure = False

    def run(self) -> Ending:
        """Apply what is not done yet. Raises as ``_go`` does."""
        self._go()
        return Ending(self.refusal, bool(self.cancelled and self.waiting), self.unsure)

    def _take(self, step: Step) -> Settled | None:
        match step.state:
            case EffectState.PLANNED:
                self.waiting[step.effect.key] = step.effect
            case EffectState.INTENDED:
                self._doubt(step.effect)
            case EffectState.DONE:
                self.done.add(step.effect.key)
            case EffectState.FAILED:
                self.refusal = step.error
            case state:
                raise AssertionError(f"an effect that is {state} is not applied")
        return None

    def _is_free(self, effect: Effect) -> bool:
        return self.done.issuperset(effect.after)

    def _over(self) -> bool:
        return self.cancelled or self.unsure or self.refusal is not None

    def _seconds(self, of: Kind[Any]) -> float:
        return of.deadline

    def _batch(self, of: Kind[Any]) -> int:
        return of.batch

    def _perform(self, of: Kind[Any], effects: Sequence[Effect]) -> Sequence[Outcome]:
        return of.apply([(effect.key, of.data(effect)) for effect in effects], self.world)

    def _landed(self, effect: Effect, outcome: Outcome) -> Settled | None:
        if isinstance(outcome, Failed) and not outcome.error.permanent:  # it did not happen
            self.waiting[effect.key] = effect
            self.not_before[effect.key] = self._pause(effect, outcome.error)
            return None
        return self._looked(effect, outcome)

    def _looked(self, effect: Effect, outcome: Outcome | None) -> Settled | None:
        match outcome:
            case None:  # it is not there: it is sent again
                self.waiting[effect.key] = effect
                return None
            case Done(link, facts):
                self.done.add(effect.key)
                return Settled(effect, EffectState.DONE, link, facts)
            case Failed(error) if error.permanent:
                log.info("effect.refused", kind=effect.kind, error=type(error).__name__)
                self.refusal = self.refusal or error.both()
                return Settled(effect, EffectState.FAILED, error=error.both())
            case Failed(error) | Unknown(error):
                self._doubt(effect, self._pause(effect, error))
                return None

    def _doubt(self, effect: Effect, due: float = 0) -> None:
        if kind(effect.kind).identity:
            super()._doubt(effect, due)
        else:
            self.unsure = True  # to send it again might do it twice: a person has to look
