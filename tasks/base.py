"""What a task declares. From it come its command, help, dialog, validation and permission."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from sqlalchemy.orm import Session

from cards.questions import Question
from cards.sentences import Sentence
from errors.settings import SettingsError
from ledger.database import Ledger
from ledger.leases import no_fence
from ledger.models import Job
from ledger.plan import Content, Plan
from money.amount import Money
from tasks.document_sheets import DocumentSheets
from tasks.schedule_file import ScheduleFile
from workspace.drive import Drive
from workspace.sheets import Sheets

TOKYO = ZoneInfo("Asia/Tokyo")


class Request(BaseModel):
    """What a person asks for. Each field that a person fills in carries an ``Ask``."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


R = TypeVar("R", bound=Request)


@dataclass(frozen=True)
class Page:
    """One dialog page: its model, and what was answered before, by which it is checked.

    The model is made once for all people; what one person answered comes in as context.
    """

    model: type[Request]
    before: Mapping[str, Any] = field(default_factory=dict)

    @property
    def model_fields(self) -> dict[str, FieldInfo]:
        return self.model.model_fields

    def model_validate(self, answers: Mapping[str, Any]) -> Request:
        """Return the page filled in. Raises pydantic's ValidationError."""
        return self.model.model_validate(answers, context=self.before)


Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Walk(Generic[R]):
    """How far a dialog has come."""

    answers: tuple[Answers, ...]
    """The pages that were filled in, validated, as JSON can carry them."""
    page: Page | None
    """The page that comes next; None at the end."""
    request: R | None = None
    """What is asked for, at the end."""


@dataclass(frozen=True)
class Ask:
    """How a field is asked for in the dialog; stands in the field's ``Annotated``.

    Choices are (value, label) pairs. The widget follows from the field's type: text, number,
    switch, and a list where there are choices.
    """

    label: Sentence
    hint: Sentence | None = None
    choices: tuple[tuple[str, Sentence], ...] = ()
    lines: int = 1
    """More than one: a text area."""


@dataclass(frozen=True)
class Setting:
    """What the deployer decided that tasks need to know."""

    place: str
    """Where projects go: ``drive:<folder id>`` or ``disk:<absolute path>``."""
    templates: Path
    """The folder with ``projects/<name>/`` in it."""
    number_pattern: str = "P-{year}-{number:04}"
    zone: ZoneInfo = TOKYO
    """The office's clock."""
    schedule: ScheduleFile | None = None
    """Which sheet is kept in step; None where there is none."""
    document_sheets: DocumentSheets = field(default_factory=DocumentSheets)
    """Where documents are registered, and where prices and parties stand."""
    simulated: bool = False
    """Whether this is a simulated office, in which a made-up firm may issue documents."""


@dataclass
class Look:
    """What a task may look at while it plans; what it renders goes into ``blobs``."""

    setting: Setting
    drive: Drive | None = None
    sheets: Sheets | None = None
    ledger: Ledger | None = None
    """What Kakari knows; only what a task remembers of its looks is written there."""
    job: str = ""
    attempt: int = 0
    """Which attempt at the job this is."""
    fence: Callable[[Session], None] = no_fence
    """Raises LeaseLost where the job is another attempt's now; what is remembered goes through it
    in the same transaction."""
    blobs: dict[str, bytes] = field(default_factory=dict)

    @property
    def google_sheets(self) -> Sheets:
        """Raises SettingsError where no key of Google's is set."""
        if self.sheets is None:
            raise SettingsError(problem="KAKARI_GOOGLE_KEY_FILE is empty, but this is in Sheets")
        return self.sheets

    @property
    def the_ledger(self) -> Ledger:
        assert self.ledger is not None, "a worker gives its ledger to what plans"
        return self.ledger

    def keep(self, data: bytes, *, slots: bool = False) -> Content:
        """Keep rendered bytes for the plan and return their name."""
        content = Content.of(data, slots=slots)
        self.blobs[content.sha256] = data
        return content


