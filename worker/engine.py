"""Applies a job's effects: intent, call, outcome.

Effects go out as soon as what they wait for is done; alike ones share a call, others run side by
side in a small pool of threads. Only the thread that runs the engine writes to the ledger, one
transaction for each round: the outcomes that came in, and the intents of what goes out next.
"""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import structlog

from effects.base import Done, Failed, Outcome, World
from effects.registry import kind
from errors.work import LeaseLost, Stopping
from ledger import work
from ledger.database import Ledger
from ledger.leases import Lease
from ledger.models import EffectState
from ledger.plan import Effect
from ledger.work import Settled

THREADS = 32
"""Calls on their way at once; docs/benchmarks.md shows what fewer and more would do."""
TRIES = 5
"""How often one effect is sent or looked for in one run, until Google counts as away."""
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 60.0
"""Seconds; where Google asks for a longer one the job rests and the worker takes another."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Call:
    """Effects of one kind that travel together: to be applied, or to be probed."""

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
    """Applies one job's effects under its lease."""

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
        self.done: set[str] = set()
        self.flying: dict[Future[Sequence[Outcome | None]], Call] = {}
        self.refusal: dict[str, str] | None = None
        """Why an effect was refused; from then on nothing new goes out."""
        self.halt: Exception | None = None
        """Why it is of no use to go on in this run; what is open stays open."""

    def run(self) -> dict[str, str] | None:
        """Apply what is not done yet; return the sentence of a refusal, or None if all is done.

        Raises Stopping between effects when asked to, LeaseLost, TryLater when Google stays away,
        and whatever broke: then every effect is recorded as what is known of it, and another run
        goes on from there.
        """
        self._load()
        with ThreadPoolExecutor(THREADS, thread_name_prefix="effect") as pool:
            settled: list[Settled] = []
            while True:
                calls = self._next_calls()
                self._record(settled, calls)
                for call in calls:
                    self.flying[pool.submit(self._send, call)] = call
                if self.flying:
                    settled = self._land()
                elif self._ended():
                    break
                else:
                    settled = []
                    self.stop.wait(self._until_due())
        if self.refusal is None and (self.waiting or self.doubts):
            raise self.halt or Stopping()
        return self.refusal

    def _load(self) -> None:
        with self.ledger.read() as tx:
            steps = work.steps(tx, self.lease.job)
        for step in steps:
            match step.state:
                case EffectState.PLANNED:
                    self.waiting[step.effect.key] = step.effect
                case EffectState.INTENDED:
                    self.doubts[step.effect.key] = Doubt(step.effect, due=0)
                case EffectState.DONE:
                    self.done.add(step.effect.key)
                case EffectState.FAILED:
                    self.refusal = step.error

    def _ended(self) -> bool:
        halted = self.stop.is_set() or self.refusal or self.halt
        return bool(halted) or not (self.waiting or self.doubts)

    def _next_calls(self) -> list[Call]:
        """Choose what goes out now; calls that carry many go first, for more waits on them."""
        if self._ended():
            return []
        moment = time.monotonic()
        doubtful = [doubt.effect for doubt in self.doubts.values() if doubt.due <= moment]
        ready = [
            effect
            for effect in self.waiting.values()
            if self.done.issuperset(effect.after) and self.not_before.get(effect.key, 0) <= moment
        ]
        calls = [Call(name, effects, probe=True) for name, effects in _by_kind(doubtful)]
        calls += sorted(
            (Call(name, effects) for name, effects in _by_kind(ready)),
            key=lambda call: -len(call.effects),
        )
        chosen = calls[: THREADS - len(self.flying)]
        for call in chosen:
            for effect in call.effects:
                self.doubts.pop(effect.key, None) if call.probe else self.waiting.pop(effect.key)
        return chosen

    def _record(self, settled: list[Settled], calls: list[Call]) -> None:
        sends = [call for call in calls if not call.probe]
        if not settled and not sends:
            return
        with self.ledger.write() as tx:
            if settled:
                work.settle(tx, self.lease, settled)
            if sends:
                keys = [effect.key for call in sends for effect in call.effects]
                longest = max(kind(call.kind).deadline for call in sends)
                work.intend(tx, self.lease, keys, max(self.lease.seconds, longest))

    def _send(self, call: Call) -> Sequence[Outcome | None]:
        of = kind(call.kind)
        pairs = [(effect.key, of.data(effect)) for effect in call.effects]
        if not call.probe:
            return of.apply(pairs, self.world)
        return of.probe(pairs, self.world)

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
                self.doubts |= {effect.key: Doubt(effect, due=0) for effect in call.effects}
                self.halt = self.halt or error
                continue
            for effect, outcome in zip(call.effects, outcomes, strict=True):
                if (row := self._sort(effect, outcome)) is not None:
                    settled.append(row)
        return settled

    def _sort(self, effect: Effect, outcome: Outcome | None) -> Settled | None:
        """Return what is to be recorded of an effect; None while its outcome is open."""
        if outcome is None:  # probed, and not there: it is sent again
            self.waiting[effect.key] = effect
            return None
        if isinstance(outcome, Done):
            self.done.add(effect.key)
            return Settled(effect.key, link=outcome.link, facts=outcome.facts)
        error = outcome.error
        log.info("effect.not_done", kind=effect.kind, error=type(error).__name__)
        if error.permanent and isinstance(outcome, Failed):
            self.refusal = self.refusal or error.both()
            return Settled(effect.key, error=error.both())
        self.tries[effect.key] += 1
        pause = max(FIRST_PAUSE * 2 ** self.tries[effect.key], error.values.get("retry_after") or 0)
        if error.permanent or self.tries[effect.key] > TRIES or pause > LONGEST_PAUSE:
            self.halt = self.halt or error
        again = time.monotonic() + pause
        if isinstance(outcome, Failed):  # it did not happen
            self.waiting[effect.key] = effect
            self.not_before[effect.key] = again
        else:
            self.doubts[effect.key] = Doubt(effect, due=again)
        return None

    def _until_due(self) -> float | None:
        """Return the seconds until something that was put off may go out."""
        due = [doubt.due for doubt in self.doubts.values()]
        due += [self.not_before[key] for key in self.waiting if key in self.not_before]
        moment = time.monotonic()
        later = [at for at in due if at > moment]
        if later:
            return min(later) - moment
        return None if self.flying else 0.0


def _by_kind(effects: Sequence[Effect]) -> Iterator[tuple[str, tuple[Effect, ...]]]:
    """Split effects into calls: alike ones together, as many as their kind takes."""
    alike: defaultdict[str, list[Effect]] = defaultdict(list)
    for effect in effects:
        alike[effect.kind].append(effect)
    for name, some in alike.items():
        size = kind(name).batch
        for start in range(0, len(some), size):
            yield name, tuple(some[start : start + size])
