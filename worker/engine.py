"""Takes a job's effects through their calls: intent, call, outcome.

What goes through it is decided by its two kinds: ``Applying`` does effects in the order of their
plan, ``TakingBack`` undoes them in reverse. Effects go out as soon as nothing holds them back;
alike ones share a call, others run side by side in a small pool of threads. Only the thread that
runs the engine writes down how far the job is, one transaction for each round: the outcomes that
came in, and the intents of what goes out next.
"""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, ClassVar

import structlog

from effects.base import Kind, World
from effects.registry import kind
from errors import KakariError
from errors.work import LeaseLost, Stopping
from ledger import work
from ledger.database import Ledger
from ledger.leases import Lease
from ledger.models import EffectState
from ledger.plan import Effect
from ledger.work import Settled, Step

THREADS = 32
"""Calls on their way at once; docs/benchmarks.md shows what fewer and more would do."""
TRIES = 5
"""How often one effect is sent or looked for in one run, until Google counts as away."""
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 60.0
"""Seconds; where Google asks for a longer one the job rests and the worker takes another."""
LOOK_EVERY = 1.0
"""Seconds between looks whether a person has asked to stop, while nothing goes out."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Call:
    """Effects of one kind that travel together: to be sent, or to be probed."""

    kind: str
    effects: tuple[Effect, ...]
    probe: bool = False


@dataclass(frozen=True)
class Doubt:
    """An effect that may have happened: an attempt was begun and no outcome came."""

    effect: Effect
    due: float
    """When it may be probed, on the monotonic clock."""


class Engine:
    """Goes through one job's effects under its lease."""

    intent: ClassVar[EffectState]
    """What an effect is while its call is on its way."""

    def __init__(self, ledger: Ledger, lease: Lease, world: World, stop: threading.Event) -> None:
        self.ledger = ledger
        self.lease = lease
        self.world = world
        self.stop = stop
        self.waiting: dict[str, Effect] = {}
        self.not_before: dict[str, float] = {}
        """When a waiting effect that Google was too busy for may be sent again."""
        self.doubts: dict[str, Doubt] = {}
        self.tries: Counter[str] = Counter()
        self.flying: dict[Future[Sequence[Any]], Call] = {}
        self.cancelled = False
        """Whether a person has asked to stop; from then on nothing new goes out."""
        self.halt: Exception | None = None
        """Why it is of no use to go on in this run; what is open stays open."""

    def _take(self, step: Step) -> Settled | None:
        """Put an effect where it belongs at the beginning; return what is settled by that."""
        raise NotImplementedError

    def _is_free(self, effect: Effect) -> bool:
        """Say whether nothing holds the effect back any more."""
        raise NotImplementedError

    def _seconds(self, of: Kind[Any]) -> float:
        """Return how long one call of the kind may take."""
        raise NotImplementedError

    def _batch(self, of: Kind[Any]) -> int:
        """Return how many effects of the kind may travel in one call."""
        raise NotImplementedError

    def _perform(self, of: Kind[Any], effects: Sequence[Effect]) -> Sequence[Any]:
        """Send them; return an outcome each."""
        raise NotImplementedError

    def _landed(self, effect: Effect, outcome: Any) -> Settled | None:
        """Return what is to be recorded of an effect that was sent; None while that is open."""
        raise NotImplementedError

    def _looked(self, effect: Effect, outcome: Any) -> Settled | None:
        """Return what is to be recorded of an effect that was probed."""
        raise NotImplementedError

    def _over(self) -> bool:
        """Say whether nothing new goes out, although something may still wait."""
        return self.cancelled

    def _go(self) -> None:
        """Go through what is open.

        Raises Stopping between effects when asked to, LeaseLost, TryLater when Google stays away,
        and whatever broke: then every effect is recorded as what is known of it, and another run
        goes on from there.
        """
        with self.ledger.read() as tx:
            steps = work.steps(tx, self.lease.job)
        settled = [row for step in steps if (row := self._take(step)) is not None]
        with ThreadPoolExecutor(THREADS, thread_name_prefix="effect") as pool:
            while True:
                for call in self._record(settled, self._next_calls()):
                    self.flying[pool.submit(self._send, call)] = call
                settled = []
                if self.flying:
                    settled = self._land()
                elif self._ended():
                    break
                else:
                    self._bide()
        if self.doubts or (self.waiting and not self._over()):
            raise self.halt or Stopping()

    def _ended(self) -> bool:
        if self.stop.is_set() or self.halt:
            return True
        return not self.doubts and (self._over() or not self.waiting)

    def _next_calls(self) -> list[Call]:
        """Choose what goes out now; calls that carry many go first, for more waits on them."""
        if self.stop.is_set() or self.halt:
            return []
        moment = time.monotonic()
        doubtful = [doubt.effect for doubt in self.doubts.values() if doubt.due <= moment]
        ready = [
            effect
            for effect in self.waiting.values()
            if self._is_free(effect) and self.not_before.get(effect.key, 0) <= moment
        ]
        calls = [
            Call(name, effects, probe=True)
            for name, effects in _by_kind(doubtful, lambda of: of.batch)
        ]
        if not self._over():
            calls += sorted(
                (Call(name, effects) for name, effects in _by_kind(ready, self._batch)),
                key=lambda call: -len(call.effects),
            )
        chosen = self._within_bounds(calls)[: THREADS - len(self.flying)]
        for call in chosen:
            for effect in call.effects:
                self.doubts.pop(effect.key, None) if call.probe else self.waiting.pop(effect.key)
        return chosen

    def _within_bounds(self, calls: Sequence[Call]) -> list[Call]:
        """Leave out the calls of a kind of which enough are on their way."""
        flying = Counter(call.kind for call in self.flying.values())
        chosen = []
        for call in calls:
            most = kind(call.kind).at_once
            if most is None or flying[call.kind] < most:
                flying[call.kind] += 1
                chosen.append(call)
        return chosen

    def _record(self, settled: list[Settled], calls: list[Call]) -> list[Call]:
        """Write down what came in and what is about to go out; return what may go out."""
        sends = [call for call in calls if not call.probe]
        if not settled and not sends:
            return calls
        with self.ledger.write() as tx:
            if settled:
                work.settle(tx, self.lease, settled)
            if not sends:
                return calls
            keys = [effect.key for call in sends for effect in call.effects]
            longest = max(self._seconds(kind(call.kind)) for call in sends)
            seconds = max(self.lease.seconds, longest)
            if work.intend(tx, self.lease, keys, self.intent, seconds):
                return calls
        self.cancelled = True
        self.waiting |= {effect.key: effect for call in sends for effect in call.effects}
        return [call for call in calls if call.probe]

    def _send(self, call: Call) -> Sequence[Any]:
        of = kind(call.kind)
        if not call.probe:
            return self._perform(of, call.effects)
        return of.probe([(effect.key, of.data(effect)) for effect in call.effects], self.world)

    def _land(self) -> list[Settled]:
        """Wait for calls to come back; return what of it is to be recorded."""
        back, _ = wait(self.flying, timeout=self._until_due(), return_when=FIRST_COMPLETED)
        settled = []
        for future in back:
            call = self.flying.pop(future)
            try:
                outcomes = future.result()
            except LeaseLost:
                raise
            except Exception as error:  # noqa: BLE001 - Stopping, or a mistake of ours
                # Whether parts of it went out is open, and the other calls are still to come back.
                for effect in call.effects:
                    self._doubt(effect)
                self.halt = self.halt or error
                continue
            sort = self._looked if call.probe else self._landed
            for effect, outcome in zip(call.effects, outcomes, strict=True):
                if (row := sort(effect, outcome)) is not None:
                    settled.append(row)
        return settled

    def _doubt(self, effect: Effect, due: float = 0) -> None:
        """Look at the effect's target before anything is sent again."""
        self.doubts[effect.key] = Doubt(effect, due)

    def _pause(self, effect: Effect, error: KakariError) -> float:
        """Return when to try again what did not come to an end, on the monotonic clock."""
        log.info("effect.not_done", kind=effect.kind, error=type(error).__name__)
        self.tries[effect.key] += 1
        asked: float = error.values.get("retry_after") or 0
        pause = max(FIRST_PAUSE * 2.0 ** self.tries[effect.key], asked)
        if error.permanent or self.tries[effect.key] > TRIES or pause > LONGEST_PAUSE:
            self.halt = self.halt or error
        return time.monotonic() + pause

    def _bide(self) -> None:
        """Wait until something that was put off may go out, or somebody asks to stop."""
        self.stop.wait(min(LOOK_EVERY, self._until_due() or 0.0))
        with self.ledger.read() as tx:
            self.cancelled = work.cancel_asked(tx, self.lease.job)

    def _until_due(self) -> float | None:
        """Return the seconds until something that was put off may go out."""
        due = [doubt.due for doubt in self.doubts.values()]
        due += [self.not_before[key] for key in self.waiting if key in self.not_before]
        moment = time.monotonic()
        later = [at for at in due if at > moment]
        if later:
            return min(later) - moment
        return None if self.flying else 0.0


def _by_kind(
    effects: Sequence[Effect], batch: Callable[[Kind[Any]], int]
) -> Iterator[tuple[str, tuple[Effect, ...]]]:
    """Split effects into calls: alike ones together, as many as their kind takes."""
    alike: defaultdict[str, list[Effect]] = defaultdict(list)
    for effect in effects:
        alike[effect.kind].append(effect)
    for name, some in alike.items():
        size = batch(kind(name))
        for start in range(0, len(some), size):
            yield name, tuple(some[start : start + size])
