"""Takes one job a step further: plans it, or applies its plan."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy.exc import DBAPIError

from effects.base import World
from errors import KakariError
from errors.work import LeaseLost, Stopping, TemplateChanged, TriedTooOften
from ledger import jobs, leases, owed, work
from ledger.bell import Bell
from ledger.database import Ledger, now
from ledger.leases import Lease
from ledger.models import EffectState, Job, JobState
from ledger.plan import Content
from tasks.base import Look, Setting
from tasks.registry import all_tasks
from worker.applying import Applying
from worker.contents import StoredContents
from worker.hold import Hold
from worker.postman import Postman
from worker.undoing import TakingBack
from workspace.caller import Caller
from workspace.drive import Drive
from workspace.sheets import Sheets

REST = 30.0
"""Seconds a job lies when it cannot go on just now, before a worker tries again."""
LONGEST_WAIT = timedelta(days=1)
"""How long a job waits for something outside, such as Google, until it fails."""

log = structlog.get_logger()


class Runner:
    """Claims jobs and works on them, one at a time."""

    def __init__(
        self,
        ledger: Ledger,
        bell: Bell,
        postman: Postman,
        setting: Setting,
        drive: Callable[[Caller], Drive] | None,
        owner: str,
        attempts: int,
        lease_seconds: float,
        sheets: Callable[[Caller], Sheets] | None = None,
    ) -> None:
        """Make a runner; ``attempts`` without a new outcome make a job fail."""
        self.ledger = ledger
        self.bell = bell
        self.postman = postman
        self.setting = setting
        self.drive = drive
        self.sheets = sheets
        self.owner = owner
        self.attempts = attempts
        self.lease_seconds = lease_seconds

    def run_one(self, stop: threading.Event) -> bool:
        """Claim a job and take it one step further; False if no job wants a worker."""
        with self.ledger.write() as tx:
            claimed = leases.claim(tx, self.owner, self.lease_seconds)
        if claimed is None:
            return False
        lease, job = claimed
        with structlog.contextvars.bound_contextvars(job=job.id, attempt=lease.attempt):
            log.info("job.claimed", task=job.task, state=job.state)
            self._step(lease, job, stop)
        self.postman.wake()
        return True

    def _step(self, lease: Lease, job: Job, stop: threading.Event) -> None:
        hold = Hold(self.ledger, lease, self.postman, stop)
        try:
            if job.fruitless > self.attempts:
                raise TriedTooOften(attempts=self.attempts)
            with hold.kept():
                match job.state:
                    case JobState.PLANNING:
                        self._plan(lease, job, hold)
                    case JobState.UNDOING:
                        self._undo(lease, job, hold, stop)
                    case _:
                        self._apply(lease, job, hold, stop)
        except LeaseLost:
            log.warning("job.lease_lost")
        except DBAPIError as error:
            # Nothing can be written just now; the lease runs out and the clock rings again.
            log.warning("job.ledger_away", error=type(error).__name__)
        except Stopping:
            with suppress(LeaseLost), self.ledger.write() as tx:
                leases.give_back(tx, lease)
            self.bell.ring()
            log.info("job.given_back")
        except KakariError as error:
            self._stumbled(lease, job, error)
        except Exception:
            # A mistake of ours, most likely; a few attempts tell it from bad luck.
            log.exception("job.broke")
            with suppress(LeaseLost), self.ledger.write() as tx:
                leases.rest(tx, lease, REST)

    def _stumbled(self, lease: Lease, job: Job, error: KakariError) -> None:
        log.warning("job.stumbled", error=type(error).__name__)
        began = max(job.since, job.not_before or job.since)
        waited_too_long = now() - began > LONGEST_WAIT
        with suppress(LeaseLost), self.ledger.write() as tx:
            if error.permanent or waited_too_long:
                jobs.fail(tx, lease, error.both())
            else:
                leases.rest(tx, lease, REST, waits_for=error.both())
                owed.owe_edit(tx, lease.job)

    def _plan(self, lease: Lease, job: Job, hold: Hold) -> None:
        task = all_tasks()[job.task]
        look = Look(
            self.setting,
            self._drive(hold),
            self._sheets(hold),
            self.ledger,
            job.id,
            lease.attempt,
            partial(leases.fence, lease=lease),
        )
        plan = task.plan(task.Request.model_validate(job.request), look)
        approval = task.approval or plan.asks
        with self.ledger.write() as tx:
            jobs.planned(tx, lease, plan, look.blobs, approval=approval)
        log.info("job.planned", effects=len(plan.effects))
        if not approval and (plan.not_before is None or plan.not_before <= now()):
            self.bell.ring()  # else the clock does, when the time has come

    def _apply(self, lease: Lease, job: Job, hold: Hold, stop: threading.Event) -> None:
        if job.state == JobState.QUEUED and not self._as_approved(job):
            with self.ledger.write() as tx:
                jobs.plan_again(tx, lease)
            self.bell.ring()
            return
        with self.ledger.write() as tx:
            if job.state == JobState.QUEUED:
                jobs.running(tx, lease)
            else:
                leases.say_waiting(tx, lease, None)
        self.postman.wake()
        world = self._world(lease, job, hold)
        ending = Applying(self.ledger, lease, world, stop).run()
        with self.ledger.write() as tx:
            if ending.refusal is not None:
                jobs.fail(tx, lease, ending.refusal)
            elif ending.unsure:
                jobs.ask_back(tx, lease)
            elif ending.cancelled:
                jobs.stop(tx, lease)
            else:
                jobs.finish(tx, lease)
        log.info("job.ended", refused=ending.refusal is not None, cancelled=ending.cancelled)

    def _undo(self, lease: Lease, job: Job, hold: Hold, stop: threading.Event) -> None:
        with self.ledger.write() as tx:
            leases.say_waiting(tx, lease, None)
        world = self._world(lease, job, hold)
        TakingBack(self.ledger, lease, world, stop).run()
        with self.ledger.write() as tx:
            jobs.undone(tx, lease)
        log.info("job.undone")

    def _world(self, lease: Lease, job: Job, hold: Hold) -> World:
        return World(
            job=job.id,
            contents=self._contents(job),
            drive=self._drive(hold),
            sheets=self._sheets(hold),
            ledger=self.ledger,
            before_send=hold.caller.before_send,
            attempt=lease.attempt,
            fence=partial(leases.fence, lease=lease),
        )

    def _contents(self, job: Job) -> StoredContents:
        return StoredContents(self.ledger, self.setting.templates, job.bindings)

    def _as_approved(self, job: Job) -> bool:
        """Say whether the templates' files are still those that were approved."""
        with self.ledger.read() as tx:
            steps = work.steps(tx, job.id)
        if any(step.state != EffectState.PLANNED for step in steps):
            return True  # it has begun, and goes on with what it finds
        try:
            for step in steps:
                named = step.effect.data.get("content")
                if isinstance(named, dict) and named.get("template"):
                    self._contents(job).read(Content.model_validate(named))
        except TemplateChanged:
            log.info("job.template_changed")
            return False
        return True

    def _drive(self, hold: Hold) -> Drive | None:
        return self.drive(hold.caller) if self.drive else None

    def _sheets(self, hold: Hold) -> Sheets | None:
        return self.sheets(hold.caller) if self.sheets else None
