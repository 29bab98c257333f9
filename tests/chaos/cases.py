"""One victim at one point: struck there, outlived by the others, and compared."""

import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import zip_longest

import psutil

from ledger import documents
from tests.chaos.crash import HANG, KILL, STOP
from tests.chaos.house import House
from tests.chaos.picture import Picture, difference, forget_calls, pictures
from tests.chaos.spot import APPLY, UNDO
from tests.chaos.stories import BY_KIND, REMINDER, Story
from tests.scenario.room import Room

UNDISTURBED = "undisturbed"
AT_ONCE = 12
"""Cases side by side: as many as keep two cores busy while others wait for a lease to run out."""


@dataclass
class Case:
    """One victim, and the job it is struck in."""

    house: House
    kind: str
    way: str
    point: str = UNDISTURBED
    deed: str = ""
    rooms: dict[str, Room] = field(default_factory=dict)
    """The jobs: the one it is struck in, and the next one of a victim that woke up."""
    wrong: list[str] = field(default_factory=list)

    @property
    def story(self) -> Story:
        return BY_KIND[self.kind]

    @property
    def name(self) -> str:
        of = (self.kind, self.way, self.point, self.deed)
        return "-".join(("victim", *of)).strip("-").replace(" ", "-")

    def play(self) -> None:
        """Go through it; what does not come about is ``wrong``."""
        try:
            room = self.house.room()
            if self.point == UNDISTURBED:
                self._undisturbed(room)
            else:
                self._struck(room)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other cases go on
            self.wrong.append(f"{type(error).__name__}: {error}")

    def _undisturbed(self, room: Room) -> None:
        worker = self.name if self.story.sheets else None
        if worker:
            self.house.start_victim(worker, {}, self._sheets(room))
        try:
            self.house.await_end(self._job(room, worker), worker)
        finally:
            self._end(worker)
        self.house.await_end(self._next())

    def _struck(self, room: Room) -> None:
        house, victim = self.house, self.name
        orders = {name: getattr(self, name) for name in ("point", "kind", "way", "deed")}
        pulse = {"pulse_file": str(house.folder / "pulse")} if self.deed == HANG else {}
        house.start_victim(victim, orders, {**self._sheets(room), **pulse})
        try:
            job = self._job(room, victim)
            house.until(self._is_struck, f"{victim} at its point", victim=victim)
            house.await_end(job)
            if self.deed == STOP:
                before = house.rows(job)
                house.processes.signal(victim, signal.SIGCONT)
                # It finds out that it was outlived, and does its next job as if nothing had been.
                house.await_end(self._next(victim), victim)
                house.await_end(job)
                if house.rows(job) != before:
                    self.wrong.append("the woken victim wrote into a job that was another's")
        finally:
            self._end(victim)

    def _job(self, room: Room, victim: str | None) -> str:
        """Have a job asked for, and sent on the way that is meant; that is in the victim's hands.

        What comes before is too, where the plan is not shown before it is carried out.
        """
        house, story = self.house, self.story
        hands = victim if story.sheets or (self.way == APPLY and not story.approved) else None
        self._take(room, hands)
        job = story.ask(house, room)
        self.rooms[job] = room
        if story.approved:
            house.ring(hands)
            house.await_plan(job, hands)
            hands = victim if story.sheets or self.way == APPLY else None
            self._take(room, hands)
            house.apply(room, job)
        house.ring(hands)
        if self.way == UNDO:
            house.await_end(job, hands)
            self._take(room, victim)
            house.undo(room, job)
            house.ring(victim)
        return job

    def _sheets(self, room: Room) -> Mapping[str, str]:
        return self.story.sheets(self.house, room) if self.story.sheets else {}

    def _next(self, victim: str | None = None) -> str:
        room = self.house.room()
        self._take(room, victim)
        job = REMINDER.ask(self.house, room)
        self.rooms[job] = room
        self.house.ring(victim)
        return job

    def _take(self, room: Room, victim: str | None) -> None:
        if victim:
            self.house.custody.take(victim, room.space)

    def _end(self, victim: str | None) -> None:
        if victim:
            self.house.processes.signal(victim, signal.SIGKILL)
            self.house.processes.stop(victim)
            self.house.custody.release(victim)

    def _is_struck(self) -> bool:
        process = self.house.processes.running[self.name]
        code = process.poll()
        if self.deed == KILL:
            assert code in (None, -signal.SIGKILL), f"it ended by itself: {code}"
            return code is not None
        if self.deed == HANG:
            assert code in (None, 1), f"it ended in another way: {code}"
            return code is not None
        assert code is None, f"it ended by itself: {code}"
        return psutil.Process(process.pid).status() == psutil.STATUS_STOPPED


def play_all(house: House, kind: str, way: str, strikes: Sequence[tuple[str, str]]) -> list[str]:
    """Strike a victim at each point in each manner; return what is wrong, and where to look.

    Every job is compared with one of the same installation that nobody disturbed.
    """
    house.work_at(BY_KIND[kind].place(house))
    forget_calls(house)
    undisturbed = Case(house, kind, way)
    cases = [undisturbed, *(Case(house, kind, way, *strike) for strike in strikes)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(Case.play, cases))
    seen = pictures(house, {job: room for case in cases for job, room in case.rooms.items()})
    wanted = [seen[job] for job in undisturbed.rooms]
    for case in cases:
        for job, like in zip_longest(case.rooms, wanted[: len(case.rooms)]):
            case.wrong += difference(seen[job], like or Picture())
    with house.ledger.read() as tx:
        undisturbed.wrong += [f"broken link {number}" for number in documents.broken_links(tx)]
    return [_told(case) for case in cases if case.wrong]


def _told(case: Case) -> str:
    house = case.house
    where = f"jobs {[*case.rooms]} in {house.settings.database_url}, logs in {house.processes.logs}"
    begun = (house.processes.logs / f"{case.name}.log").exists()
    log = house.processes.tail(case.name) if begun else "its victim was never started"
    return "\n".join(
        [f"{case.point}, {case.kind}, {case.way}, {case.deed}:", *case.wrong, where, log]
    )