@dataclass(frozen=True)
class Next:
    """What is offered on the card when a job is done: another task's form, filled in."""

    label: Sentence
    task: str
    text: str
    """As if it were typed behind the task's command."""


@dataclass(frozen=True)
class Reason:
    """What is said to a person who takes something back and is asked why."""

    note: Sentence
    instead: tuple[Next, ...] = ()
    """What may be the better thing to do."""


class Task(Generic[R]):
    """A kind of work that can be asked for; an instance stands as TASK in ``tasks/<name>/``."""

    name: ClassVar[str]
    """The word people type: ``/project`` and “@Kakari project”."""
    command_id: ClassVar[int]
    """The number in Google's Chat API configuration, 1 to 1000."""
    title: ClassVar[Sentence]
    about: ClassVar[Sentence]
    """One line of help, 50 characters at the most: Google shows it beside the command."""
    words: ClassVar[tuple[str, ...]] = ()
    """Other words people use for it in a mention."""
    approval: ClassVar[bool] = True
    """Whether a person looks at the plan before it is applied."""
    dialog: ClassVar[bool] = True
    """Whether a dialog asks for it. Where none does, ``parse`` reads it from the one line typed."""
    Request: type[R]

    def walk(self, pages: Sequence[Answers], setting: Setting) -> Walk[R]:
        """Walk through the dialog's pages as far as they are filled in; one page, if no more.

        Raises pydantic's ValidationError for the first page that is filled in wrongly.
        """
        if not pages:
            return Walk((), Page(self.Request))
        request = self.Request.model_validate(pages[0])
        return Walk((request.model_dump(mode="json"),), None, request)

    def pages(self, request: R) -> list[Answers]:
        """Return the pages' answers again, to edit a request."""
        return [request.model_dump()]

    def recall(self, tx: Session, pages: Sequence[Answers], given: Answers) -> Answers:
        """Return what the ledger knows for the page after these, of which ``given`` is said."""
        return {}

    def prefill(self, text: str) -> Answers:
        """Return what the words behind the command already say of the first page."""
        for name, field_ in self.Request.model_fields.items():
            if field_.annotation is str and text:
                return {name: text}
        return {}

    def parse(self, text: str, moment: datetime, setting: Setting) -> R:
        """Read the request from the words behind the command, typed at this moment.

        Raises an AskingError where they do not say what is needed.
        """
        raise NotImplementedError

    def subject(self, request: R) -> str:
        """Return the few words that tell this request from others in a list."""
        raise NotImplementedError

    def plan(self, request: R, look: Look) -> Plan:
        """Look, and return everything that would be done. Changes nothing."""
        raise NotImplementedError

    def sums(self, plan: Plan) -> Sequence[Money]:
        """Return every sum that the plan is about, by which the office says who approves.

        Each counts by itself, and as it is: what one takes back the other has not given.
        """
        return () if plan.amount is None else (Money(plan.amount),)

    def questions(self, tx: Session, job: Job, locale: str) -> Sequence[Question]:
        """Return what only a person can decide once the job has ended; its card asks it."""
        return ()

    def told(self, plan: Plan, locale: str) -> list[str]:
        """Return what the card says of the plan before it lists its effects."""
        return []

    def follows(self, bindings: Mapping[str, str]) -> Next | None:
        """Return what people may want next of what was done, given the slots' values."""
        return None

    def reason(self, bindings: Mapping[str, str]) -> Reason | None:
        """Return what to say when what was done is taken back; None if no reason is wanted."""
        return None

    def standing(self, tx: Session, job: Job, locale: str) -> Sequence[str]:
        """Return what the card says of a job that ended half-way: what stands, and what does not."""
        return ()

    def result(self, request: R, locale: str) -> str | None:
        """Return what is told at the end, if that is more than what was done."""
        return None
