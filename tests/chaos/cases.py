"""One victim at one point: struck there, outlived by the others, and compared."""

import signal
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psutil

from tests.chaos.crash import KILL, STOP
from tests.chaos.house import House
from tests.chaos.picture import Picture, difference, pictures, sheet_writes
from tests.chaos.sheet import SYNCED, Rows
from tests.chaos.spot import UNDO
from tests.scenario.room import Room

UNDISTURBED = "undisturbed"


@dataclass
class Case:
    """One victim, and the job it is struck in."""

    house: House
    point: str
    kind: str
    way: str
    deed: str
    rooms: dict[str, Room] = field(default_factory=dict)
    """The jobs: the one it is struck in, and the next one of a victim that woke up."""
    writes: int = 0
    """Writes into the sheet while it was played, where it was the only one."""
    wrong: list[str] = field(default_factory=list)

    @property
    def victim(self) -> str:
        return f"victim-{self.way}-{self.kind}-{self.point}-{self.deed}".replace(" ", "-")

    def play(self) -> None:
        """Go through it; what does not come about is ``wrong``."""
        before = sheet_writes(self.house)
        try:
            if self.point == UNDISTURBED:
                self.house.await_end(self._job())
            else:
                self._struck()
        except Exception as error:  # noqa: BLE001 - whatever it is, the other cases go on
            self.wrong.append(f"{type(error).__name__}: {error}")
        self.writes = sheet_writes(self.house) - before
        self._agree()

    def _struck(self) -> None:
        house, victim = self.house, self.victim
        orders = {name: getattr(self, name) for name in ("point", "kind", "way", "deed")}
        house.start_victim(victim, orders)
        try:
            job = self._job(victim)
            house.until(self._is_struck, f"{victim} at its point", victim=victim)
            house.await_end(job)
            if self.deed == STOP:
                before = house.rows(job)
                house.processes.signal(victim, signal.SIGCONT)
                # It finds out that it was outlived, and does its next job as if nothing had been.
                house.await_end(self._job(victim), victim)
                if house.rows(job) != before:
                    self.wrong.append("the woken victim wrote into a job that was another's")
        finally:
            house.processes.signal(victim, signal.SIGKILL)
            house.processes.stop(victim)
            house.custody.release(victim)

    def _job(self, victim: str | None = None) -> str:
        """Have a job asked for, and sent on its way; all in the victim's hands if one is named."""
        house, room = self.house, self.house.room()
        if victim:
            house.custody.take(victim, room.space)
        job = self._sync(room) if self.kind in SYNCED else self._project(room, victim)
        house.ring(victim)
        if self.way == UNDO:
            house.await_end(job, victim)
            house.undo(room, job)
            house.ring(victim)
        return job

    def _project(self, room: Room, victim: str | None) -> str:
        house = self.house
        job = house.ask(room)
        self.rooms[job] = room
        house.ring(victim)
        house.await_plan(job, victim)
        house.apply(room, job)
        return job

    def _sync(self, room: Room) -> str:
        self._agree()
        Rows(self.house, room).disagree()
        job = self.house.sync(room)
        self.rooms[job] = room
        return job

    def _agree(self) -> None:
        """Bring in step again what was taken back, for the syncs that follow."""
        if self.kind in SYNCED and self.way == UNDO:
            for room in self.rooms.values():
                Rows(self.house, room).agree()

    def _is_struck(self) -> bool:
        process = self.house.processes.running[self.victim]
        code = process.poll()
        if self.deed == KILL:
            assert code in (None, -signal.SIGKILL), f"it ended by itself: {code}"
            return code is not None
        assert code is None, f"it ended by itself: {code}"
        return psutil.Process(process.pid).status() == psutil.STATUS_STOPPED


def play_all(house: House, kind: str, way: str, deed: str, points: Iterable[str]) -> list[str]:
    """Strike a victim at each point, side by side; return what is wrong, and where to look.

    There is one sync at a time, so those go one after the other.

    Every job is compared with one of the same installation that nobody disturbed.
    """
    alone = kind in SYNCED
    cases = [Case(house, point, kind, way, deed) for point in (UNDISTURBED, *points)]
    with ThreadPoolExecutor(1 if alone else len(cases)) as pool:
        list(pool.map(Case.play, cases))
    seen = pictures(house, {job: room for case in cases for job, room in case.rooms.items()})
    undisturbed = next((seen[job] for job in cases[0].rooms), Picture())
    for case in cases:
        for job in case.rooms:
            case.wrong += difference(seen[job], undisturbed)
        if alone and case.writes != cases[0].writes * len(case.rooms):
            case.wrong.append(f"{case.writes} writes into the sheet for {len(case.rooms)} jobs")
    return [_told(case) for case in cases if case.wrong]


def _told(case: Case) -> str:
    house = case.house
    where = f"jobs {[*case.rooms]} in {house.settings.database_url}, logs in {house.processes.logs}"
    log = house.processes.tail(case.victim) if case.point != UNDISTURBED else ""
    return "\n".join(
        [f"{case.point}, {case.kind}, {case.way}, {case.deed}:", *case.wrong, where, log]
    )
