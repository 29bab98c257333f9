"""What every kind of effect has; each kind is a module of its own beside this one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from cards.sentences import Noun
from errors import KakariError
from errors.google import OutcomeUnknown
from errors.settings import SettingsError
from errors.work import LeaseLost, Stopping
from ledger.database import Ledger
from ledger.leases import no_fence
from ledger.plan import Content, Effect
from workspace.caller import nobody_forbids
from workspace.drive import Drive
from workspace.sheets import Sheets


class Data(BaseModel):
    """What one kind of effect needs to know; the JSON in ``Effect.data``."""

    model_config = ConfigDict(frozen=True, extra="forbid")


D = TypeVar("D", bound=Data)
Facts = Mapping[str, Any]
"""What ``Done`` said when the effect was done."""


class Contents(Protocol):
    """Where an effect's bytes come from: the ledger's blobs and the templates."""

    def read(self, content: Content) -> bytes:
        """Return the bytes, slots bound. Raises TemplateChanged if they are no longer those."""
        ...


@dataclass(frozen=True)
class World:
    """What effects act on, made anew for each run of a job."""

    job: str
    contents: Contents
    drive: Drive | None = None
    """None where no Drive place is configured."""
    sheets: Sheets | None = None
    """None where no key of Google's is set."""
    ledger: Ledger | None = None
    """For the kinds that change what Kakari itself knows."""
    before_send: Callable[[float], None] = nobody_forbids
    """As ``Caller.before_send``, for the kinds that change the world without a call to Google."""
    attempt: int = 0
    """Which attempt at the job this is."""
    fence: Callable[[Session], None] = no_fence
    """Raises LeaseLost where the job is another attempt's now. What a kind writes into the ledger
    goes through it in the same transaction: a worker that was stopped may wake up at any point."""

    @property
    def google_drive(self) -> Drive:
        """The Drive an effect of a Drive kind acts on. Raises SettingsError if there is none."""
        if self.drive is None:
            raise SettingsError(
                problem="KAKARI_GOOGLE_KEY_FILE is empty, but this work is in Drive"
            )
        return self.drive

    @property
    def google_sheets(self) -> Sheets:
        """The Sheets an effect of a sheet's kind acts on. Raises SettingsError if there is none."""
        if self.sheets is None:
            raise SettingsError(problem="KAKARI_GOOGLE_KEY_FILE is empty, but this is in Sheets")
        return self.sheets

    @property
    def the_ledger(self) -> Ledger:
        assert self.ledger is not None, "a worker gives its ledger to the effects"
        return self.ledger


@dataclass(frozen=True)
class Done:
    """It is there: ``link`` for people, ``facts`` for the audit."""

    link: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Failed:
    """It was refused and did not happen."""

    error: KakariError


@dataclass(frozen=True)
class Unknown:
    """It may have happened: the answer did not come. It is probed before anything is sent again."""

    error: KakariError


Outcome = Done | Failed | Unknown


@dataclass(frozen=True)
class Undone:
    """It is no longer there: trashed, deleted, or it never was."""


@dataclass(frozen=True)
class Left:
    """It was left as it is; the sentence says why: a person has changed it since, say."""

    why: KakariError


Undoing = Undone | Left | Unknown
"""``Unknown``: whether it was undone is open, or could not be found out; it is sent again."""


class Reversal(StrEnum):
    """What can be done about an effect afterwards; people see it before they ask for it."""

    REVERSIBLE = "reversible"
    """It is taken back as if it had not been."""
    COMPENSABLE = "compensable"
    """Something else makes good for it; both remain visible."""
    FINAL = "final"


def outcome_of(error: KakariError, *, looking: bool = False) -> Failed | Unknown:
    """Return what an error means for the effect it befell, or that was only looked for.

    What ends the whole run (LeaseLost, Stopping) concerns no single effect and is raised again.
    """
    if isinstance(error, LeaseLost | Stopping):
        raise error
    return Unknown(error) if looking or isinstance(error, OutcomeUnknown) else Failed(error)


def undoing_of(error: KakariError, *, looking: bool = False) -> Left | Unknown:
    """Return what an error means for the effect it kept from being undone, or looked at.

    What ends the whole run (LeaseLost, Stopping) concerns no single effect and is raised again.
    """
    if isinstance(error, LeaseLost | Stopping):
        raise error
    return Unknown(error) if looking or not error.permanent else Left(error)


class Kind(Generic[D]):
    """One way of changing the world.

    An effect's identity at its target (an id we chose, a path and hash) makes a second send
    refused or harmless; ``probe`` asks by it whether an earlier attempt got through.
    """

    name: ClassVar[str]
    noun: ClassVar[Noun]
    sign: ClassVar[str]
    """A pictogram before its line in a list, the same in every language."""
    deadline: ClassVar[float]
    """Seconds that one call takes at the most; a call starts only if the lease outlasts it."""
    batch: ClassVar[int] = 1
    """How many effects of this kind may travel in one call."""
    at_once: ClassVar[int | None] = None
    """How many of these calls may be on their way at once, if fewer than of any kind."""
    undo_batch: ClassVar[int] = 1
    """How many may be undone in one call."""
    undo_deadline: ClassVar[float] = 0.0
    """Seconds that one such call takes at the most."""
    identity: ClassVar[bool] = True
    """Whether ``probe`` can tell. A kind without is sent at most once: when its outcome stays
    unknown, the job stops and asks a person."""
    reversal: ClassVar[Reversal] = Reversal.FINAL
    Data: type[D]

    def data(self, effect: Effect) -> D:
        return self.Data.model_validate(effect.data)

    def line(self, data: D) -> str:
        """Return what “Show all” says of one effect, in no language: a path, a row's key."""
        raise NotImplementedError

    def apply(self, effects: Sequence[tuple[str, D]], world: World) -> list[Outcome]:
        """Do it, for up to ``batch`` effects given as (key, data); one outcome each, in order.

        What may be tried again at once is tried here; nothing is raised for one effect's sake.
        """
        raise NotImplementedError

    def probe(self, effects: Sequence[tuple[str, D]], world: World) -> list[Outcome | None]:
        """Ask whether an earlier attempt got through: Done, or None where it is not there.

        Failed where something else has its place, Unknown where the question had no answer.
        """
        raise NotImplementedError

    def undo(self, effects: Sequence[tuple[D, Facts]], world: World) -> list[Undoing]:
        """Take it back, for up to ``undo_batch`` effects that were done; one outcome each, in order.

        Everything that was made inside it has been undone or left before. What a person has
        changed, moved, or put into it since stays. Doing it twice does no more than once: an
        effect that is not there any more is ``Undone``. A kind whose ``reversal`` is FINAL has
        none.
        """
        raise NotImplementedError
